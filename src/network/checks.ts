/** What is checked when a network is described: each throws a UsageError that names the field. */

import type { ParsedModel } from '../../kernels/compile/index.js';
import { UsageError } from '../util/errors.js';
import type { Connector } from './connectors.js';
import { type Draw, isGiven, type PerSynapse, rangeOf } from './distributions.js';
import type { Population, PopulationOptions, Projection } from './elements.js';

export function requireParameters(
  parsed: ParsedModel,
  parameters: NonNullable<PopulationOptions['parameters']>,
  size: number,
  where: string,
): void {
  for (const [parameter, value] of Object.entries(parameters)) {
    const field = `${where}, parameter '${parameter}'`;
    if (!parsed.parameters.has(parameter))
      throw new UsageError(
        `'${parsed.name}' has no such parameter`,
        field,
        `It has ${[...parsed.parameters.keys()].join(', ')}.`,
      );
    const values = typeof value === 'number' ? [value] : Array.from(value);
    if (typeof value !== 'number' && values.length !== size)
      throw new UsageError(`${values.length} values for ${size} neurons`, field, 'Give one for each neuron.');
    if (!values.every(Number.isFinite)) throw new UsageError('a value is not finite', field, 'Give numbers.');
  }
}

export function requireInitial(parsed: ParsedModel, initial: Record<string, Draw>, where: string): void {
  for (const [state, draw] of Object.entries(initial)) {
    const field = `${where}, initial '${state}'`;
    if (!parsed.initial.has(state))
      throw new UsageError(
        `'${parsed.name}' has no such state variable`,
        field,
        `It has ${[...parsed.initial.keys()].join(', ')}.`,
      );
    requireDraw(draw, field);
  }
}

/** Steps in a time that is to be simulated. @throws UsageError if it is not finite, or less than none */
export function stepsOf(ms: number, dtMs: number): number {
  if (!(ms >= 0 && Number.isFinite(ms)))
    throw new UsageError(`${ms} ms cannot be simulated`, 'run', 'Give a time of 0 ms or more.');
  return Math.round(ms / dtMs);
}

