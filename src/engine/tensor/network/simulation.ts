import ndarray from 'ndarray';
import { CONTROL } from '../../../../kernels/compile/wgsl.js';
import type { Ledger } from '../../../energy/ledger.js';
import type { OpenGpu } from '../../../gpu/device.js';
import { releaseDevice } from '../../../gpu/faults.js';
import { stepsOf } from '../../../network/checks.js';
import type { Population } from '../../../network/elements.js';
import type { Network } from '../../../network/network.js';
import { InterruptedError, RunError, UsageError } from '../../../util/errors.js';
import type { BackendUse, EngineOptions, Simulation, SimulationSize, Spikes, Trace } from '../../engine.js';
import type { Plan } from '../../event/plan.js';
import { mergeSpikes, type SpikeLogData } from '../../event/spike-log.js';
import { networkLedger } from '../../network-ledger.js';
import { outDegreesOf } from '../../out-degrees.js';
import type { DeviceNetwork } from './device-network.js';
import { counterOf } from './layout.js';

/** Wall time of a batch that is aimed at: between two of them the abort signal is looked at. */
const BATCH_MS = 100;

/** A network on a GPU. Time goes in batches of windows; spikes and what is recorded are read once a batch. */
export class GpuSimulation implements Simulation {
  readonly size: SimulationSize;
  readonly outDegrees: Uint32Array;
  readonly backend: BackendUse;
  private readonly first: number[] = [];
  private readonly recorded: Float32Array[][];
  private log: SpikeLogData[] = [];
  private step = 0;
  /** Where the ledger begins. */
  private ledgerStart = 0;
  private windows = 4;
  private failure: Error | null = null;

  constructor(
    readonly network: Network,
    readonly gpu: OpenGpu,
    private readonly plan: Plan,
    private readonly on: DeviceNetwork,
    private readonly options: EngineOptions,
  ) {
    const { layout, buffers } = on;
    let neurons = 0;
    for (const { size } of network.populations) {
      this.first.push(neurons);
      neurons += size;
    }
    this.size = {
      neurons,
      synapses: layout.synapses,
      tableBytes: layout.tableBytes,
      memoryBytes: buffers.bytes,
    };
    this.outDegrees = outDegreesOf(network, layout.projectionDegrees);
    this.backend = gpu.chosen;
    this.recorded = plan.traces.map(() => []);
  }

  get timeMs(): number {
    return this.step * this.network.dtMs;
  }

  async run(ms: number): Promise<void> {
    const { signal, progress } = this.options;
    const { window, mostSteps } = this.on;
    const start = this.step;
    const end = start + stepsOf(ms, this.network.dtMs);
    while (this.step < end) {
      if (signal?.aborted) throw new InterruptedError();
      if (this.failure !== null) throw this.failure;
      const begun = performance.now();
      const steps = Math.min(this.windows * window, mostSteps, end - this.step);
      try {
        await this.batch(steps);
      } catch (error) {
        this.failure = error as Error;
        throw error;
      }
      progress?.((this.step - start) * this.network.dtMs, ms);
      const growth = Math.min(2, BATCH_MS / Math.max(performance.now() - begun, 0.1));
      this.windows = Math.max(1, Math.round(this.windows * growth));
    }
  }

  async spikes(): Promise<Spikes> {
    this.log = [mergeSpikes(this.log)];
    const [{ steps, neurons }] = this.log;
    const first = new Map(this.network.populations.map((population, p) => [population, this.first[p]]));
    return { steps, neurons, first, dtMs: this.network.dtMs };
  }

  async forgetSpikes(): Promise<void> {
    this.log = [];
    this.ledgerStart = this.step;
  }

  async ledger(): Promise<Ledger> {
    const sent = new Float64Array(this.size.neurons);
    for (const neuron of (await this.spikes()).neurons) sent[neuron] += 1;
    const steps = this.step - this.ledgerStart;
    return networkLedger(this.network, {
      neuronUpdates: this.network.populations.map(({ size }) => size * steps),
      sent,
      degrees: this.on.layout.projectionDegrees,
      changes: [],
    });
  }

  async weights(): Promise<never> {
    throw fixedWeights();
  }

  async weightHistory(): Promise<never> {
    throw fixedWeights();
  }

