/**
 * The layer of wasm.ts with weights among its own neurons: a spike at the end of a step arrives at its fellows at the
 * start of the next one. All blocks must have taken a step before any takes the next, so state lies in memory.
 * Equations in reference.ts; layouts in index.ts.
 */
import { acrossSpike, adjointCurrent, inverseSlopeOf, nextPotential } from '../lif/neuron.wasm';

const ROW_BYTES: usize = 64;

/** Adds the rows of the neurons in a mask to what a block of targets gets. */
// @ts-ignore: decorator
@inline
function addRows(bits: u32, firstRow: usize, to: usize): void {
  while (bits != 0) {
    const row = firstRow + (<usize>ctz(bits) << 6);
    bits &= bits - 1;
    for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
      v128.store(to + lane, f32x4.add(v128.load(to + lane), v128.load(row + lane)));
    }
  }
}

/**
 * Arguments as for `forward`, and
 *
 * @param recurrent f32[blocks][neurons][16], presynaptic neuron first in a block
 * @param neurons presynaptic rows of a block of `recurrent`
 * @param state f32[2][blocks][16] of work space: V and I
 */
export function forwardRecurrent(
  steps: i32, blocks: i32, sources: i32,
  starts: usize, spikes: usize, weights: usize, recurrent: usize, neurons: i32,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32,
  readoutGain: usize, state: usize,
  inverseSlope: usize, masks: usize, drive: usize, counts: usize,
): void {
  const vectors = <usize>blocks * ROW_BYTES;
  const currents = state + vectors;
  memory.fill(state, 0, 2 * vectors);
  memory.fill(drive, 0, vectors);
  const vTheta = f32x4.splat(theta);
  const vFloor = f32x4.splat(slopeFloor);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vGain = f32x4.splat(gain);

  for (let k: i32 = 0; k < steps; k++) {
    const first = spikes + (<usize>load<u16>(starts + (<usize>k << 1)) << 1);
    const end = spikes + (<usize>load<u16>(starts + (<usize>(k + 1) << 1)) << 1);
    const g = v128.load32_splat(readoutGain + (<usize>k << 2));
    for (let block: i32 = 0; block < blocks; block++) {
      const at = <usize>block * ROW_BYTES;
      const current = currents + at;
      const rows = weights + <usize>block * <usize>sources * ROW_BYTES;
      for (let next = first; next < end; next += 2) addRows(1, rows + (<usize>load<u16>(next) << 6), current);
      if (k > 0) {
        const own = recurrent + <usize>block * <usize>neurons * ROW_BYTES;
        for (let from: i32 = 0; from < blocks; from++) {
          const mask = masks + (<usize>(from * steps + k - 1) << 1);
          addRows(load<u16>(mask), own + <usize>(from << 4) * ROW_BYTES, current);
        }
      }
      const slope = inverseSlope + (<usize>(block * steps + k) << 6);
      let mask: u32 = 0;
      for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
        const i = v128.load(current + lane);
        const v = nextPotential(v128.load(state + at + lane), i, vDecayM, vGain);
        const m = f32x4.ge(v, vTheta);
        v128.store(slope + lane, inverseSlopeOf(m, f32x4.sub(i, vTheta), vFloor));
        v128.store(state + at + lane, v128.andnot(v, m));
        v128.store(current + lane, f32x4.mul(i, vDecayS));
        if (!v128.any_true(m)) continue;
        const sum = drive + at + lane;
        v128.store(sum, f32x4.add(v128.load(sum), v128.and(m, g)));
        const count = counts + at + lane;
        v128.store(count, i32x4.sub(v128.load(count), m));
        mask |= <u32>i32x4.bitmask(m) << (<u32>lane >> 2);
      }
      store<u16>(masks + (<usize>(block * steps + k) << 1), <u16>mask);
    }
  }
}

/**
 * Arguments as for `backward` and `forwardRecurrent`. A spike also meets what it did to its fellows one step later.
 *
 * @param state f32[3][blocks][16] of work space: λ_V, λ_I and the errors of a step
 */
export function backwardRecurrent(
  steps: i32, blocks: i32,
  inverseSlope: usize, masks: usize, error: usize, errorGain: usize, recurrent: usize, neurons: i32,
  decayM: f32, decayS: f32, mix: f32, theta: f32, state: usize,
  lambdaI: usize, lambdaDifference: usize, blockStride: usize,
): void {
  const vectors = <usize>blocks * ROW_BYTES;
  const currents = state + vectors;
  const errors = currents + vectors;
  memory.fill(state, 0, 3 * vectors);
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);

  for (let k: i32 = steps - 1; k >= 0; k--) {
    // λ is that of the start of step k + 1 still: what each spike of step k meets among its fellows.
    for (let block: i32 = 0; block < blocks; block++) {
      let bits: u32 = load<u16>(masks + (<usize>(block * steps + k) << 1));
      while (bits != 0) {
        const lane = ctz(bits);
        bits &= bits - 1;
        const met = fellows((block << 4) + lane, blocks, recurrent, neurons, state, currents);
        store<f32>(errors + <usize>block * ROW_BYTES + (<usize>lane << 2), met);
      }
    }
    const g = errorGain ? v128.load32_splat(errorGain + (<usize>k << 2)) : f32x4.splat(1);
    for (let block: i32 = 0; block < blocks; block++) {
      const at = <usize>block * ROW_BYTES;
      const row = <usize>(block * steps + k) << 6;
      const above = errorGain ? error + at : error + row;
      const out = lambdaI + <usize>block * blockStride + (<usize>k << 6);
      for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
        const e = f32x4.add(f32x4.mul(g, v128.load(above + lane)), v128.load(errors + at + lane));
        let v = v128.load(state + at + lane);
        v = acrossSpike(v, v128.load(inverseSlope + row + lane), vTheta, e);
        const i = adjointCurrent(v128.load(currents + at + lane), v, vDecayS, vMix);
        v = f32x4.mul(v, vDecayM);
        v128.store(state + at + lane, v);
        v128.store(currents + at + lane, i);
        v128.store(out + lane, i);
        if (lambdaDifference) v128.store(lambdaDifference + row + lane, f32x4.sub(v, i));
      }
    }
  }
}

/** Σ_m r_nm·(λ_V - λ_I)_m */
function fellows(n: i32, blocks: i32, recurrent: usize, neurons: i32, v: usize, i: usize): f32 {
  let row = recurrent + (<usize>n << 6);
  let sum = f32x4.splat(0);
  for (let block: i32 = 0; block < blocks; block++) {
    for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
      const difference = f32x4.sub(v128.load(v + lane), v128.load(i + lane));
      sum = f32x4.add(sum, f32x4.mul(v128.load(row + lane), difference));
    }
    row += <usize>neurons * ROW_BYTES;
    v += ROW_BYTES;
    i += ROW_BYTES;
  }
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}
