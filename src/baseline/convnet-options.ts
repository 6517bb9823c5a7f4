import { z } from 'zod';
import type { ConvShape } from './convolution.js';
import { type DenseData, denseOptions, featuresOf } from './dense-options.js';

const { seed, epochs, batch, learningRate, schedule, momentum, countChanges, test, network, labels } =
  denseOptions.shape;

/** Settings of `trainConv`, with their defaults: those of a dense network where they mean the same. */
const convOptions = z.strictObject({
  filters: z
    .tuple([z.int().positive(), z.int().positive()])
    .describe('filters of the two convolutions, e.g. [6, 16]'),
  size: z.int().positive().default(5).describe('rows and columns of a filter'),
  seed,
  epochs,
  batch,
  learningRate,
  schedule,
  momentum,
  countChanges,
  test,
  network,
  labels,
});

export type ConvOptions = z.input<typeof convOptions>;
export type ConvSettings = z.output<typeof convOptions> & { shape: ConvShape };

/**
 * Fills in defaults and checks that the settings make sense and fit the data, whose images are square.
 *
 * @throws RangeError that names the setting
 */
export function checkedConv(options: ConvOptions, data: DenseData): ConvSettings {
  const parsed = convOptions.safeParse(options);
  if (!parsed.success) throw new RangeError(`trainConv: ${z.prettifyError(parsed.error)}`);
  const { filters, size } = parsed.data;
  const side = Math.sqrt(featuresOf(data.train));
  if (!Number.isInteger(side)) {
    throw new RangeError(`trainConv: images of ${featuresOf(data.train)} pixels, which are not square`);
  }
  const shape: ConvShape = { side, filters, size, classes: data.classes };
  // The second convolution must leave two rows to be pooled.
  if (Math.floor((side - size + 1) / 2) < size + 1) {
    throw new RangeError(`trainConv: filters of ${size} × ${size} do not fit images of ${side} × ${side}`);
  }
  return { ...parsed.data, shape };
}