  async trace(population: Population, state: string): Promise<Trace> {
    const index = this.network.populations.indexOf(population);
    const variable = population.parsed.states.indexOf(state);
    const t = this.plan.traces.findIndex(
      (trace) => trace.population === index && trace.variable === variable,
    );
    if (t < 0)
      throw new UsageError(
        `${state} of population '${population.name}' was not recorded`,
        'trace',
        'Name it in the option record when the network is built.',
      );
    const { neurons } = this.plan.traces[t];
    const all = new Float32Array(this.recorded[t].reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.recorded[t]) {
      all.set(piece, at);
      at += piece.length;
    }
    this.recorded[t] = [all];
    return {
      neurons: Array.from(neurons),
      values: ndarray(all, [all.length / neurons.length, neurons.length]),
    };
  }

  async close(): Promise<void> {
    this.failure ??= new RunError('the simulation is closed');
    this.on.buffers.destroy();
    releaseDevice(this.gpu.device);
  }

  /** Computes so many steps and reads what came of them. */
  private async batch(steps: number): Promise<void> {
    const { buffers, calls, control, window } = this.on;
    const { device } = buffers;
    const begin = this.step;
    const populations = this.plan.populations.length;
    device.queue.writeBuffer(control, 4 * CONTROL.now, Int32Array.of(begin, begin + steps));
    device.queue.writeBuffer(control, 4 * CONTROL.begin, Int32Array.of(begin));
    device.queue.writeBuffer(control, 4 * CONTROL.logs, new Int32Array(2 * populations));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let at = 0; at < steps; at += window) {
      for (const { pipeline, group, workgroups } of calls) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
    const words = await buffers.read([{ buffer: control, word: 0, words: counterOf(populations) }]);
    if (words[CONTROL.now] !== begin + steps)
      throw new RunError(`GPU ${this.gpu.name} did not compute ${steps} steps`);
    if (words[CONTROL.broken] !== 0x7fffffff) await this.reportBroken(words[CONTROL.broken], begin, steps);
    await this.readLogs(words);
    await this.readTraces(steps);
    this.step += steps;
  }

  private async readLogs(words: Int32Array): Promise<void> {
    const { buffers, log, logs } = this.on;
    const counts = logs.map((_, p) => words[counterOf(p) + 1]);
    const entries = await buffers.read(
      logs.map((start, p) => ({ buffer: log, word: 2 * start, words: 2 * counts[p] })),
    );
    const steps = new Int32Array(entries.length / 2);
    const neurons = new Int32Array(entries.length / 2);
    let at = 0;
    counts.forEach((count, p) => {
      for (const end = at + count; at < end; at++) {
        neurons[at] = this.first[p] + entries[2 * at];
        steps[at] = entries[2 * at + 1];
      }
    });
    this.log.push({ steps, neurons });
  }

  private async readTraces(steps: number): Promise<void> {
    const { buffers, trace } = this.on;
    if (trace === null) return;
    const words = await buffers.read([{ buffer: trace.buffer, word: 0, words: steps * trace.words }]);
    const stored = new Float32Array(words.buffer);
    let column = 0;
    this.plan.traces.forEach(({ population, variable, neurons }, t) => {
      const { offset, scale } = this.plan.populations[population].states[variable];
      const values = new Float32Array(steps * neurons.length);
      for (let s = 0; s < steps; s++)
        for (let k = 0; k < neurons.length; k++)
          values[s * neurons.length + k] = offset + scale * stored[s * trace.words + column + k];
      this.recorded[t].push(values);
      column += neurons.length;
    });
  }

  /** @throws RunError that names a variable which is not finite */
  private async reportBroken(cell: number, begin: number, steps: number): Promise<never> {
    const { layout, buffers, state } = this.on;
    const part = layout.parts.find((p) => cell >= p.cell && cell < p.cell + p.count)!;
    const { name, states } = this.plan.populations[part.population];
    const i = cell - part.cell;
    const words = await buffers.read(
      states.map((_, v) => ({ buffer: state, word: part.state + v * part.stride + i, words: 1 })),
    );
    const values = new Float32Array(words.buffer);
    const variable = values.findIndex((value) => !Number.isFinite(value));
    const [from, to] = [begin, begin + steps].map((step) => (step * this.network.dtMs).toFixed(2));
    throw new RunError(
      `${states[variable].name} of neuron ${part.first + i} of population '${name}' is ${values[variable]} ` +
        `between ${from} and ${to} ms`,
    );
  }
}

function fixedWeights(): UsageError {
  return new UsageError('weights do not change on the tensor engine', 'weights', 'Use the event engine.');
}
