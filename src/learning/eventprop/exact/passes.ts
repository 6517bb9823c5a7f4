import { exactLayerKernel, wholeRatio } from '../../../../kernels/exact-layer/index.js';
import { spikeListsKernel } from '../../../../kernels/spike-lists/index.js';
import { BLOCK } from '../../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from '../config.js';
import { DIVERGED } from '../divergence.js';
import { countInput } from '../input-events.js';
import { crossEntropy, firstSpikeLoss } from '../loss.js';
import type { Passes } from '../passes.js';
import type { UpdateTask } from '../update-tasks.js';
import {
  type ExactLayout,
  type ExactProjectionLayout,
  type ExactThreadLayout,
  spikingPopulations,
  type TimedDataLayout,
} from './layout.js';

/** Bytes of one f64 for each neuron of a block. */
const ROW_BYTES = BLOCK * 8;

/** One thread's passes over samples in exact time. Equations: kernels/spiking-layer/exact.ts. */
export class ExactPasses implements Passes<TimedDataLayout> {
  readonly answer: Float64Array;
  readonly byEvents: readonly number[];
  private readonly kernel;
  private readonly lists;
  private readonly own: ExactThreadLayout;
  private readonly constants;
  private readonly spikingLayers: number;
  /** null where the answer is the first spike of each output. */
  private readonly readout: ExactProjectionLayout | null;
  /** The recurrent projection of each spiking layer, -1: none. */
  private readonly recurrent: readonly number[];
  private readonly i32: Int32Array;
  private readonly u32: Uint32Array;
  private readonly u16: Uint16Array;
  private readonly f64: Float64Array;
  /** Room for what each output's answer, or first spike, has to do with the loss. */
  private readonly times: Float64Array;
  private readonly slopes: Float64Array;

  constructor(
    private readonly config: EventPropConfig,
    private readonly layout: ExactLayout,
    memory: WebAssembly.Memory,
    thread: number,
  ) {
    const { sizes, neuron } = config;
    const { layers } = layout;
    const outputs = sizes[sizes.length - 1];
    this.kernel = exactLayerKernel(memory);
    this.lists = spikeListsKernel(memory);
    this.own = layout.threads[thread];
    this.constants = constantsOf(neuron);
    this.spikingLayers = spikingPopulations(config) - 1;
    this.readout = this.spikingLayers < sizes.length - 1 ? layers[this.spikingLayers] : null;
    this.recurrent = Array.from({ length: this.spikingLayers }, (_, l) =>
      layers.findIndex((at) => at.recurrent && at.source === l + 1),
    );
    this.byEvents = [...layers.keys()].filter((p) => layers[p].lambda !== 0);
    this.i32 = new Int32Array(memory.buffer);
    this.u32 = new Uint32Array(memory.buffer);
    this.u16 = new Uint16Array(memory.buffer);
    this.f64 = new Float64Array(memory.buffer);
    this.answer = new Float64Array(memory.buffer, this.own.answer, outputs);
    this.times = new Float64Array(outputs);
    this.slopes = new Float64Array(outputs);
  }

  take(data: TimedDataLayout, index: number, slot: number, drops?: () => boolean): void {
    const { u16, u32, f64, i32 } = this;
    const input = this.layout.lists[0];
    const last = u32[(data.offsets >> 2) + index + 1];
    let to = slot * input.most;
    for (let k = u32[(data.offsets >> 2) + index]; k < last; k++) {
      if (drops?.()) continue;
      const time = u32[(data.timeOf >> 2) + k];
      u16[(input.neurons >> 1) + to] = u16[(data.spikes >> 1) + k];
      f64[(input.em >> 3) + to] = f64[(data.em >> 3) + time];
      f64[(input.es >> 3) + to] = f64[(data.es >> 3) + time];
      to++;
    }
    i32[(input.counts >> 2) + slot] = to - slot * input.most;
  }

  forward(slot: number): number {
    for (let l = 0; l < this.spikingLayers; l++) {
      if (!this.forwardLayer(l, slot)) return DIVERGED.spikes;
      this.book(l, slot);
    }
    if (this.readout) this.forwardReadout(this.readout, slot);
    else this.firstSpikes(slot);
    return 0;
  }

  show(data: TimedDataLayout, index: number, slot: number): number {
    this.take(data, index, slot);
    const first = this.listAt(0, slot)[0] >> 1;
    const counts = this.own.inputCounts >> 2;
    for (let k = 0; k < this.count(0, slot); k++) this.u32[counts + this.u16[first + k]]++;
    return this.forward(slot);
  }

