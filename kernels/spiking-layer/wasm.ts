/**
 * A layer of leaky integrate-and-fire neurons over a whole window: forward, and the adjoint backwards.
 * The equations are in reference.ts; memory layouts and units in index.ts.
 *
 * Neurons are worked on in blocks of 16 (four SIMD registers of membrane potentials, four of currents), whose
 * state stays in registers for all steps of the window; a presynaptic spike adds one cache line of weights.
 */
import { acrossSpike, adjointCurrent, inverseSlopeOf, nextPotential } from '../lif/neuron.wasm';

/** Neurons in a block, and bytes of one row of a block. */
const ROW_BYTES: usize = 64;

/**
 * @param steps time steps of the window
 * @param blocks blocks of 16 neurons
 * @param sources presynaptic neurons
 * @param starts u16[steps + 1]: the presynaptic spikes of step k are spikes[starts[k] … starts[k+1])
 * @param spikes u16[]: presynaptic neurons in order of time
 * @param weights f32[blocks][sources][16]
 * @param decayM exp(-dt/τ_m)
 * @param decayS exp(-dt/τ_s)
 * @param gain what a current of 1 at the start of a step adds to V at its end
 * @param theta threshold
 * @param slopeFloor smallest τ_m·dV/dt that a spike is taken to have
 * @param readoutGain f32[steps]: weight of a spike at the end of step k in `drive`
 * @param inverseSlope out f32[blocks][steps][16]: 1/(τ_m·dV/dt) where the neuron spikes, else 0
 * @param masks out u16[blocks][steps]: bit j set where neuron j of the block spikes
 * @param drive out f32[blocks][16]: Σ over the neuron's spikes of readoutGain
 * @param counts i32[blocks][16]: the spikes of each neuron are added to it
 */
export function forward(
  steps: i32, blocks: i32, sources: i32,
  starts: usize, spikes: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32,
  readoutGain: usize,
  inverseSlope: usize, masks: usize, drive: usize, counts: usize,
): void {
  const zero = f32x4.splat(0);
  const vTheta = f32x4.splat(theta);
  const vFloor = f32x4.splat(slopeFloor);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vGain = f32x4.splat(gain);

  for (let block: i32 = 0; block < blocks; block++) {
    const rows = weights + <usize>block * <usize>sources * ROW_BYTES;
    let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
    let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
    v128.store(drive, zero, 0); v128.store(drive, zero, 16); v128.store(drive, zero, 32); v128.store(drive, zero, 48);

    let next = spikes;
    for (let k: i32 = 0; k < steps; k++) {
      const end = spikes + (<usize>load<u16>(starts + (<usize>(k + 1) << 1)) << 1);
      if (next < end) {
        // What arrives is added up before it is added to I: that sum is exact, in any order, for weights that are
        // whole multiples of a power of two.
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        do {
          const row = rows + (<usize>load<u16>(next) << 6);
          s0 = f32x4.add(s0, v128.load(row, 0));
          s1 = f32x4.add(s1, v128.load(row, 16));
          s2 = f32x4.add(s2, v128.load(row, 32));
          s3 = f32x4.add(s3, v128.load(row, 48));
          next += 2;
        } while (next < end);
        i0 = f32x4.add(i0, s0);
        i1 = f32x4.add(i1, s1);
        i2 = f32x4.add(i2, s2);
        i3 = f32x4.add(i3, s3);
      }
      v0 = nextPotential(v0, i0, vDecayM, vGain);
      v1 = nextPotential(v1, i1, vDecayM, vGain);
      v2 = nextPotential(v2, i2, vDecayM, vGain);
      v3 = nextPotential(v3, i3, vDecayM, vGain);
      const m0 = f32x4.ge(v0, vTheta);
      const m1 = f32x4.ge(v1, vTheta);
      const m2 = f32x4.ge(v2, vTheta);
      const m3 = f32x4.ge(v3, vTheta);
      if (v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
        // The slope at a crossing inside the step: the current at its start still exceeds the threshold.
        v128.store(inverseSlope, inverseSlopeOf(m0, f32x4.sub(i0, vTheta), vFloor), 0);
        v128.store(inverseSlope, inverseSlopeOf(m1, f32x4.sub(i1, vTheta), vFloor), 16);
        v128.store(inverseSlope, inverseSlopeOf(m2, f32x4.sub(i2, vTheta), vFloor), 32);
        v128.store(inverseSlope, inverseSlopeOf(m3, f32x4.sub(i3, vTheta), vFloor), 48);
        v0 = v128.andnot(v0, m0);
        v1 = v128.andnot(v1, m1);
        v2 = v128.andnot(v2, m2);
        v3 = v128.andnot(v3, m3);
        const g = v128.load32_splat(readoutGain + (<usize>k << 2));
        v128.store(drive, f32x4.add(v128.load(drive, 0), v128.and(m0, g)), 0);
        v128.store(drive, f32x4.add(v128.load(drive, 16), v128.and(m1, g)), 16);
        v128.store(drive, f32x4.add(v128.load(drive, 32), v128.and(m2, g)), 32);
        v128.store(drive, f32x4.add(v128.load(drive, 48), v128.and(m3, g)), 48);
        v128.store(counts, i32x4.sub(v128.load(counts, 0), m0), 0);
        v128.store(counts, i32x4.sub(v128.load(counts, 16), m1), 16);
        v128.store(counts, i32x4.sub(v128.load(counts, 32), m2), 32);
        v128.store(counts, i32x4.sub(v128.load(counts, 48), m3), 48);
        store<u16>(
          masks,
          <u16>(i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4) | (i32x4.bitmask(m2) << 8) | (i32x4.bitmask(m3) << 12)),
        );
      } else {
        v128.store(inverseSlope, zero, 0);
        v128.store(inverseSlope, zero, 16);
        v128.store(inverseSlope, zero, 32);
        v128.store(inverseSlope, zero, 48);
        store<u16>(masks, 0);
      }
      i0 = f32x4.mul(i0, vDecayS);
      i1 = f32x4.mul(i1, vDecayS);
      i2 = f32x4.mul(i2, vDecayS);
      i3 = f32x4.mul(i3, vDecayS);
      inverseSlope += ROW_BYTES;
      masks += 2;
    }
    drive += ROW_BYTES;
    counts += ROW_BYTES;
  }
}

