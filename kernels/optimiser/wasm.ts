/**
 * One step of an optimiser on a run of rows of 16 weights, with the ledger of what was written.
 * Only rows whose source had an event are touched. Equations in reference.ts; layouts in index.ts.
 */

const ROW_BYTES: usize = 64;

/** L1 is counted in quanta of 2^-24. */
const QUANTA_PER_UNIT: f32 = 16777216;

/**
 * Adam (Kingma and Ba 2015) in its sparse form: moments of a row decay only when the row is updated.
 *
 * @param rate learning rate with the bias correction folded in: η·√(1-β₂ᵗ)/(1-β₁ᵗ)
 * @param epsilon ε·√(1-β₂ᵗ)
 * @returns whether a weight moved by more than 1 (the training diverges and L1 could overflow)
 */
export function adam(
  rows: i32, active: usize, gradient: usize,
  weights: usize, first: usize, second: usize, l0: usize, l1: usize,
  beta1: f32, beta2: f32, rate: f32, epsilon: f32,
): i32 {
  const vBeta1 = f32x4.splat(beta1);
  const vBeta2 = f32x4.splat(beta2);
  const vRest1 = f32x4.splat(<f32>1 - beta1);
  const vRest2 = f32x4.splat(<f32>1 - beta2);
  const vRate = f32x4.splat(rate);
  const vEpsilon = f32x4.splat(epsilon);
  let largest = f32x4.splat(0);

  for (let row: i32 = 0; row < rows; row++) {
    if (load<u8>(active + row)) {
      for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
        const at = (<usize>row << 6) + lane;
        const g = v128.load(gradient + at);
        const m = f32x4.add(f32x4.mul(vBeta1, v128.load(first + at)), f32x4.mul(vRest1, g));
        const s = f32x4.add(f32x4.mul(vBeta2, v128.load(second + at)), f32x4.mul(vRest2, f32x4.mul(g, g)));
        v128.store(first + at, m);
        v128.store(second + at, s);
        const step = f32x4.div(f32x4.mul(vRate, m), f32x4.add(f32x4.sqrt(s), vEpsilon));
        largest = f32x4.max(largest, write(at, step, weights, l0, l1));
      }
    }
  }
  return i32(v128.any_true(f32x4.gt(largest, f32x4.splat(1))));
}

/** Gradient descent: w -= rate·gradient. Arguments and result as for `adam`. */
export function sgd(
  rows: i32, active: usize, gradient: usize,
  weights: usize, l0: usize, l1: usize,
  rate: f32,
): i32 {
  const vRate = f32x4.splat(rate);
  let largest = f32x4.splat(0);
  for (let row: i32 = 0; row < rows; row++) {
    if (load<u8>(active + row)) {
      for (let lane: usize = 0; lane < ROW_BYTES; lane += 16) {
        const at = (<usize>row << 6) + lane;
        largest = f32x4.max(largest, write(at, f32x4.mul(vRate, v128.load(gradient + at)), weights, l0, l1));
      }
    }
  }
  return i32(v128.any_true(f32x4.gt(largest, f32x4.splat(1))));
}

/**
 * Subtracts `step` from four weights, books the change that float32 arithmetic left (unless l0 is 0), and returns its
 * size.
 */
// @ts-ignore: decorator
@inline
function write(at: usize, step: v128, weights: usize, l0: usize, l1: usize): v128 {
  const before = v128.load(weights + at);
  const after = f32x4.sub(before, step);
  v128.store(weights + at, after);
  const size = f32x4.abs(f32x4.sub(after, before));
  if (l0 == 0) return size;
  v128.store(l0 + at, i32x4.sub(v128.load(l0 + at), f32x4.ne(after, before)));
  const quanta = i32x4.trunc_sat_f32x4_u(f32x4.add(f32x4.mul(size, f32x4.splat(QUANTA_PER_UNIT)), f32x4.splat(0.5)));
  v128.store(l1 + at, i32x4.add(v128.load(l1 + at), quanta));
  return size;
}

/** Moves the u32 counters of L1 into float64 totals (exact below 2^53) and clears them; `count` is even. */
export function flush(count: i32, l1: usize, total: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    store<f64>(total, load<f64>(total) + <f64>load<u32>(l1));
    store<u32>(l1, 0);
    l1 += 4;
    total += 8;
  }
}
