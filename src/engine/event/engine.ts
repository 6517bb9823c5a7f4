import ndarray from 'ndarray';
import type { Ledger } from '../../energy/ledger.js';
import { stepsOf } from '../../network/checks.js';
import type { Population, Projection } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { InterruptedError, UsageError } from '../../util/errors.js';
import type {
  Engine,
  EngineOptions,
  Simulation,
  SimulationSize,
  Spikes,
  Trace,
  WeightHistory,
  WeightRecording,
  Weights,
} from '../engine.js';
import { networkLedger } from '../network-ledger.js';
import { outDegreesOf } from '../out-degrees.js';
import { type Crew, startCrew } from './crew.js';
import { requireMemory } from './memory.js';
import type { Plan, TracePlan } from './plan.js';
import { planNetwork } from './plan-network.js';
import type { Changes, SliceWeights } from './plastic.js';
import { addUp } from './runner.js';
import { mergeSpikes, type SpikeLogData } from './spike-log.js';
import { joinTraces } from './trace-log.js';
import { mergeWeights, WeightLog } from './weight-log.js';

/** Wall time between two looks at the abort signal. */
const CHUNK_MS = 100;

/** The event engine: compiled neuron models and synapse tables in WASM, one slice of the network a thread. */
export const eventEngine: Engine = {
  name: 'event',
  async build(network, options = {}) {
    const { threads = 1 } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > 256)
      throw new UsageError(`${threads} threads`, 'threads', 'Give a whole number from 1 to 256.');
    if (network.populations.length === 0)
      throw new UsageError('the network has no population', `network '${network.name}'`, 'Add one.');
    requireMemory(network, threads, options.memoryBytes);
    const plan = await planNetwork(network, threads, options);
    const weightLogs = (options.recordWeights ?? []).map((recording) => weightLog(network, recording));
    return new EventSimulation(network, await startCrew(plan, threads), plan, options, weightLogs);
  },
};

class EventSimulation implements Simulation {
  readonly size: SimulationSize;
  readonly outDegrees: Uint32Array;
  private readonly window: number;
  private readonly traces: readonly TracePlan[];
  private readonly recorded: Float32Array[][];
  private readonly projectionDegrees: Uint32Array[];
  private step = 0;
  /** Neuron updates when the ledger began, and what learning had done by then. */
  private updatesBefore: Float64Array;
  private changesBefore: Changes[] = [];
  private chunk: number;
  private log: SpikeLogData[] = [];

  constructor(
    readonly network: Network,
    private readonly crew: Crew,
    plan: Plan,
    private readonly options: EngineOptions,
    private readonly weightLogs: readonly WeightLog[],
  ) {
    const sum = (key: 'synapses' | 'tableBytes' | 'memoryBytes') =>
      crew.reports.reduce((total, report) => total + report[key], 0);
    this.size = {
      neurons: network.populations.reduce((total, { size }) => total + size, 0),
      synapses: sum('synapses'),
      tableBytes: sum('tableBytes'),
      memoryBytes: sum('memoryBytes'),
    };
    this.projectionDegrees = network.projections.map((_, p) =>
      addUp(crew.reports.map(({ projectionDegrees }) => projectionDegrees[p])),
    );
    this.outDegrees = outDegreesOf(network, this.projectionDegrees);
    this.updatesBefore = new Float64Array(network.populations.length);
    this.window = plan.window;
    this.traces = plan.traces;
    this.recorded = plan.traces.map(() => []);
    this.chunk = plan.window;
  }

  get timeMs(): number {
    return this.step * this.network.dtMs;
  }

  async run(ms: number): Promise<void> {
    const { signal, progress } = this.options;
    const start = this.step;
    const end = start + stepsOf(ms, this.network.dtMs);
    while (this.step < end) {
      if (signal?.aborted) throw new InterruptedError();
      const steps = Math.min(this.chunk, (await this.recordWeights(end)) - this.step);
      const begun = performance.now();
      await this.crew.run(this.step, steps);
      this.step += steps;
      progress?.((this.step - start) * this.network.dtMs, ms);
      // Lets the event loop see a Ctrl-C.
      await new Promise((resolve) => setImmediate(resolve));
      const wall = performance.now() - begun;
      const growth = Math.min(2, CHUNK_MS / Math.max(wall, 0.1));
      this.chunk = Math.max(1, Math.round((this.chunk * growth) / this.window)) * this.window;
    }
    await this.recordWeights(end);
  }

  /** Records the weights that are due now; returns when the next are, or `end`. */
  private async recordWeights(end: number): Promise<number> {
    let next = end;
    for (const log of this.weightLogs) {
      if (log.nextFrom(this.step) === this.step) log.add(this.step, await this.weightsOf(log.projection));
      next = Math.min(next, log.nextFrom(this.step));
    }
    return next;
  }