  named(): number {
    const { answer } = this;
    const sign = this.readout ? 1 : -1;
    let best = 0;
    for (let k = 1; k < answer.length; k++) if (sign * answer[k] > sign * answer[best]) best = k;
    return best;
  }

  /** Leaves what each spike of the last layer meets in `own.error`. */
  loss(slot: number, label: number): number {
    return this.readout ? this.readoutLoss(this.readout, slot, label) : this.firstSpikeLoss(slot, label);
  }

  /** From `own.error` of the last spiking layer to λ_I at every arrival. */
  backward(slot: number): void {
    const { own, layout, recurrent, constants } = this;
    const { layers, lists } = layout;
    for (let l = this.spikingLayers - 1; l >= 0; l--) {
      const at = layers[l];
      const loop = recurrent[l] < 0 ? null : layers[recurrent[l]];
      const row = (to: ExactProjectionLayout) => to.lambda + slot * lists[to.source].most * ROW_BYTES;
      this.kernel.backward(
        at.blocks,
        at.sources,
        this.count(l, slot),
        ...this.listAt(l, slot),
        at.weights,
        loop?.weights ?? 0,
        constants.ratio,
        this.config.neuron.theta,
        own.state,
        this.count(l + 1, slot),
        ...this.listAt(l + 1, slot),
        own.inverseSlope[l],
        own.before[l],
        own.error[l],
        row(at),
        at.lambdaStride,
        l > 0 ? own.error[l - 1] : 0,
        loop ? row(loop) : 0,
        loop?.lambdaStride ?? 0,
      );
    }
  }

  file(projection: number, samples: number): void {
    const { kernel, lists } = this;
    const at = this.layout.layers[projection];
    const { most } = this.layout.lists[at.source];
    lists.clear(at.sources, at.rowStarts);
    for (let slot = 0; slot < samples; slot++)
      lists.count(this.count(at.source, slot), this.listAt(at.source, slot)[0], at.rowStarts);
    lists.offsets(at.sources, at.rowStarts);
    for (let slot = 0; slot < samples; slot++) {
      const [count, base] = [this.count(at.source, slot), slot * most];
      const [neurons, em] = this.listAt(at.source, slot);
      if (at.recurrent) kernel.fileSpikes(count, neurons, base, at.rowStarts, at.events);
      else kernel.fileArrivals(count, neurons, em, base, at.rowStarts, at.events);
    }
    if (projection === 0) countInput(this.u32, this.layout, at);
  }

  gradient({ layer, block, firstRow, lastRow }: UpdateTask, samples: number): void {
    const { own, kernel, config } = this;
    const at = this.layout.layers[layer];
    const out = [own.gradient, own.active] as const;
    if (at.lambda !== 0) {
      const vectors = at.lambda + block * at.lambdaStride;
      const scale = -config.neuron.tauSMs / samples;
      kernel.fromRows(firstRow, lastRow, at.rowStarts, at.events, vectors, scale, ...out);
      return;
    }
    kernel.fromDrive(
      firstRow,
      lastRow,
      samples,
      at.drive,
      at.sources * 8,
      at.error + block * ROW_BYTES,
      at.blocks * ROW_BYTES,
      1 / samples,
      ...out,
    );
  }

  /** False if the layer had more spikes than there is room for. */
  private forwardLayer(l: number, slot: number): boolean {
    const { own, layout, recurrent, constants, config } = this;
    const { layers, lists } = layout;
    const at = layers[l];
    const spikes = this.kernel.forward(
      at.blocks,
      at.sources,
      this.count(l, slot),
      ...this.listAt(l, slot),
      at.weights,
      recurrent[l] < 0 ? 0 : layers[recurrent[l]].weights,
      constants.endEm,
      constants.endEs,
      constants.ratio,
      constants.whole,
      config.neuron.theta,
      config.slopeFloor * config.neuron.theta,
      own.state,
      lists[l + 1].most,
      ...this.listAt(l + 1, slot),
      own.inverseSlope[l],
      own.before[l],
    );
    this.i32[(lists[l + 1].counts >> 2) + slot] = Math.max(0, spikes);
    return spikes >= 0;
  }

