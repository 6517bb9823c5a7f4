import { ModelError, type NeuronModel, type ParsedModel, parseModel } from '../../kernels/compile/index.js';
import { UsageError } from '../util/errors.js';
import {
  requireConnector,
  requireDelays,
  requireDraw,
  requireInitial,
  requireOneEach,
  requireParameters,
  requireReceptor,
  requireWhole,
} from './checks.js';
import { type Connector, listed } from './connectors.js';
import { type Draw, isGiven, type PerSynapse } from './distributions.js';
import type {
  CurrentInput,
  PoissonInput,
  Population,
  PopulationOptions,
  Projection,
  ProjectionOptions,
} from './elements.js';
import { requireShortTerm, requireStdp } from './plasticity.js';
import { requireSteps, spikeSourceModel, spikeSteps } from './sources.js';
import { requireTrials } from './trials.js';

/**
 * A network as it is described: populations, projections and input. Everything is checked here, so that an
 * engine meets no surprise; nothing is built yet.
 */
export class Network {
  readonly name: string;
  readonly seed: number;
  readonly dtMs: number;
  readonly populations: Population[] = [];
  readonly projections: Projection[] = [];
  readonly poissonInputs: PoissonInput[] = [];
  readonly currentInputs: CurrentInput[] = [];

  constructor({ name, seed = 1, dtMs = 0.1 }: { name: string; seed?: number; dtMs?: number }) {
    if (!(dtMs > 0 && Number.isFinite(dtMs)))
      throw new UsageError(`the time step is ${dtMs} ms`, 'dtMs', 'Give a positive number.');
    this.name = name;
    this.seed = seed;
    this.dtMs = dtMs;
  }

  /** Adds a population of `size` neurons of `model`. */
  population(
    name: string,
    size: number,
    model: NeuronModel,
    { parameters = {}, initial = {}, trials }: PopulationOptions = {},
  ): Population {
    const where = `population '${name}'`;
    if (this.populations.some((other) => other.name === name))
      throw new UsageError('the name is taken', where, 'Give every population a name of its own.');
    requireWhole(size, 1, `${where}, size`);
    const parsed = parse(model);
    requireParameters(parsed, parameters, size, where);
    requireInitial(parsed, initial, where);
    if (trials !== undefined) requireTrials(trials, this.dtMs, `${where}, trials`);
    const population = {
      name,
      size,
      model,
      parsed,
      parameters,
      initial,
      spikes: null,
      trials: trials ?? null,
    };
    this.populations.push(population);
    return population;
  }

  /** Adds neurons that spike at given times: timesMs[i] are those of neuron i, which a step (dtMs) separates at least. */
  spikeSource(name: string, timesMs: readonly ArrayLike<number>[]): Population {
    const steps = timesMs.map((times, i) =>
      spikeSteps(times, this.dtMs, `spike source '${name}', neuron ${i}`),
    );
    const population = this.population(name, timesMs.length, spikeSourceModel);
    const source = { ...population, spikes: steps };
    this.populations[this.populations.indexOf(population)] = source;
    return source;
  }

  /** Adds synapses from `source` to `target`. */
  connect(
    source: Population,
    target: Population,
    connector: Connector,
    options: ProjectionOptions,
  ): Projection {
    const name = options.name ?? this.freeName(`${source.name}→${target.name}`);
    const where = `projection '${name}'`;
    for (const population of [source, target]) this.requireOwn(population, where);
    const receptor = requireReceptor(target, options.receptor, where);
    const { autapses = true, multapses = true, plasticity = null, shortTerm = null } = options;
    const [weight, delayMs] = [perSynapse(options.weight), perSynapse(options.delayMs)];
    requireDraw(weight, `${where}, weight`);
    requireDraw(delayMs, `${where}, delayMs`);
    requireDelays(delayMs, this.dtMs, `${where}, delayMs`);
    requireConnector(connector, { source, target, autapses, multapses }, where);
    const given = isGiven(weight) || isGiven(delayMs);
    const noAutapses = !autapses && source === target;
    const pairs = given
      ? listed(connector, { sources: source.size, targets: target.size, noAutapses })
      : connector;
    requireOneEach(pairs, weight, `${where}, weight`);
    requireOneEach(pairs, delayMs, `${where}, delayMs`);
    if (plasticity !== null) requireStdp(plasticity, weight, this.dtMs, where);
    if (shortTerm !== null) requireShortTerm(shortTerm, where);
    const drawn = { name, source, target, connector: pairs, receptor, weight, delayMs, autapses, multapses };
    const projection = { ...drawn, plasticity, shortTerm };
    this.projections.push(projection);
    return projection;
  }

