/**
 * A leaky, non-spiking readout whose mean membrane potential is the network's answer.
 * It is linear, so that a whole window of a source neuron enters as one number, its `drive`.
 * Equations in reference.ts; layouts in index.ts.
 */
import { sumOfLanes } from '../sum-of-lanes.wasm';

const ROW_BYTES: usize = 64;

/**
 * Answer: `out[block] = Σ_source drive[source]·weights[block][source]`.
 *
 * @param drive f32[sources]
 * @param weights f32[blocks][sources][16]
 * @param out f32[blocks][16]
 */
export function forward(sources: i32, blocks: i32, drive: usize, weights: usize, out: usize): void {
  for (let block: i32 = 0; block < blocks; block++) {
    let z0 = f32x4.splat(0), z1 = f32x4.splat(0), z2 = f32x4.splat(0), z3 = f32x4.splat(0);
    for (let source: i32 = 0; source < sources; source++) {
      const factor = load<f32>(drive + (<usize>source << 2));
      if (factor != 0) {
        const vFactor = f32x4.splat(factor);
        const row = weights + (<usize>source << 6);
        z0 = f32x4.add(z0, f32x4.mul(vFactor, v128.load(row, 0)));
        z1 = f32x4.add(z1, f32x4.mul(vFactor, v128.load(row, 16)));
        z2 = f32x4.add(z2, f32x4.mul(vFactor, v128.load(row, 32)));
        z3 = f32x4.add(z3, f32x4.mul(vFactor, v128.load(row, 48)));
      }
    }
    v128.store(out, z0, 0); v128.store(out, z1, 16); v128.store(out, z2, 32); v128.store(out, z3, 48);
    out += ROW_BYTES;
    weights += <usize>sources * ROW_BYTES;
  }
}

/**
 * Error of the sources that spiked: `sourceError[source] = Σ_block weights[block][source]·error[block]`,
 * 0 for a source without drive.
 */
export function backward(
  sources: i32, blocks: i32, drive: usize, weights: usize, error: usize, sourceError: usize,
): void {
  for (let source: i32 = 0; source < sources; source++) {
    let sum = f32x4.splat(0);
    if (load<f32>(drive + (<usize>source << 2)) != 0) {
      let row = weights + (<usize>source << 6);
      let e = error;
      for (let block: i32 = 0; block < blocks; block++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 0), v128.load(e, 0)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 16), v128.load(e, 16)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 32), v128.load(e, 32)));
        sum = f32x4.add(sum, f32x4.mul(v128.load(row, 48), v128.load(e, 48)));
        row += <usize>sources * ROW_BYTES;
        e += ROW_BYTES;
      }
    }
    const total = sumOfLanes(sum);
    store<f32>(sourceError + (<usize>source << 2), total);
  }
}
