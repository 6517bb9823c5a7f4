import { gradientKernel } from '../../../kernels/gradient/index.js';
import { readoutKernel } from '../../../kernels/readout/index.js';
import { spikeListsKernel } from '../../../kernels/spike-lists/index.js';
import {
  type LayerPlaces,
  layerForward,
  type SpikeList,
  windowPlaces,
} from '../../../kernels/spiking-layer/forward.js';
import { BLOCK, spikingLayerKernel } from '../../../kernels/spiking-layer/index.js';
import { named } from '../named.js';
import type { EventPropConfig } from './config.js';
import { DIVERGED } from './divergence.js';
import { countInput } from './input-events.js';
import type { DataLayout, LayerLayout, Layout, ThreadLayout } from './layout.js';
import { crossEntropy } from './loss.js';
import { type Propagators, propagators } from './neuron.js';
import type { Passes } from './passes.js';
import type { UpdateTask } from './update-tasks.js';

/** Bytes of one f32 for each neuron of a block. */
const ROW_BYTES = BLOCK * 4;

/** Address of the spike list that a layer was given, or sent itself, in a slot of the batch. */
export function listAt(at: LayerLayout, slot: number): SpikeList {
  return {
    starts: at.listStarts + slot * at.listStartsStride,
    spikes: at.listSpikes + slot * at.listSpikesStride,
  };
}

/** A hidden layer as one thread runs it. */
interface HiddenLayer {
  at: LayerLayout;
  /** The projection among its own neurons. */
  loop: LayerLayout | null;
  places: LayerPlaces;
}

/** One thread's passes over samples on the time grid. Equations: kernels/spiking-layer/reference.ts. */
export class GridPasses implements Passes<DataLayout> {
  readonly answer: Float32Array;
  readonly byEvents: readonly number[];
  private readonly hidden: readonly HiddenLayer[];
  private readonly output: LayerLayout;
  private readonly own: ThreadLayout;
  private readonly factors: Propagators;
  private readonly kernels;
  private readonly runLayer: ReturnType<typeof layerForward>;
  private readonly f32: Float32Array;
  private readonly u32: Uint32Array;
  private readonly u16: Uint16Array;

  constructor(
    private readonly config: EventPropConfig,
    private readonly layout: Layout,
    memory: WebAssembly.Memory,
    thread: number,
  ) {
    const { layers, recurrent, coefficients, readoutGain } = layout;
    const { steps, theta } = config.neuron;
    const own = layout.threads[thread];
    this.own = own;
    this.factors = propagators(config.neuron);
    this.kernels = {
      layer: spikingLayerKernel(memory),
      readout: readoutKernel(memory),
      lists: spikeListsKernel(memory),
      gradient: gradientKernel(memory),
    };
    this.runLayer = layerForward(memory, {
      steps,
      theta,
      slopeFloor: config.slopeFloor,
      coefficients,
      readoutGain,
    });
    this.hidden = recurrent.map((among, l): HiddenLayer => {
      const at = layers[l];
      const loop = among < 0 ? null : layers[among];
      const { targets, blocks, weights, sources } = at;
      const window = windowPlaces(own.work[l], blocks, steps);
      const places = { neurons: targets, blocks, weights, sources, loop, window };
      return { at, loop, places: { ...places, arrivals: own.arrivals, counts: own.counts[l] } };
    });
    this.output = layers[this.hidden.length];
    this.byEvents = [...layers.keys()].filter((l) => layers[l].lambdaI !== 0);
    this.f32 = new Float32Array(memory.buffer);
    this.u32 = new Uint32Array(memory.buffer);
    this.u16 = new Uint16Array(memory.buffer);
    this.answer = this.f32.subarray(own.answer >> 2, (own.answer >> 2) + this.output.targets);
  }

