import * as tf from '@tensorflow/tfjs-core';
import { min } from 'simple-statistics';
import { z } from 'zod';
import { selectBackend } from '../../baseline/backend.js';
import { makeBatch } from '../../baseline/batches.js';
import { initialWeights, lossAndGradients } from '../../baseline/mlp.js';
import { adam, sgd } from '../../baseline/optimiser.js';
import { recordChanges } from '../../baseline/weight-changes.js';
import type { WeightMatrix } from '../../baseline/weight-matrix.js';
import { loadMnist } from '../../data/mnist.js';
import { type BenchContext, defineBench } from '../define-bench.js';

const options = z.strictObject({
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('wasm')
    .describe('backend of tfjs'),
  hidden: z.int().min(1).default(350).describe('hidden units'),
  batch: z.int().min(1).default(32).describe('samples a step'),
  repeats: z.int().min(1).default(20).describe('how often each part is timed; the fastest is told'),
});

type Options = z.output<typeof options>;

/** Where the time of a dense training step goes, and how tfjs's ways to multiply and transpose compare. */
export default defineBench({
  description: 'the parts of a dense training step, and the tfjs ops behind them: fastest of repeats, in ms',
  options,
  async run({ backend, ...rest }, context) {
    const { used } = await selectBackend(backend);
    const work = [...(await stepParts(rest)), ...matrixOps(rest)];
    const fastest: Record<string, number> = {};
    for (const [i, { name, run, each = 1 }] of work.entries()) {
      fastest[name] = (await fastestOf(run, rest.repeats, context.signal)) / each;
      context.progress(i + 1, work.length, name);
    }
    return { backend: used, ...rest, ...fastest };
  },
});

interface Part {
  /** Key of the result; ends with what it counts. */
  name: string;
  run(): void | Promise<void>;
  /** How often the part is done in one run. Default 1. */
  each?: number;
}

async function fastestOf(run: Part['run'], repeats: number, signal: BenchContext['signal']): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < repeats && !signal.aborted; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return min(times);
}

async function stepParts({ hidden, batch }: Omit<Options, 'backend'>): Promise<Part[]> {
  const mnist = loadMnist();
  const sizes = [mnist.pixels, hidden, mnist.classes];
  const weights: WeightMatrix[] = initialWeights({ sizes, biases: false }, 1).map((values, l) =>
    tf.variable(tf.tensor2d(values, [sizes[l + 1], sizes[l]])),
  );
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const fill = () => makeBatch(mnist.train, indices, { classes: mnist.classes, biases: false });
  const samples = fill();
  const rows = tf.tensor2d(samples.rows, [batch, mnist.pixels]);
  const targets = tf.tensor2d(samples.targets, [mnist.classes, batch]);
  const { gradients } = lossAndGradients(weights, rows, targets);
  const momentum = sgd({ momentum: 0.9, weightDecay: 0 });
  const adamW = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const changes = recordChanges(weights);
  const counted = 64;
  return [
    { name: 'msFillBatch', run: () => void fill() },
    {
      name: 'msForwardAndBackward',
      run: async () => {
        const found = lossAndGradients(weights, rows, targets);
        await found.loss.data();
        tf.dispose([found.loss, ...found.gradients]);
      },
    },
    { name: 'msMomentum', run: () => momentum.step(weights, gradients, 1e-6) },
    { name: 'msAdam', run: () => adamW.step(weights, gradients, 1e-6) },
    {
      name: 'msCountChanges',
      each: counted,
      run: async () => {
        for (let step = 0; step < counted; step++) await changes.note();
      },
    },
  ];
}

function matrixOps({ hidden, batch }: Omit<Options, 'backend'>): Part[] {
  const inputs = tf.randomNormal<tf.Rank.R2>([batch, 784]);
  const errors = tf.randomNormal<tf.Rank.R2>([batch, hidden]);
  const weights = tf.randomNormal<tf.Rank.R2>([784, hidden]);
  const columns = tf.transpose(inputs);
  const rows = tf.range(0, batch, 1, 'int32');
  const op = (name: string, compute: () => tf.Tensor): Part => ({
    name,
    run: async () => {
      const result = tf.tidy(compute);
      await result.data();
      result.dispose();
    },
  });
  return [
    op('msGradientByFlag', () => tf.matMul(inputs, errors, true, false)),
    op('msGradientByTranspose', () => tf.matMul(tf.transpose(inputs), errors)),
    // Adding makes a new tensor, as an optimiser does: the backend keeps the packed form of one that it knows.
    op('msForwardWeightsRight', () => tf.matMul(inputs, tf.add(weights, 0))),
    op('msForwardWeightsLeft', () => tf.matMul(tf.reshape(tf.add(weights, 0), [hidden, 784]), columns)),
    op('msTransposeWeights', () => tf.transpose(weights)),
    op('msGatherRows', () => tf.gather(inputs, rows)),
    op('msSqrtWeights', () => tf.sqrt(weights)),
    op('msAddWeights', () => tf.add(weights, weights)),
    op('msScalarOp', () => tf.add(tf.scalar(1), 1)),
  ];
}
