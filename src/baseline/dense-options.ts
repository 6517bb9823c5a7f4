import { z } from 'zod';
import type { DenseSet } from './batches.js';

/** Settings of `trainDense`, with their defaults. */
export const denseOptions = z.strictObject({
  sizes: z
    .array(z.int().positive())
    .min(2)
    .describe('neurons of each population, input first, e.g. [784, 350, 10]'),
  seed: z.union([z.int(), z.string()]).describe('every random stream of the training is derived from it'),
  epochs: z.int().positive().default(4).describe('times that every training sample is shown'),
  batch: z
    .int()
    .positive()
    .default(32)
    .describe('samples a step; the last step of an epoch takes what is left'),
  optimiser: z.enum(['sgd', 'adam']).default('sgd').describe('gradient descent with momentum, or Adam'),
  learningRate: z.number().positive().default(0.05).describe('at the start of the schedule'),
  schedule: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant') }),
      z.strictObject({ kind: z.literal('cosine') }),
      z.strictObject({ kind: z.literal('steps'), parts: z.int().positive(), factor: z.number().positive() }),
    ])
    .default({ kind: 'cosine' })
    .describe('how the learning rate goes down'),
  momentum: z.number().min(0).lt(1).default(0.9).describe("of optimiser 'sgd'"),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('decoupled: w is multiplied by 1 - rate·weightDecay a step'),
  inputDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the inputs dropped at random in training'),
  biases: z
    .boolean()
    .default(false)
    .describe(
      'whether each layer has one more source that always sends 1; without, the synapses are those of a spiking network of the same sizes, one for one',
    ),
  bits: z
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe(
      'bits of weights, inputs and activations: a quantised network, trained with a straight-through estimator; the learner keeps the weights in float32',
    ),
  countChanges: z.boolean().default(true).describe('whether weight changes are counted synapse by synapse'),
  test: z.enum(['every epoch', 'last epoch']).default('every epoch').describe('when to test'),
  network: z.string().optional().describe('name in the ledger'),
  labels: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .describe('labels in the ledger'),
});

export type DenseOptions = z.input<typeof denseOptions>;
export type DenseSettings = z.output<typeof denseOptions>;

export interface DenseData {
  train: DenseSet;
  test: DenseSet;
  classes: number;
}

/**
 * Fills in defaults and checks that the settings make sense and fit the data.
 *
 * @throws RangeError that names the setting
 */
export function checkedOptions(options: DenseOptions, data: DenseData): DenseSettings {
  const parsed = denseOptions.safeParse(options);
  if (!parsed.success) throw new RangeError(`trainDense: ${z.prettifyError(parsed.error)}`);
  const { sizes } = parsed.data;
  const features = featuresOf(data.train);
  if (sizes[0] !== features || sizes.at(-1) !== data.classes) {
    throw new RangeError(
      `trainDense: sizes ${sizes.join('-')} do not fit data with ${features} features and ${data.classes} classes`,
    );
  }
  return parsed.data;
}

/** Numbers a sample. */
export function featuresOf(set: DenseSet): number {
  return ('images' in set ? set.images : set.features).length / set.count;
}