  private async weightsOf(projection: number): Promise<SliceWeights> {
    const slices = await this.crew.weights(projection, this.step);
    return mergeWeights(slices, this.network.projections[projection].source.size);
  }

  async weights(projection: Projection): Promise<Weights> {
    const { sources, targets, weights } = await this.weightsOf(learning(this.network, projection, 'weights'));
    return { sources, targets, weights: ndarray(weights, [weights.length]) };
  }

  async weightHistory(projection: Projection): Promise<WeightHistory> {
    const index = this.network.projections.indexOf(projection);
    const log = this.weightLogs.find((one) => one.projection === index);
    if (log === undefined)
      throw new UsageError(
        `the weights of projection '${projection.name}' were not recorded`,
        'weightHistory',
        'Name it in the option recordWeights when the network is built.',
      );
    const { sources, targets, steps } = log;
    return {
      sources,
      targets,
      timesMs: steps.map((step) => step * this.network.dtMs),
      weights: ndarray(log.values(), [steps.length, sources.length]),
    };
  }

  async ledger(): Promise<Ledger> {
    const { neurons } = await this.spikes();
    const sent = new Float64Array(this.size.neurons);
    for (const neuron of neurons) sent[neuron] += 1;
    const changes = await this.crew.changes(this.step);
    const neuronUpdates = await this.neuronUpdates();
    return networkLedger(this.network, {
      neuronUpdates: neuronUpdates.map((n, p) => n - this.updatesBefore[p]),
      sent,
      degrees: this.projectionDegrees,
      changes: [...changes, ...this.changesBefore.map((c) => ({ ...c, l0: -c.l0, l1: -c.l1 }))],
    });
  }

  async spikes(): Promise<Spikes> {
    this.log = [mergeSpikes([...this.log, ...(await this.crew.takeSpikes())])];
    const [{ steps, neurons }] = this.log;
    const first = new Map<Population, number>();
    let at = 0;
    for (const population of this.network.populations) {
      first.set(population, at);
      at += population.size;
    }
    return { steps, neurons, first, dtMs: this.network.dtMs };
  }

  private async neuronUpdates(): Promise<Float64Array> {
    return addUp(await this.crew.neuronUpdates());
  }

  async trace(population: Population, state: string): Promise<Trace> {
    const index = this.network.populations.indexOf(population);
    const variable = population.parsed.states.indexOf(state);
    const t = this.traces.findIndex((trace) => trace.population === index && trace.variable === variable);
    if (t < 0)
      throw new UsageError(
        `${state} of population '${population.name}' was not recorded`,
        'trace',
        'Name it in the option record when the network is built.',
      );
    const threads = await this.crew.takeTraces();
    this.traces.forEach(({ neurons }, i) => {
      this.recorded[i].push(
        joinTraces(
          threads.flatMap((ofThread) => ofThread[i]),
          neurons.length,
        ),
      );
    });
    const { neurons } = this.traces[t];
    const all = concatenate(this.recorded[t]);
    this.recorded[t] = [all];
    return {
      neurons: Array.from(neurons),
      values: ndarray(all, [all.length / neurons.length, neurons.length]),
    };
  }

  async forgetSpikes(): Promise<void> {
    await this.crew.takeSpikes();
    this.log = [];
    this.updatesBefore = await this.neuronUpdates();
    this.changesBefore = await this.crew.changes(this.step);
  }

  async close(): Promise<void> {
    await this.crew.close();
  }
}

/** Index of a projection whose weights change. */
function learning(network: Network, projection: Projection, where: string): number {
  const index = network.projections.indexOf(projection);
  if (index < 0)
    throw new UsageError(
      `projection '${projection.name}' belongs to another network`,
      where,
      `Use those of '${network.name}'.`,
    );
  if (projection.plasticity === null)
    throw new UsageError(
      `the weights of projection '${projection.name}' do not change`,
      where,
      'Give it a plasticity, or take the weights from its description.',
    );
  return index;
}

function weightLog(network: Network, { projection, everyMs, sources }: WeightRecording): WeightLog {
  const index = learning(network, projection, 'recordWeights');
  const steps = Math.round(everyMs / network.dtMs);
  if (!(steps >= 1))
    throw new UsageError(`every ${everyMs} ms`, 'recordWeights, everyMs', 'Give at least one time step.');
  const outside = sources?.find((s) => !(Number.isInteger(s) && s >= 0 && s < projection.source.size));
  if (outside !== undefined)
    throw new UsageError(
      `there is no neuron ${outside}`,
      'recordWeights, sources',
      `Count from 0 to ${projection.source.size - 1}.`,
    );
  return new WeightLog(index, steps, sources);
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