/**
 * The adjoint system from the end of the window to its start.
 *
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

  for (let block: i32 = 0; block < blocks; block++) {
    let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
    let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
    for (let k: i32 = steps - 1; k >= 0; k--) {
      const at = <usize>k * ROW_BYTES;
      const slope = inverseSlope + at;
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
    inverseSlope += <usize>steps * ROW_BYTES;
    error += errorGain ? ROW_BYTES : <usize>steps * ROW_BYTES;
    lambdaI += blockStride;
    if (lambdaDifference) lambdaDifference += <usize>steps * ROW_BYTES;
  }
}

/**
 * The error that each spike meets in the layer above: `error[k] = Σ_m w_nm·(λ_V - λ_I)_m` when it arrives.
 *
 * @param blocks blocks of the layer that sent the spikes
 * @param masks u16[blocks][steps], as from `forward`
 * @param weights f32[targetBlocks][sources][16] of the layer above
 * @param lambdaDifference f32[targetBlocks][steps][16] of the layer above
 * @param error out f32[blocks][steps][16], 0 where there is no spike
 */
export function backproject(
  steps: i32, blocks: i32, masks: usize,
  sources: i32, targetBlocks: i32, weights: usize,
  lambdaDifference: usize, error: usize,
): void {
  memory.fill(error, 0, <usize>blocks * <usize>steps * ROW_BYTES);
  for (let block: i32 = 0; block < blocks; block++) {
    // A spike at the end of the last step arrives nowhere.
    for (let k: i32 = 0; k < steps - 1; k++) {
      let bits: u32 = load<u16>(masks + (<usize>k << 1));
      while (bits != 0) {
        const lane = ctz(bits);
        bits &= bits - 1;
        let row = weights + (<usize>((<u32>block << 4) + lane) << 6);
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
        const total = (f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) +
          (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
        store<f32>(error + <usize>k * ROW_BYTES + (<usize>lane << 2), total);
      }
    }
    masks += <usize>steps << 1;
    error += <usize>steps * ROW_BYTES;
  }
}

export { backwardRecurrent, forwardRecurrent } from './recurrent.wasm';
