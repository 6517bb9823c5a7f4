/**
 * Gradients of a block of 16 targets for a run of rows (sources), summed over the samples of a batch in float64 and
 * handed to the optimiser in float32. Each row is summed by one thread, in the order of the samples.
 */

const GRADIENT_ROW: usize = 64;
const LAMBDA_ROW: usize = 128;

/**
 * Files the arrivals of one sample as events by source, as `file` of ../spike-lists does; an event is `base` plus the
 * place of its time among the distinct times of the sample.
 */
export function fileArrivals(
  arrivals: i32, from: usize, em: usize, base: i32, rowStarts: usize, events: usize,
): void {
  let row = base - 1;
  let last: f64 = 0;
  for (let a: i32 = 0; a < arrivals; a++) {
    const now = load<f64>(em + (<usize>a << 3));
    if (now != last) row++;
    last = now;
    const next = rowStarts + (<usize>load<u16>(from + (<usize>a << 1)) << 2);
    const at = load<u32>(next, 4);
    store<u32>(events + (<usize>at << 2), <u32>row);
    store<u32>(next, at + 1, 4);
  }
}

/** The same for the spikes of a recurrent layer: each has a row of its own, whatever its time. */
export function fileSpikes(spikes: i32, from: usize, base: i32, rowStarts: usize, events: usize): void {
  for (let spike: i32 = 0; spike < spikes; spike++) {
    const next = rowStarts + (<usize>load<u16>(from + (<usize>spike << 1)) << 2);
    const at = load<u32>(next, 4);
    store<u32>(events + (<usize>at << 2), <u32>(base + spike));
    store<u32>(next, at + 1, 4);
  }
}

/**
 * `gradient[row] = scale · Σ vectors[event]` over the row's events.
 *
 * @param rowStarts u32[], events u32[] as filed; @param vectors f64[][16]
 * @param gradient out f32[lastRow - firstRow][16]
 * @param active out u8[lastRow - firstRow]: 1 where the row had an event
 */
export function fromRows(
  firstRow: i32, lastRow: i32, rowStarts: usize, events: usize, vectors: usize, scale: f64,
  gradient: usize, active: usize,
): void {
  for (let row: i32 = firstRow; row < lastRow; row++) {
    const at = rowStarts + (<usize>row << 2);
    const start = events + (<usize>load<u32>(at) << 2);
    const end = events + (<usize>load<u32>(at, 4) << 2);
    store<u8>(active++, start < end ? 1 : 0);
    if (start < end) {
      let g0 = f64x2.splat(0), g1 = f64x2.splat(0), g2 = f64x2.splat(0), g3 = f64x2.splat(0);
      let g4 = f64x2.splat(0), g5 = f64x2.splat(0), g6 = f64x2.splat(0), g7 = f64x2.splat(0);
      for (let event = start; event < end; event += 4) {
        const vector = vectors + <usize>load<u32>(event) * LAMBDA_ROW;
        g0 = f64x2.add(g0, v128.load(vector, 0));
        g1 = f64x2.add(g1, v128.load(vector, 16));
        g2 = f64x2.add(g2, v128.load(vector, 32));
        g3 = f64x2.add(g3, v128.load(vector, 48));
        g4 = f64x2.add(g4, v128.load(vector, 64));
        g5 = f64x2.add(g5, v128.load(vector, 80));
        g6 = f64x2.add(g6, v128.load(vector, 96));
        g7 = f64x2.add(g7, v128.load(vector, 112));
      }
      const vScale = f64x2.splat(scale);
      v128.store(gradient, narrow(f64x2.mul(g0, vScale), f64x2.mul(g1, vScale)), 0);
      v128.store(gradient, narrow(f64x2.mul(g2, vScale), f64x2.mul(g3, vScale)), 16);
      v128.store(gradient, narrow(f64x2.mul(g4, vScale), f64x2.mul(g5, vScale)), 32);
      v128.store(gradient, narrow(f64x2.mul(g6, vScale), f64x2.mul(g7, vScale)), 48);
    }
    gradient += GRADIENT_ROW;
  }
}

/**
 * `gradient[row] = scale · Σ_sample drive[sample][row] · error[sample]`; drive and error are f64, strides in bytes.
 */
export function fromDrive(
  firstRow: i32, lastRow: i32, samples: i32,
  drive: usize, driveStride: usize, error: usize, errorStride: usize, scale: f64,
  gradient: usize, active: usize,
): void {
  const vScale = f64x2.splat(scale);
  for (let row: i32 = firstRow; row < lastRow; row++) {
    let driven = false;
    for (let lane: usize = 0; lane < GRADIENT_ROW; lane += 16) {
      let low = f64x2.splat(0), high = f64x2.splat(0);
      let driver = drive + (<usize>row << 3);
      let from = error + (lane << 1);
      for (let sample: i32 = 0; sample < samples; sample++) {
        const d = load<f64>(driver);
        if (d != 0.0) {
          driven = true;
          low = f64x2.add(low, f64x2.mul(f64x2.splat(d), v128.load(from)));
          high = f64x2.add(high, f64x2.mul(f64x2.splat(d), v128.load(from, 16)));
        }
        driver += driveStride;
        from += errorStride;
      }
      v128.store(gradient + lane, narrow(f64x2.mul(low, vScale), f64x2.mul(high, vScale)));
    }
    store<u8>(active++, driven ? 1 : 0);
    gradient += GRADIENT_ROW;
  }
}

// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
