/**
 * A layer of leaky integrate-and-fire neurons over a whole window: what is kept of its spikes, and the adjoint backwards.
 * The equations are in reference.ts; memory layouts and units in index.ts; forwards the layer is run in forward.ts.
 *
 * Neurons are worked on in blocks of 16 (four SIMD registers of λ_V, four of λ_I), whose state stays in registers for all
 * steps of the window.
 */
import { acrossSpike, adjointCurrent } from '../lif/neuron.wasm';
import { sumOfLanes } from '../sum-of-lanes.wasm';

/** Bytes of one row of a block: 16 neurons. */
const ROW_BYTES: usize = 64;

/** Makes a layer ready for a window: its work space and what its neurons drive are 0. */
export function begin(work: usize, workBytes: usize, drive: usize, driveBytes: usize): void {
  memory.fill(work, 0, workBytes);
  memory.fill(drive, 0, driveBytes);
}

/**
 * Books the spikes of a window.
 *
 * @param rowBytes of one step: blocks of 16 f32
 * @param spikeCounts u32[steps], spikeLists u32[steps][…]: the neurons that spike at the end of each step
 * @param theta threshold
 * @param slopeFloor smallest τ_m·dV/dt that a spike is taken to have
 * @param readoutGain f32[steps]: weight of a spike at the end of step k in `drive`
 * @param slopes f32[steps][blocks][16]: in, I at the start of the step in which a neuron spikes; out, 1/(τ_m·dV/dt)
 * @param drive f32[blocks][16], Σ over a neuron's spikes of readoutGain: is added to
 * @param counts u32[blocks][16], spikes of each neuron: is added to
 */
export function book(
  steps: i32, rowBytes: i32, spikeCounts: usize, spikeLists: usize, listBytes: i32,
  theta: f32, slopeFloor: f32, readoutGain: usize, slopes: usize, drive: usize, counts: usize,
): void {
  for (let k: i32 = 0; k < steps; k++) {
    const g = load<f32>(readoutGain);
    const end = spikeLists + (<usize>load<u32>(spikeCounts) << 2);
    for (let at = spikeLists; at < end; at += 4) {
      const neuron = <usize>load<u32>(at) << 2;
      // The slope at a crossing inside the step: the current at its start still exceeds the threshold.
      const slope = slopes + neuron;
      store<f32>(slope, 1 / max(load<f32>(slope) - theta, slopeFloor));
      store<f32>(drive + neuron, load<f32>(drive + neuron) + g);
      store<u32>(counts + neuron, load<u32>(counts + neuron) + 1);
    }
    readoutGain += 4;
    spikeCounts += 4;
    spikeLists += listBytes;
    slopes += rowBytes;
  }
}

/**
 * The adjoint system from the end of the window to its start.
 *
 * @param inverseSlope f32[steps][blocks][16], as from `book`
 * @param error f32[blocks][16]: with `errorGain`, the error that a spike at the end of step k meets is
 *   error·errorGain[k] (a readout's); with errorGain = 0, `error` is f32[blocks][steps][16], one for each spike
 * @param errorGain f32[steps] or 0
 * @param mix what λ_V of 1 at the end of a step adds to λ_I at its start
 * @param lambdaI out f32[blocks][…][steps][16]: λ_I at the start of each step; blocks are `blockStride` bytes apart
 * @param lambdaDifference out f32[blocks][steps][16]: λ_V - λ_I at the start of each step; 0 if not wanted
 */