  take(data: DataLayout, index: number, slot: number, drops?: () => boolean): void {
    const { u16 } = this;
    const { steps } = this.config.neuron;
    const given = this.sampleAt(data, index);
    const list = listAt(this.layout.layers[0], slot);
    const [from, starts, spikes] = [given.starts >> 1, list.starts >> 1, list.spikes >> 1];
    let next = given.spikes >> 1;
    let kept = 0;
    u16[starts] = 0;
    for (let k = 0; k < steps; k++) {
      for (let left = u16[from + k + 1] - u16[from + k]; left > 0; left--, next++) {
        if (drops === undefined || !drops()) u16[spikes + kept++] = u16[next];
      }
      u16[starts + k + 1] = kept;
    }
  }

  forward(slot: number): number {
    return this.run(listAt(this.layout.layers[0], slot), slot);
  }

  show(data: DataLayout, index: number, slot: number): number {
    const { u16, u32 } = this;
    const sample = this.sampleAt(data, index);
    const sent = u16[(sample.starts >> 1) + this.config.neuron.steps];
    const [spikes, counts] = [sample.spikes >> 1, this.own.inputCounts >> 2];
    for (let i = 0; i < sent; i++) u32[counts + u16[spikes + i]]++;
    return this.run(sample, slot);
  }

  named(): number {
    return named(this.answer);
  }

  /** Cross-entropy of softmax(answer); leaves its derivative by the answer in the readout's error. */
  loss(slot: number, label: number): number {
    const { answer } = this;
    const error = this.answerError(slot) >> 2;
    return crossEntropy(answer, answer.length, label, this.f32.subarray(error, error + answer.length));
  }

  /** From the readout's error to λ_I of every layer. */
  backward(slot: number): void {
    const { hidden, output, own, kernels } = this;
    const top = hidden.length - 1;
    kernels.readout.backward(
      output.sources,
      output.blocks,
      this.driveAt(hidden[top], slot),
      output.weights,
      this.answerError(slot),
      own.sourceError[top],
    );
    for (let l = top; l >= 0; l--) {
      this.backwardLayer(l, slot);
      if (l > 0) this.backproject(l);
    }
  }

  /** Makes the gradient of a sample 0. */
  passOver(slot: number): void {
    const { f32, output, hidden } = this;
    const { steps } = this.config.neuron;
    const error = this.answerError(slot) >> 2;
    f32.fill(0, error, error + output.blocks * BLOCK);
    for (const { at } of hidden) {
      for (let block = 0; block < at.blocks; block++) {
        const from = (at.lambdaI + block * at.lambdaStride + slot * steps * ROW_BYTES) >> 2;
        f32.fill(0, from, from + steps * BLOCK);
      }
    }
  }

  file(projection: number, samples: number): void {
    const { lists } = this.kernels;
    const { steps } = this.config.neuron;
    const at = this.layout.layers[projection];
    lists.clear(at.sources, at.rowStarts);
    for (let slot = 0; slot < samples; slot++) {
      const { starts, spikes } = listAt(at, slot);
      lists.count(this.u16[(starts >> 1) + steps], spikes, at.rowStarts);
    }
    lists.offsets(at.sources, at.rowStarts);
    for (let slot = 0; slot < samples; slot++) {
      const { starts, spikes } = listAt(at, slot);
      lists.file(steps, starts, spikes, slot * steps, at.rowStarts, at.events);
    }
    if (projection === 0) countInput(this.u32, this.layout, at);
  }

  gradient({ layer, block, firstRow, lastRow }: UpdateTask, samples: number): void {
    const { own, config, hidden, kernels } = this;
    const at = this.layout.layers[layer];
    const out = [own.gradient, own.active] as const;
    if (at.lambdaI !== 0) {
      const vectors = at.lambdaI + block * at.lambdaStride;
      const scale = -config.neuron.tauSMs / samples;
      kernels.gradient.fromEvents(firstRow, lastRow, at.rowStarts, at.events, vectors, scale, ...out);
      return;
    }
    const below = hidden[hidden.length - 1].at;
    kernels.gradient.fromDrive(
      firstRow,
      lastRow,
      samples,
      below.drive,
      below.blocks * ROW_BYTES,
      at.error + block * ROW_BYTES,
      at.blocks * ROW_BYTES,
      1 / samples,
      ...out,
    );
  }

