/**
 * The patches of images as rows, and back (im2col and its transpose), on dense row-major arrays. Stride 1, no padding.
 *
 *   rows[((s·R + y)·C + x)][(dy·k + dx)·channels + c] = images[s][y + dy][x + dx][c],   R = height - k + 1, C = width - k + 1
 */
export interface PatchShape {
  batch: number;
  height: number;
  width: number;
  channels: number;
  /** k: rows and columns of a patch. */
  size: number;
}

/** Calls `run(image, row)` for every k·channels neighbouring numbers of a patch: where they begin in image and row. */
function eachRun(
  { batch, height, width, channels, size }: PatchShape,
  run: (image: number, row: number) => void,
): void {
  let row = 0;
  for (let s = 0; s < batch; s++) {
    for (let y = 0; y + size <= height; y++) {
      for (let x = 0; x + size <= width; x++) {
        for (let dy = 0; dy < size; dy++) {
          run(((s * height + y + dy) * width + x) * channels, row);
          row += size * channels;
        }
      }
    }
  }
}

/** @param rows out [batch·R·C][k·k·channels] */
export function gather(shape: PatchShape, images: Float32Array, rows: Float32Array): void {
  const length = shape.size * shape.channels;
  eachRun(shape, (from, to) => {
    for (let n = 0; n < length; n++) rows[to + n] = images[from + n];
  });
}

/** The transpose: each pixel gets the sum of what stands for it in the rows. @param images out */
export function scatter(shape: PatchShape, rows: Float32Array, images: Float32Array): void {
  const length = shape.size * shape.channels;
  images.fill(0);
  eachRun(shape, (to, from) => {
    for (let n = 0; n < length; n++) images[to + n] += rows[from + n];
  });
}