export function backward(
  steps: i32, blocks: i32,
  inverseSlope: usize, error: usize, errorGain: usize,
  decayM: f32, decayS: f32, mix: f32, theta: f32,
  lambdaI: usize, lambdaDifference: usize, blockStride: usize,
): void {
  const zero = f32x4.splat(0);
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);
  const stepBytes = <usize>blocks * ROW_BYTES;

  for (let block: i32 = 0; block < blocks; block++) {
    let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
    let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
    for (let k: i32 = steps - 1; k >= 0; k--) {
      const at = <usize>k * ROW_BYTES;
      const slope = inverseSlope + <usize>k * stepBytes;
      let e0: v128, e1: v128, e2: v128, e3: v128;
      if (errorGain) {
        const g = v128.load32_splat(errorGain + (<usize>k << 2));
        e0 = f32x4.mul(g, v128.load(error, 0));
        e1 = f32x4.mul(g, v128.load(error, 16));
        e2 = f32x4.mul(g, v128.load(error, 32));
        e3 = f32x4.mul(g, v128.load(error, 48));
      } else {
        e0 = v128.load(error + at, 0);
        e1 = v128.load(error + at, 16);
        e2 = v128.load(error + at, 32);
        e3 = v128.load(error + at, 48);
      }
      v0 = acrossSpike(v0, v128.load(slope, 0), vTheta, e0);
      v1 = acrossSpike(v1, v128.load(slope, 16), vTheta, e1);
      v2 = acrossSpike(v2, v128.load(slope, 32), vTheta, e2);
      v3 = acrossSpike(v3, v128.load(slope, 48), vTheta, e3);
      i0 = adjointCurrent(i0, v0, vDecayS, vMix);
      i1 = adjointCurrent(i1, v1, vDecayS, vMix);
      i2 = adjointCurrent(i2, v2, vDecayS, vMix);
      i3 = adjointCurrent(i3, v3, vDecayS, vMix);
      v0 = f32x4.mul(v0, vDecayM);
      v1 = f32x4.mul(v1, vDecayM);
      v2 = f32x4.mul(v2, vDecayM);
      v3 = f32x4.mul(v3, vDecayM);
      const out = lambdaI + at;
      v128.store(out, i0, 0);
      v128.store(out, i1, 16);
      v128.store(out, i2, 32);
      v128.store(out, i3, 48);
      if (lambdaDifference) {
        const difference = lambdaDifference + at;
        v128.store(difference, f32x4.sub(v0, i0), 0);
        v128.store(difference, f32x4.sub(v1, i1), 16);
        v128.store(difference, f32x4.sub(v2, i2), 32);
        v128.store(difference, f32x4.sub(v3, i3), 48);
      }
    }
    inverseSlope += ROW_BYTES;
    error += errorGain ? ROW_BYTES : <usize>steps * ROW_BYTES;
    lambdaI += blockStride;
    if (lambdaDifference) lambdaDifference += <usize>steps * ROW_BYTES;
  }
}

/**
 * The error that each spike meets in the layer above: `error[k] = Σ_m w_nm·(λ_V - λ_I)_m` when it arrives.
 *
 * @param blocks blocks of the layer that sent the spikes
 * @param spikeCounts, spikeLists of that layer, as for `book`
 * @param weights f32[targetBlocks][sources][16] of the layer above
 * @param lambdaDifference f32[targetBlocks][steps][16] of the layer above
 * @param error out f32[blocks][steps][16], 0 where there is no spike
 */
export function backproject(
  steps: i32, blocks: i32, spikeCounts: usize, spikeLists: usize, listBytes: i32,
  sources: i32, targetBlocks: i32, weights: usize,
  lambdaDifference: usize, error: usize,
): void {
  memory.fill(error, 0, <usize>blocks * <usize>steps * ROW_BYTES);
  // A spike at the end of the last step arrives nowhere.
  for (let k: i32 = 0; k < steps - 1; k++) {
    const end = spikeLists + (<usize>load<u32>(spikeCounts) << 2);
    for (let at = spikeLists; at < end; at += 4) {
      const neuron = load<u32>(at);
      let row = weights + (<usize>neuron << 6);
      let target = lambdaDifference + <usize>(k + 1) * ROW_BYTES;
      let sum = f32x4.splat(0);
      for (let t: i32 = 0; t < targetBlocks; t++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 0), v128.load(target, 0)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 16), v128.load(target, 16)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 32), v128.load(target, 32)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 48), v128.load(target, 48)));
        row += <usize>sources * ROW_BYTES;
        target += <usize>steps * ROW_BYTES;
      }
      const to = error + ((<usize>(neuron >> 4) * <usize>steps + <usize>k) << 6);
      store<f32>(to + (<usize>(neuron & 15) << 2), sumOfLanes(sum));
    }
    spikeCounts += 4;
    spikeLists += listBytes;
  }
}

export { backwardRecurrent } from './recurrent.wasm';
