import ndarray from 'ndarray';
import type { Network, Population } from '../../network/network.js';
import { InterruptedError, UsageError } from '../../util/errors.js';
import type { Engine, EngineOptions, Simulation, SimulationSize, Spikes, Trace } from '../engine.js';
import { type Crew, startCrew } from './crew.js';
import { requireMemory } from './memory.js';
import { type Plan, planNetwork, type TracePlan } from './plan.js';
import { sumOf } from './runner.js';
import { mergeSpikes, type SpikeLogData } from './spike-log.js';
import { joinTraces } from './trace-log.js';

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
    return new EventSimulation(network, await startCrew(plan, threads), plan, options);
  },
};

class EventSimulation implements Simulation {
  readonly size: SimulationSize;
  readonly outDegrees: Uint32Array;
  private readonly window: number;
  private readonly traces: readonly TracePlan[];
  private readonly recorded: Float32Array[][];
  private step = 0;
  private chunk: number;
  private log: SpikeLogData[] = [];

  constructor(
    readonly network: Network,
    private readonly crew: Crew,
    plan: Plan,
    private readonly options: EngineOptions,
  ) {
    const sum = (key: 'synapses' | 'tableBytes' | 'memoryBytes') =>
      crew.reports.reduce((total, report) => total + report[key], 0);
    this.size = {
      neurons: network.populations.reduce((total, { size }) => total + size, 0),
      synapses: sum('synapses'),
      tableBytes: sum('tableBytes'),
      memoryBytes: sum('memoryBytes'),
    };
    this.outDegrees = new Uint32Array(this.size.neurons);
    for (const { outDegrees } of crew.reports)
      outDegrees.forEach((n, i) => {
        this.outDegrees[i] += n;
      });
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
    const end = start + Math.round(ms / this.network.dtMs);
    while (this.step < end) {
      if (signal?.aborted) throw new InterruptedError();
      const steps = Math.min(this.chunk, end - this.step);
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

  async neuronUpdates(): Promise<Float64Array> {
    return sumOf(await this.crew.neuronUpdates());
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
  }

  async close(): Promise<void> {
    await this.crew.close();
  }
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
