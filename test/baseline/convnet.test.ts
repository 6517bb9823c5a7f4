import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { gather, type PatchShape, scatter } from '../../kernels/patches/plain.js';
import { convValues, trainConv } from '../../src/baseline/convnet.js';
import { convMacs } from '../../src/baseline/convolution.js';
import { trainDenseMany } from '../../src/baseline/dense-pool.js';
import type { ImageSet } from '../../src/data/images.js';
import { ledgerCounts, trainingCounts } from '../../src/energy/counts.js';
import { withTraffic } from '../../src/energy/traffic.js';
import { InterruptedError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';
import { eachBackend } from '../each-backend.js';

const SIDE = 16;

/** Bars across and bars down, in noise. */
function bars(count: number, seed: number): ImageSet {
  const { integer, uniform } = stream(seed, 'bars');
  const images = new Uint8Array(count * SIDE ** 2).map(() => (uniform() < 0.05 ? 120 : 0));
  const labels = Uint8Array.from({ length: count }, (_, s) => s % 2);
  for (let s = 0; s < count; s++) {
    const line = integer(SIDE);
    for (let n = 0; n < SIDE; n++) {
      images[s * SIDE ** 2 + (labels[s] ? n * SIDE + line : line * SIDE + n)] = 255;
    }
  }
  return { images, labels, count };
}

const DATA = { train: bars(60, 1), test: bars(20, 2), classes: 2 };
const OPTIONS = { filters: [2, 3] as [number, number], seed: 1, epochs: 3, batch: 8, learningRate: 0.05 };
const SHAPE = { side: SIDE, filters: [2, 3], size: 5, classes: 2 } as const;

eachBackend((backend, select) => {
  beforeEach(select);

  test('it learns bars across from bars down; a weight is written at most once a step, and no tensor stays', async () => {
    const before = tf.memory().numTensors;
    const options = { ...OPTIONS, filters: [4, 6] as [number, number], epochs: 12 };
    const { accuracy, loss, weights, ledger } = await trainConv(options, DATA);
    expect(tf.memory().numTensors).toBe(before);
    expect(loss[11]).toBeLessThan(0.5 * loss[0]);
    expect(accuracy).toHaveLength(12);
    expect(accuracy[11]).toBeGreaterThan(0.75);
    expect(weights.map(({ length }) => length)).toEqual([25 * 4, 100 * 6, 6 * 2]);
    for (const { changes } of ledger.layers) {
      expect(changes!.steps).toBe(12 * 8);
      for (const written of changes!.l0) expect(written).toBeLessThanOrEqual(12 * 8);
    }
  });

  test('the ledger counts the MACs of every place, and the values that come in and go out', async () => {
    const { ledger } = await trainConv({ ...OPTIONS, epochs: 1 }, DATA);
    const { forward, backward } = convMacs(SHAPE);
    expect(ledgerCounts(ledger, 'inference').mac).toBe(BigInt(20 * forward));
    expect(trainingCounts(ledger).mac).toBe(BigInt(60 * (forward + backward)));
    // 16² → 2 × 12² → 2 × 6² → 3 × 2² → 3 → 2
    expect(convValues(SHAPE)).toEqual([
      { in: 256, out: 288 },
      { in: 72, out: 12 },
      { in: 3, out: 2 },
    ]);
    const traffic = withTraffic(ledger, { bytesPerValue: 4, stateArrays: 1, values: convValues(SHAPE) });
    expect(ledgerCounts(traffic, 'inference').activationByte).toBe(
      BigInt(20 * 4 * (256 + 288 + 72 + 12 + 5)),
    );
  });

  test('the same seed gives the same weights; a signal ends it', async () => {
    const [one, other] = [await trainConv(OPTIONS, DATA), await trainConv(OPTIONS, DATA)];
    expect(one.weights).toEqual(other.weights);
    const before = tf.memory().numTensors;
    await expect(trainConv(OPTIONS, DATA, { signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('beside dense networks in one pool it is the same', async () => {
    const alone = await trainConv(OPTIONS, DATA);
    const [, pooled] = await trainDenseMany([{ sizes: [256, 4, 2], seed: 1, epochs: 1 }, OPTIONS], DATA, {
      backend: backend as 'wasm',
      threads: 1,
    });
    expect(pooled.weights).toEqual(alone.weights);
  });
});

test('what does not fit is refused', async () => {
  await expect(trainConv({ ...OPTIONS, size: 9 }, DATA)).rejects.toThrow(RangeError);
  await expect(trainConv({ ...OPTIONS, filters: [0, 1] }, DATA)).rejects.toThrow(/filters/);
  const odd = { ...DATA, train: { ...DATA.train, images: DATA.train.images.slice(60) } };
  await expect(trainConv(OPTIONS, odd)).rejects.toThrow(/square/);
});

describe('patches', () => {
  const shapes: fc.Arbitrary<PatchShape> = fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      height: fc.integer({ min: 1, max: 7 }),
      width: fc.integer({ min: 1, max: 7 }),
      channels: fc.integer({ min: 1, max: 3 }),
      size: fc.integer({ min: 1, max: 4 }),
    })
    .filter(({ height, width, size }) => size <= height && size <= width);

  test('each number of a row is the pixel of its place', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { batch, height, width, channels, size } = shape;
        const images = Float32Array.from({ length: batch * height * width * channels }, (_, n) => n);
        const [rows, columns] = [height - size + 1, width - size + 1];
        const found = new Float32Array(batch * rows * columns * size * size * channels);
        gather(shape, images, found);
        let at = 0;
        for (let s = 0; s < batch; s++)
          for (let y = 0; y < rows; y++)
            for (let x = 0; x < columns; x++)
              for (let dy = 0; dy < size; dy++)
                for (let dx = 0; dx < size; dx++)
                  for (let c = 0; c < channels; c++)
                    expect(found[at++]).toBe(((s * height + y + dy) * width + x + dx) * channels + c);
      }),
      { numRuns: 30 },
    );
  });

  test('scatter is the transpose of gather: ⟨gather x, r⟩ = ⟨x, scatter r⟩', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const { batch, height, width, channels, size } = shape;
        const { integer } = stream(seed, 'numbers');
        const draw = (length: number) => Float32Array.from({ length }, () => integer(9) - 4);
        const x = draw(batch * height * width * channels);
        const r = draw(batch * (height - size + 1) * (width - size + 1) * size * size * channels);
        const [gathered, scattered] = [new Float32Array(r.length), new Float32Array(x.length)];
        gather(shape, x, gathered);
        scatter(shape, r, scattered);
        const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, n) => sum + value * b[n], 0);
        expect(dot(gathered, r)).toBe(dot(x, scattered));
      }),
      { numRuns: 30 },
    );
  });
});