  /** The spike list of a sample of a data set. */
  private sampleAt({ starts, spikes, offsets }: DataLayout, index: number): SpikeList {
    const stepsBytes = 2 * (this.config.neuron.steps + 1);
    return { starts: starts + index * stepsBytes, spikes: spikes + 2 * this.u32[(offsets >> 2) + index] };
  }

  /** Runs the network on one spike list, layer by layer. */
  private run(input: SpikeList, slot: number): number {
    const { hidden, output, kernels, own } = this;
    let from = input;
    for (const [l, layer] of hidden.entries()) {
      if (!this.runLayer(layer.places, from, this.driveAt(layer, slot))) return DIVERGED.potential;
      if (layer.loop !== null) this.send(layer, layer.loop, slot);
      if (l + 1 < hidden.length) from = this.send(layer, hidden[l + 1].at, slot);
    }
    const drive = this.driveAt(hidden[hidden.length - 1], slot);
    kernels.readout.forward(output.sources, output.blocks, drive, output.weights, own.answer);
    return 0;
  }

  /** Makes the spikes of a layer the list that enters a projection, one step later. */
  private send({ places }: HiddenLayer, to: LayerLayout, slot: number): SpikeList {
    const { spikeCounts, spikeLists, listBytes } = places.window;
    const list = listAt(to, slot);
    const { steps } = this.config.neuron;
    this.kernels.lists.oneStepLater(steps, spikeCounts, spikeLists, listBytes, list.starts, list.spikes);
    return list;
  }

  private backwardLayer(l: number, slot: number): void {
    const { own, kernels, hidden, layout, factors } = this;
    const { steps, theta } = this.config.neuron;
    const { at, loop, places } = hidden[l];
    const isTop = l === hidden.length - 1;
    const error = isTop ? own.sourceError[l] : own.error[l];
    const errorGain = isTop ? layout.errorGain : 0;
    const neurons = [factors.decayM, factors.decayS, factors.mix, theta] as const;
    const lambdaI = at.lambdaI + slot * steps * ROW_BYTES;
    const out = [lambdaI, own.lambdaDifference[l], at.lambdaStride] as const;
    const { inverseSlope, spikeCounts, spikeLists, listBytes, state } = places.window;
    if (loop === null) {
      kernels.layer.backward(steps, at.blocks, inverseSlope, error, errorGain, ...neurons, ...out);
      return;
    }
    const sent = [inverseSlope, spikeCounts, spikeLists, listBytes] as const;
    const met = [error, errorGain, loop.weights, loop.sources] as const;
    kernels.layer.backwardRecurrent(steps, at.blocks, ...sent, ...met, ...neurons, state, ...out);
  }

  /** What the spikes of the layer below layer `l` meet in it. */
  private backproject(l: number): void {
    const { own, kernels, hidden } = this;
    const { at } = hidden[l];
    const { at: below, places } = hidden[l - 1];
    const { spikeCounts, spikeLists, listBytes } = places.window;
    kernels.layer.backproject(
      this.config.neuron.steps,
      below.blocks,
      spikeCounts,
      spikeLists,
      listBytes,
      at.sources,
      at.blocks,
      at.weights,
      own.lambdaDifference[l],
      own.error[l - 1],
    );
  }

  private driveAt({ at }: HiddenLayer, slot: number): number {
    return at.drive + slot * at.blocks * ROW_BYTES;
  }

  /** Address of the readout's error for a slot. */
  private answerError(slot: number): number {
    return this.output.error + slot * this.output.blocks * ROW_BYTES;
  }
}
