import { type ExactLayerKernel, wholeRatio } from '../../../../kernels/exact-layer/index.js';
import { BLOCK } from '../../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from '../config.js';
import { type ExactLayout, type ExactProjectionLayout, spikingPopulations } from './layout.js';
import { crossEntropy, firstSpikeLoss } from './loss.js';

/**
 * One thread's passes over the sample in a slot of the batch: forward from the input list of the slot, and the
 * adjoint backwards. Equations: kernels/spiking-layer/exact.ts.
 */
export function samplePasses(
  config: EventPropConfig,
  layout: ExactLayout,
  kernel: ExactLayerKernel,
  buffer: ArrayBufferLike,
  thread: number,
) {
  const { tauMMs, tauSMs, theta, dtMs, steps } = config.neuron;
  const { sizes, slopeFloor, kappa } = config;
  const windowMs = dtMs * steps;
  const endEm = Math.exp(windowMs / tauMMs);
  const endEs = Math.exp(windowMs / tauSMs);
  const ratio = tauMMs / tauSMs;
  const whole = wholeRatio(tauMMs, tauSMs);
  const spikingLayers = spikingPopulations(config) - 1;
  const outputs = sizes[sizes.length - 1];
  const { lists, layers } = layout;
  const own = layout.threads[thread];
  const readout = spikingLayers < sizes.length - 1 ? layers[spikingLayers] : null;
  /** The recurrent projection of each spiking layer. */
  const recurrent = Array.from({ length: spikingLayers }, (_, l) =>
    layers.findIndex((at) => at.recurrent && at.source === l + 1),
  );

  const i32 = new Int32Array(buffer);
  const u32 = new Uint32Array(buffer);
  const u16 = new Uint16Array(buffer);
  const f64 = new Float64Array(buffer);
  const answer = new Float64Array(buffer, own.answer, outputs);

  const count = (p: number, slot: number) => i32[(lists[p].counts >> 2) + slot];
  /** Addresses of the list of population p: neurons, em, es. */
  const listAt = (p: number, slot: number) => {
    const { most, neurons, em, es } = lists[p];
    return [neurons + slot * most * 2, em + slot * most * 8, es + slot * most * 8] as const;
  };
  const readoutAt = (at: ExactProjectionLayout) =>
    [at.sources, at.blocks, at.weights, endEm, endEs, tauMMs, tauSMs, kappa / windowMs] as const;

  /** Runs the network; false if a layer had more spikes than there is room for. */
  function forward(slot: number): boolean {
    for (let l = 0; l < spikingLayers; l++) {
      const at = layers[l];
      const arrivals = count(l, slot);
      const spikes = kernel.forward(
        at.blocks,
        at.sources,
        arrivals,
        ...listAt(l, slot),
        at.weights,
        recurrent[l] < 0 ? 0 : layers[recurrent[l]].weights,
        endEm,
        endEs,
        ratio,
        whole,
        theta,
        slopeFloor * theta,
        own.state,
        lists[l + 1].most,
        ...listAt(l + 1, slot),
        own.inverseSlope[l],
        own.before[l],
      );
      i32[(lists[l + 1].counts >> 2) + slot] = Math.max(0, spikes);
      if (spikes < 0) return false;
      book(l, slot);
    }
    if (readout) {
      const drive = readout.drive + slot * readout.sources * 8;
      kernel.readoutForward(
        count(spikingLayers, slot),
        ...listAt(spikingLayers, slot),
        ...readoutAt(readout),
        drive,
        own.answer,
      );
      f64[(own.updates >> 3) + spikingLayers] += distinctTimes(spikingLayers, slot) * readout.targets;
    } else firstSpikes(slot);
    return true;
  }

  /** Counts the spikes of a layer, and the neurons that arrivals and own spikes brought up to date. */
  function book(l: number, slot: number): void {
    const spikes = count(l + 1, slot);
    const first = listAt(l + 1, slot)[0] >> 1;
    const counts = own.counts[l] >> 2;
    for (let k = 0; k < spikes; k++) u32[counts + u16[first + k]]++;
    const updates = own.updates >> 3;
    f64[updates + l] += distinctTimes(l, slot) * layers[l].targets;
    if (recurrent[l] >= 0) f64[updates + recurrent[l]] += spikes * layers[l].targets;
  }

  function distinctTimes(p: number, slot: number): number {
    const em = listAt(p, slot)[1] >> 3;
    let times = 0;
    for (let k = 0; k < count(p, slot); k++) if (k === 0 || f64[em + k] !== f64[em + k - 1]) times++;
    return times;
  }

  /** Puts the time of the first spike of each output in ms at `own.answer`; the end of the window if it is silent. */
  function firstSpikes(slot: number): void {
    const [neurons, em] = listAt(spikingLayers, slot);
    answer.fill(windowMs);
    for (let k = count(spikingLayers, slot) - 1; k >= 0; k--) {
      answer[u16[(neurons >> 1) + k]] = tauMMs * Math.log(f64[(em >> 3) + k]);
    }
  }

  /** Class that the network names. */
  function named(): number {
    const sign = readout ? 1 : -1;
    let best = 0;
    for (let k = 1; k < outputs; k++) if (sign * answer[k] > sign * answer[best]) best = k;
    return best;
  }

  const times = new Float64Array(outputs);
  const slopes = new Float64Array(outputs);

  /** Loss of the sample that `forward` was run on; leaves what each spike of the last layer meets in `own.error`. */
  function loss(slot: number, label: number): number {
    const top = spikingLayers - 1;
    if (readout) {
      const error = readout.error + slot * readout.blocks * BLOCK * 8;
      const value = crossEntropy(answer, outputs, label, slopes);
      f64.set(slopes, error >> 3);
      kernel.readoutBackward(
        count(spikingLayers, slot),
        ...listAt(spikingLayers, slot),
        ...readoutAt(readout),
        error,
        own.error[top],
      );
      return value;
    }
    if (config.answer?.kind !== 'first-spike') throw new Error('no readout');
    times.set(answer);
    const value = firstSpikeLoss(config.answer, times, outputs, label, slopes);
    const neurons = listAt(spikingLayers, slot)[0] >> 1;
    const error = own.error[top] >> 3;
    for (let k = 0; k < count(spikingLayers, slot); k++) {
      // Later spikes of an output do not enter the loss; nor does the end of the window, for a silent one.
      const output = u16[neurons + k];
      f64[error + k] = slopes[output];
      slopes[output] = 0;
    }
    return value;
  }

  /** Runs the adjoint, from `own.error` of the last spiking layer to λ_I at every arrival. */
  function backward(slot: number): void {
    for (let l = spikingLayers - 1; l >= 0; l--) {
      const at = layers[l];
      const loop = recurrent[l] < 0 ? null : layers[recurrent[l]];
      const row = (to: ExactProjectionLayout) => to.lambda + slot * lists[to.source].most * BLOCK * 8;
      kernel.backward(
        at.blocks,
        at.sources,
        count(l, slot),
        ...listAt(l, slot),
        at.weights,
        loop?.weights ?? 0,
        ratio,
        theta,
        own.state,
        count(l + 1, slot),
        ...listAt(l + 1, slot),
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

  return { forward, named, loss, backward };
}
