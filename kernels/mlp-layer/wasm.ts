/**
 * A dense layer, one row of weights a target. Rows are `stride` floats apart, a multiple of 4, padded with zeros.
 * Equations in reference.ts.
 */
import { sumOfLanes } from '../sum-of-lanes.wasm';

/** Σ_i a_i·b_i over `stride` floats. */
function dot(a: usize, b: usize, stride: i32): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  const end = a + ((<usize>stride) << 2);
  const pairs = a + ((<usize>stride >> 3) << 5);
  while (a < pairs) {
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)));
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  if (a < end) sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)));
  return sumOfLanes(f32x4.add(sum0, sum1));
}

/** y_j = Σ_i w_ji·x_i */
export function drive(w: usize, x: usize, y: usize, targets: i32, stride: i32): void {
  const row = (<usize>stride) << 2;
  for (let j: i32 = 0; j < targets; j++) {
    store<f32>(y + ((<usize>j) << 2), dot(w, x, stride));
    w += row;
  }
}

/** y_j = Σ_i (l_ji + scale·s_ji)·x_i */
export function driveCached(
  l: usize,
  s: usize,
  scale: f32,
  x: usize,
  y: usize,
  targets: i32,
  stride: i32,
): void {
  const row = (<usize>stride) << 2;
  for (let j: i32 = 0; j < targets; j++) {
    let sumL = f32x4.splat(0);
    let sumS = f32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const input = v128.load(x + at);
      sumL = f32x4.add(sumL, f32x4.mul(v128.load(l + at), input));
      sumS = f32x4.add(sumS, f32x4.mul(v128.load(s + at), input));
    }
    store<f32>(y + ((<usize>j) << 2), sumOfLanes(sumL) + scale * sumOfLanes(sumS));
    l += row;
    s += row;
  }
}

/** e_i = Σ_j g_j·w_ji */
export function backward(w: usize, g: usize, e: usize, targets: i32, stride: i32): void {
  const row = (<usize>stride) << 2;
  memory.fill(e, 0, row);
  for (let j: i32 = 0; j < targets; j++) {
    addRow(e, w, load<f32>(g + ((<usize>j) << 2)), row);
    w += row;
  }
}

/** w_ji += g_j·x_i for the rows with g_j ≠ 0 */
export function addOuter(w: usize, x: usize, g: usize, targets: i32, stride: i32): void {
  const row = (<usize>stride) << 2;
  for (let j: i32 = 0; j < targets; j++) {
    const factor = load<f32>(g + ((<usize>j) << 2));
    if (factor !== 0) addRow(w, x, factor, row);
    w += row;
  }
}

function addRow(to: usize, from: usize, factor: f32, bytes: usize): void {
  const f = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(f, v128.load(from + at))));
  }
}

/** w_ji += g_j·x_i for the synapses of a list; an entry is j·2^16 + i. */
export function addEntries(w: usize, x: usize, g: usize, list: usize, count: i32, stride: i32): void {
  for (let k: i32 = 0; k < count; k++) {
    const entry = load<u32>(list + ((<usize>k) << 2));
    const i = <usize>(entry & 0xffff);
    const j = <usize>(entry >> 16);
    const at = w + ((j * <usize>stride + i) << 2);
    store<f32>(at, load<f32>(at) + load<f32>(g + (j << 2)) * load<f32>(x + (i << 2)));
  }
}

/** w_ji += g_j·xs_k for the first prefix_j places k of an order of sources, i = order[k]. */
export function addPrefixes(
  w: usize,
  order: usize,
  xs: usize,
  g: usize,
  prefix: usize,
  targets: i32,
  stride: i32,
): void {
  for (let j: i32 = 0; j < targets; j++) {
    const end = <usize>load<i32>(prefix + ((<usize>j) << 2)) << 2;
    const factor = load<f32>(g + ((<usize>j) << 2));
    for (let k: usize = 0; k < end; k += 4) {
      const at = w + (<usize>load<u32>(order + k) << 2);
      store<f32>(at, load<f32>(at) + factor * load<f32>(xs + k));
    }
    w += (<usize>stride) << 2;
  }
}

/** to_ji = g_j·x_i */
export function outer(to: usize, x: usize, g: usize, targets: i32, stride: i32): void {
  const row = (<usize>stride) << 2;
  for (let j: i32 = 0; j < targets; j++) {
    const f = f32x4.splat(load<f32>(g + ((<usize>j) << 2)));
    for (let at: usize = 0; at < row; at += 16) v128.store(to + at, f32x4.mul(f, v128.load(x + at)));
    to += row;
  }
}

/** w += changes, elementwise. */
export function add(w: usize, changes: usize, length: i32): void {
  for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
    v128.store(w + at, f32x4.add(v128.load(w + at), v128.load(changes + at)));
  }
}

/** to = l + scale·s, elementwise. */
export function effective(to: usize, l: usize, s: usize, scale: f32, length: i32): void {
  const f = f32x4.splat(scale);
  for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(l + at), f32x4.mul(f, v128.load(s + at))));
  }
}

/**
 * `drive` for four samples at once, so that each weight is loaded once for four products.
 * x holds four rows of `stride` floats, y four rows of `targets` floats, `yStride` floats apart.
 */
export function driveFour(w: usize, x: usize, y: usize, targets: i32, stride: i32, yStride: i32): void {
  const row = (<usize>stride) << 2;
  const x1 = x + row;
  const x2 = x1 + row;
  const x3 = x2 + row;
  const yRow = (<usize>yStride) << 2;
  for (let j: i32 = 0; j < targets; j += 2) {
    // A second row of weights shares the loads of x; the last one of an odd number is computed twice.
    const other = j + 1 < targets ? w + row : w;
    let a0 = f32x4.splat(0),
      a1 = f32x4.splat(0),
      a2 = f32x4.splat(0),
      a3 = f32x4.splat(0);
    let b0 = f32x4.splat(0),
      b1 = f32x4.splat(0),
      b2 = f32x4.splat(0),
      b3 = f32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const wa = v128.load(w + at);
      const wb = v128.load(other + at);
      const v0 = v128.load(x + at);
      const v1 = v128.load(x1 + at);
      const v2 = v128.load(x2 + at);
      const v3 = v128.load(x3 + at);
      a0 = f32x4.add(a0, f32x4.mul(wa, v0));
      a1 = f32x4.add(a1, f32x4.mul(wa, v1));
      a2 = f32x4.add(a2, f32x4.mul(wa, v2));
      a3 = f32x4.add(a3, f32x4.mul(wa, v3));
      b0 = f32x4.add(b0, f32x4.mul(wb, v0));
      b1 = f32x4.add(b1, f32x4.mul(wb, v1));
      b2 = f32x4.add(b2, f32x4.mul(wb, v2));
      b3 = f32x4.add(b3, f32x4.mul(wb, v3));
    }
    const at = y + ((<usize>j) << 2);
    store<f32>(at, sumOfLanes(a0));
    store<f32>(at + yRow, sumOfLanes(a1));
    store<f32>(at + 2 * yRow, sumOfLanes(a2));
    store<f32>(at + 3 * yRow, sumOfLanes(a3));
    if (other !== w) {
      store<f32>(at + 4, sumOfLanes(b0));
      store<f32>(at + yRow + 4, sumOfLanes(b1));
      store<f32>(at + 2 * yRow + 4, sumOfLanes(b2));
      store<f32>(at + 3 * yRow + 4, sumOfLanes(b3));
    }
    w += 2 * row;
  }
}
