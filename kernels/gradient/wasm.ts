/**
 * Gradients of a block of 16 targets for a run of rows (sources), summed over the samples of a batch.
 * Equations in reference.ts; layouts in index.ts.
 *
 * Each row is summed by one thread, in the order of the samples: the result does not depend on who does it.
 */

const ROW_BYTES: usize = 64;

/**
 * Sum of the vectors that the row's events point to: `gradient[row] = scale · Σ vectors[event]`.
 *
 * @param rowStarts u32[rows + 1]: the events of row r are events[rowStarts[r] … rowStarts[r+1])
 * @param events u32[]: indices into `vectors`
 * @param vectors f32[][16]
 * @param gradient out f32[lastRow - firstRow][16]
 * @param active out u8[lastRow - firstRow]: 1 where the row had an event
 */
export function fromEvents(
  firstRow: i32, lastRow: i32,
  rowStarts: usize, events: usize, vectors: usize, scale: f32,
  gradient: usize, active: usize,
): void {
  const vScale = f32x4.splat(scale);
  for (let row: i32 = firstRow; row < lastRow; row++) {
    const at = rowStarts + (<usize>row << 2);
    let event = events + (<usize>load<u32>(at) << 2);
    const end = events + (<usize>load<u32>(at, 4) << 2);
    store<u8>(active, event < end ? 1 : 0);
    if (event < end) {
      let g0 = f32x4.splat(0), g1 = f32x4.splat(0), g2 = f32x4.splat(0), g3 = f32x4.splat(0);
      while (event < end) {
        const vector = vectors + (<usize>load<u32>(event) << 6);
        g0 = f32x4.add(g0, v128.load(vector, 0));
        g1 = f32x4.add(g1, v128.load(vector, 16));
        g2 = f32x4.add(g2, v128.load(vector, 32));
        g3 = f32x4.add(g3, v128.load(vector, 48));
        event += 4;
      }
      v128.store(gradient, f32x4.mul(g0, vScale), 0);
      v128.store(gradient, f32x4.mul(g1, vScale), 16);
      v128.store(gradient, f32x4.mul(g2, vScale), 32);
      v128.store(gradient, f32x4.mul(g3, vScale), 48);
    }
    gradient += ROW_BYTES;
    active++;
  }
}

/**
 * Sum of outer products: `gradient[row] = scale · Σ_sample drive[sample][row] · error[sample]`.
 *
 * @param drive f32[samples][…]: rows are consecutive, samples `driveStride` bytes apart
 * @param error f32[samples][16], samples `errorStride` bytes apart
 */
export function fromDrive(
  firstRow: i32, lastRow: i32, samples: i32,
  drive: usize, driveStride: usize, error: usize, errorStride: usize, scale: f32,
  gradient: usize, active: usize,
): void {
  const vScale = f32x4.splat(scale);
  for (let row: i32 = firstRow; row < lastRow; row++) {
    let g0 = f32x4.splat(0), g1 = f32x4.splat(0), g2 = f32x4.splat(0), g3 = f32x4.splat(0);
    let any: u8 = 0;
    let from = drive + (<usize>row << 2);
    let vector = error;
    for (let sample: i32 = 0; sample < samples; sample++) {
      const factor = load<f32>(from);
      if (factor != 0) {
        const vFactor = f32x4.splat(factor);
        g0 = f32x4.add(g0, f32x4.mul(vFactor, v128.load(vector, 0)));
        g1 = f32x4.add(g1, f32x4.mul(vFactor, v128.load(vector, 16)));
        g2 = f32x4.add(g2, f32x4.mul(vFactor, v128.load(vector, 32)));
        g3 = f32x4.add(g3, f32x4.mul(vFactor, v128.load(vector, 48)));
        any = 1;
      }
      from += driveStride;
      vector += errorStride;
    }
    store<u8>(active, any);
    v128.store(gradient, f32x4.mul(g0, vScale), 0);
    v128.store(gradient, f32x4.mul(g1, vScale), 16);
    v128.store(gradient, f32x4.mul(g2, vScale), 32);
    v128.store(gradient, f32x4.mul(g3, vScale), 48);
    gradient += ROW_BYTES;
    active++;
  }
}
