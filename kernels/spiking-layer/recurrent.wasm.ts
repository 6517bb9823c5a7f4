/**
 * The adjoint of a layer with weights among its own neurons: a spike at the end of a step arrived at its fellows at the
 * start of the next one. All blocks must have taken a step before any takes the next, so state lies in memory.
 * Equations in reference.ts; layouts in index.ts.
 */
import { acrossSpike, adjointCurrent } from '../lif/neuron.wasm';
import { sumOfLanes } from '../sum-of-lanes.wasm';

const ROW_BYTES: usize = 64;

/**
 * Arguments as for `backward` and, of its spikes, `book`. A spike also meets what it did to its fellows one step later.
 *
 * @param recurrent f32[blocks][neurons][16], presynaptic neuron first in a block
 * @param neurons presynaptic rows of a block of `recurrent`
 * @param state f32[3][blocks][16] of work space: λ_V, λ_I and the errors of a step
 */
export function backwardRecurrent(
  steps: i32, blocks: i32,
  inverseSlope: usize, spikeCounts: usize, spikeLists: usize, listBytes: i32, error: usize, errorGain: usize, recurrent: usize, neurons: i32,
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
    const list = spikeLists + <usize>k * <usize>listBytes;
    const end = list + (<usize>load<u32>(spikeCounts + (<usize>k << 2)) << 2);
    for (let at = list; at < end; at += 4) {
      const neuron = load<u32>(at);
      store<f32>(errors + (<usize>neuron << 2), fellows(neuron, blocks, recurrent, neurons, state, currents));
    }
    const g = errorGain ? v128.load32_splat(errorGain + (<usize>k << 2)) : f32x4.splat(1);
    for (let block: i32 = 0; block < blocks; block++) {
      const at = <usize>block * ROW_BYTES;
      const row = <usize>(block * steps + k) << 6;
      const slope = inverseSlope + (<usize>(k * blocks + block) << 6);
      const above = errorGain ? error + at : error + row;
      const out = lambdaI + <usize>block * blockStride + (<usize>k << 6);
      for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
        const e = f32x4.add(f32x4.mul(g, v128.load(above + lane)), v128.load(errors + at + lane));
        let v = v128.load(state + at + lane);
        v = acrossSpike(v, v128.load(slope + lane), vTheta, e);
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
function fellows(n: u32, blocks: i32, recurrent: usize, neurons: i32, v: usize, i: usize): f32 {
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
  return sumOfLanes(sum);
}