export function requireWhole(value: number, least: number, where: string): void {
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${value} is not a whole number of at least ${least}`, where, 'Give one.');
}

export function requireOneEach(connector: Connector, value: PerSynapse, where: string): void {
  if (!isGiven(value)) return;
  if (connector.kind !== 'list')
    throw new UsageError(
      `a value for each synapse, of a connector that draws them (${connector.kind})`,
      where,
      'Give a list of synapses, all to all or one to one.',
    );
  const synapses = connector.sources.length;
  if (value.values.length !== synapses)
    throw new UsageError(`${value.values.length} values for ${synapses} synapses`, where, 'Give one each.');
}

export function requireDraw(draw: PerSynapse, where: string): void {
  // Scripts in JavaScript meet no type that says so.
  if (draw === undefined) throw new UsageError('it is missing', where, 'Give a number or a distribution.');
  if (typeof draw === 'number') {
    if (!Number.isFinite(draw)) throw new UsageError(`${draw} is not finite`, where, 'Give a number.');
    return;
  }
  if (isGiven(draw)) {
    const wrong = draw.values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new UsageError(`value ${wrong} is ${draw.values[wrong]}`, where, 'Give finite numbers.');
    return;
  }
  if (!Number.isFinite(draw.a) || !Number.isFinite(draw.b) || !(draw.low <= draw.high))
    throw new UsageError(
      `the distribution ${JSON.stringify(draw)} is not one`,
      where,
      'Give finite parameters.',
    );
  if (draw.kind !== 'uniform' && draw.b < 0)
    throw new UsageError(`the standard deviation is ${draw.b}`, where, 'Give 0 or more.');
}

export function requireReceptor(target: Population, receptor: string | undefined, where: string): string {
  const names = target.parsed.receptors.map(({ name }) => name);
  if (receptor === undefined && names.length === 1) return names[0];
  if (receptor === undefined || !names.includes(receptor))
    throw new UsageError(
      receptor === undefined
        ? 'no receptor is given'
        : `'${target.model.name}' has no receptor '${receptor}'`,
      `${where}, receptor`,
      `Choose one of ${names.join(', ')}.`,
    );
  return receptor;
}

export function requireConnector(
  connector: Connector,
  { source, target, autapses, multapses }: Pick<Projection, 'source' | 'target' | 'autapses' | 'multapses'>,
  where: string,
): void {
  const field = `${where}, connector`;
  if (typeof connector?.kind !== 'string')
    throw new UsageError(
      'it is no connector',
      field,
      'Give one such as bernoulli(0.1) or fixedInDegree(100).',
    );
  const pool = (population: Population) => population.size - (!autapses && source === target ? 1 : 0);
  switch (connector.kind) {
    case 'fixed-in-degree':
    case 'fixed-out-degree': {
      requireWhole(connector.degree, 0, `${field}, degree`);
      const most = pool(connector.kind === 'fixed-in-degree' ? source : target);
      if (!multapses && connector.degree > most)
        throw new UsageError(
          `a degree of ${connector.degree} with only ${most} neurons to choose from`,
          field,
          'Allow multapses or lower the degree.',
        );
      break;
    }
    case 'fixed-total':
      requireWhole(connector.synapses, 0, `${field}, synapses`);
      if (!multapses || !autapses)
        throw new UsageError(
          'a fixed total number of synapses is drawn with repetition',
          field,
          'Leave autapses and multapses allowed.',
        );
      break;
    case 'bernoulli':
      if (!(connector.probability >= 0 && connector.probability < 1))
        throw new UsageError(
          `the probability is ${connector.probability}`,
          `${field}, probability`,
          'Give one from 0 to below 1 (all-to-all is a connector of its own).',
        );
      break;
    case 'distance': {
      const { lengthMm, peak, periodic } = connector;
      if (!(peak > 0 && peak <= 1))
        throw new UsageError(`the probability is ${peak}`, `${field}, peak`, 'Give one above 0 and up to 1.');
      const sizes = [lengthMm, ...(periodic === null ? [] : [periodic.widthMm, periodic.heightMm])];
      if (!sizes.every((mm) => mm > 0 && Number.isFinite(mm)))
        throw new UsageError(
          'a length is not positive',
          `${field}, lengthMm, periodic`,
          'Give lengths in mm.',
        );
      for (const [places, population] of [
        [connector.sources, source],
        [connector.targets, target],
      ] as const)
        if (places.length !== 2 * population.size || !places.every(Number.isFinite))
          throw new UsageError(
            `${places.length / 2} places for ${population.size} neurons of '${population.name}', or not finite`,
            `${field}, sources, targets`,
            'Give a place for each neuron.',
          );
      break;
    }
    case 'list': {
      const { sources, targets } = connector;
      if (sources.length !== targets.length)
        throw new UsageError(`${sources.length} sources and ${targets.length} targets`, field, 'Give pairs.');
      const tooLarge = sources.findIndex((s, k) => s >= source.size || targets[k] >= target.size);
      if (tooLarge >= 0)
        throw new UsageError(`synapse ${tooLarge} names a neuron that is not there`, field, 'Count from 0.');
    }
  }
}

/** Refuses delays of less than one time step, or of more than the engines have slots for. */
export function requireDelays(delayMs: PerSynapse, dtMs: number, where: string): void {
  const [shortest, longest] = rangeOf(delayMs);
  if (shortest < dtMs * (1 - 1e-9))
    throw new UsageError(
      `delays down to ${shortest} ms are shorter than the time step of ${dtMs} ms`,
      where,
      'Make delays at least one time step long, or clip them: normal(1.5, 0.75, { low: 0.1 }).',
    );
  if (longest / dtMs > 4000)
    throw new UsageError(
      `delays up to ${longest} ms are more than 4000 time steps`,
      where,
      'Clip the delays or make the time step longer.',
    );
}