  /** Counts the spikes of a layer, and the neurons that arrivals and own spikes brought up to date. */
  private book(l: number, slot: number): void {
    const { own, u32, u16, f64, recurrent } = this;
    const { targets } = this.layout.layers[l];
    const spikes = this.count(l + 1, slot);
    const first = this.listAt(l + 1, slot)[0] >> 1;
    const counts = own.counts[l] >> 2;
    for (let k = 0; k < spikes; k++) u32[counts + u16[first + k]]++;
    const updates = own.updates >> 3;
    f64[updates + l] += this.distinctTimes(l, slot) * targets;
    if (recurrent[l] >= 0) f64[updates + recurrent[l]] += spikes * targets;
  }

  private forwardReadout(readout: ExactProjectionLayout, slot: number): void {
    const { own, spikingLayers, kernel } = this;
    const drive = readout.drive + slot * readout.sources * 8;
    const arrivals = [this.count(spikingLayers, slot), ...this.listAt(spikingLayers, slot)] as const;
    kernel.readoutForward(...arrivals, ...this.readoutAt(readout), drive, own.answer);
    this.f64[(own.updates >> 3) + spikingLayers] += this.distinctTimes(spikingLayers, slot) * readout.targets;
  }

  private readoutLoss(readout: ExactProjectionLayout, slot: number, label: number): number {
    const { answer, slopes, spikingLayers, kernel, own } = this;
    const error = readout.error + slot * readout.blocks * ROW_BYTES;
    const value = crossEntropy(answer, answer.length, label, slopes);
    this.f64.set(slopes, error >> 3);
    const arrivals = [this.count(spikingLayers, slot), ...this.listAt(spikingLayers, slot)] as const;
    kernel.readoutBackward(...arrivals, ...this.readoutAt(readout), error, own.error[spikingLayers - 1]);
    return value;
  }

  /** Puts the time of the first spike of each output in ms at `own.answer`; the end of the window if it is silent. */
  private firstSpikes(slot: number): void {
    const { answer, constants, spikingLayers, config } = this;
    const [neurons, em] = this.listAt(spikingLayers, slot);
    answer.fill(constants.windowMs);
    for (let k = this.count(spikingLayers, slot) - 1; k >= 0; k--)
      answer[this.u16[(neurons >> 1) + k]] = config.neuron.tauMMs * Math.log(this.f64[(em >> 3) + k]);
  }

  private firstSpikeLoss(slot: number, label: number): number {
    const { config, times, slopes, answer, spikingLayers, own } = this;
    if (config.answer?.kind !== 'first-spike') throw new Error('no readout');
    times.set(answer);
    const value = firstSpikeLoss(config.answer, times, answer.length, label, slopes);
    const neurons = this.listAt(spikingLayers, slot)[0] >> 1;
    const error = own.error[spikingLayers - 1] >> 3;
    for (let k = 0; k < this.count(spikingLayers, slot); k++) {
      // Later spikes of an output do not enter the loss; nor does the end of the window, for a silent one.
      const output = this.u16[neurons + k];
      this.f64[error + k] = slopes[output];
      slopes[output] = 0;
    }
    return value;
  }

  private count(population: number, slot: number): number {
    return this.i32[(this.layout.lists[population].counts >> 2) + slot];
  }

  /** Addresses of the list of a population: neurons, em, es. */
  private listAt(population: number, slot: number) {
    const { most, neurons, em, es } = this.layout.lists[population];
    return [neurons + slot * most * 2, em + slot * most * 8, es + slot * most * 8] as const;
  }

  private readoutAt({ sources, blocks, weights }: ExactProjectionLayout) {
    const { neuron, kappa } = this.config;
    const { endEm, endEs, windowMs } = this.constants;
    return [sources, blocks, weights, endEm, endEs, neuron.tauMMs, neuron.tauSMs, kappa / windowMs] as const;
  }

  private distinctTimes(population: number, slot: number): number {
    const em = this.listAt(population, slot)[1] >> 3;
    const { f64 } = this;
    let times = 0;
    for (let k = 0; k < this.count(population, slot); k++)
      if (k === 0 || f64[em + k] !== f64[em + k - 1]) times++;
    return times;
  }
}

/** What is the same for all samples: the end of the window, and the ratio of the time constants (see wholeRatio). */
function constantsOf({ tauMMs, tauSMs, dtMs, steps }: EventPropConfig['neuron']) {
  const windowMs = dtMs * steps;
  return {
    windowMs,
    endEm: Math.exp(windowMs / tauMMs),
    endEs: Math.exp(windowMs / tauSMs),
    ratio: tauMMs / tauSMs,
    whole: wholeRatio(tauMMs, tauSMs),
  };
}