  /** Gives every neuron of `target` Poisson input of its own: events at `rateHz`, each with `weight`. */
  poisson(
    target: Population,
    { name, receptor, rateHz, weight }: { name?: string; receptor?: string; rateHz: number; weight: number },
  ): PoissonInput {
    const input = name ?? this.freeName(`poisson→${target.name}`);
    const where = `input '${input}'`;
    this.requireOwn(target, where);
    if (!(rateHz >= 0 && Number.isFinite(rateHz)))
      throw new UsageError(`the rate is ${rateHz} Hz`, `${where}, rateHz`, 'Give a rate of 0 or more.');
    if ((rateHz * this.dtMs) / 1000 > 200)
      throw new UsageError(
        `${rateHz} Hz are over 200 events a step`,
        `${where}, rateHz`,
        'Shorten the time step.',
      );
    requireDraw(weight, `${where}, weight`);
    const poisson = {
      name: input,
      target,
      receptor: requireReceptor(target, receptor, where),
      rateHz,
      weight,
    };
    this.poissonInputs.push(poisson);
    return poisson;
  }

  /**
   * Injects a current that changes in steps: values[i] from timesMs[i] on, in the unit of the parameter, 0 before the
   * first. It is added to the population's own value of the parameter and to what else is injected.
   */
  current(
    target: Population,
    {
      name,
      parameter = 'I',
      neurons = null,
      timesMs,
      values,
    }: {
      name?: string;
      parameter?: string;
      neurons?: readonly number[] | null;
      timesMs: readonly number[];
      values: readonly number[];
    },
  ): CurrentInput {
    const input = name ?? this.freeName(`current→${target.name}`);
    const where = `input '${input}'`;
    this.requireOwn(target, where);
    if (!target.parsed.parameters.has(parameter))
      throw new UsageError(
        `'${target.model.name}' has no parameter '${parameter}'`,
        `${where}, parameter`,
        `It has ${[...target.parsed.parameters.keys()].join(', ')}.`,
      );
    if (target.trials !== null)
      throw new UsageError(
        `population '${target.name}' is set back at every trial, and a current that is injected with it`,
        where,
        'Give the parameter to the population, or leave out its trials.',
      );
    requireSteps({ timesMs, values, neurons }, target.size, where);
    const current = { name: input, target, parameter, neurons, timesMs, values };
    this.currentInputs.push(current);
    return current;
  }

  /** Injects a direct current from `startMs` until `stopMs`, in the unit of the parameter. */
  direct(
    target: Population,
    {
      amplitude,
      startMs = 0,
      stopMs = Number.POSITIVE_INFINITY,
      ...rest
    }: {
      amplitude: number;
      startMs?: number;
      stopMs?: number;
      name?: string;
      parameter?: string;
      neurons?: readonly number[] | null;
    },
  ): CurrentInput {
    const ends = Number.isFinite(stopMs);
    return this.current(target, {
      ...rest,
      timesMs: ends ? [startMs, stopMs] : [startMs],
      values: ends ? [amplitude, 0] : [amplitude],
    });
  }

  private requireOwn(population: Population, where: string): void {
    if (!this.populations.includes(population))
      throw new UsageError(
        `population '${population.name}' belongs to another network`,
        where,
        `Use the populations of '${this.name}'.`,
      );
  }

  private freeName(wanted: string): string {
    const named = [...this.projections, ...this.poissonInputs, ...this.currentInputs];
    const taken = new Set(named.map(({ name }) => name));
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted} ${i}`;
    return name;
  }
}

function parse(model: NeuronModel): ParsedModel {
  try {
    return parseModel(model);
  } catch (error) {
    if (error instanceof ModelError)
      throw new UsageError(error.reason, `neuron model '${error.model}', "${error.line}"`, 'Mend the model.');
    throw error;
  }
}

/** A value for each synapse is kept as it was when it was given. */
function perSynapse(value: Draw | ArrayLike<number>): PerSynapse {
  return typeof value === 'object' && 'length' in value
    ? { kind: 'given', values: Float64Array.from(value) }
    : value;
}
