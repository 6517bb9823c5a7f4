import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DenseData, trainDense } from '../../src/baseline/dense.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { yinYang } from '../../src/data/yin-yang.js';
import type { DenseLayerLedger } from '../../src/energy/ledger.js';
import { InterruptedError, RunError } from '../../src/util/errors.js';
import { eachBackend } from '../each-backend.js';

const YIN_YANG: DenseData = { train: yinYang(200, 'train'), test: yinYang(100, 'test'), classes: 3 };
const SMALL = { sizes: [4, 8, 3], seed: 1, epochs: 2, batch: 32, learningRate: 0.1 };

eachBackend((_, select) => {
  beforeAll(select);

  test('no tensor is left behind, whether it ends, is interrupted or fails', async () => {
    const before = tf.memory().numTensors;
    for (const optimiser of ['sgd', 'adam'] as const) {
      await trainDense({ ...SMALL, optimiser, biases: true, inputDropout: 0.1, weightDecay: 0.01 }, YIN_YANG);
    }
    const abort = new AbortController();
    const interrupted = trainDense(SMALL, YIN_YANG, {
      signal: abort.signal,
      progress: ({ done }) => done === 3 && abort.abort(),
    });
    await expect(interrupted).rejects.toThrow(InterruptedError);
    await expect(trainDense({ ...SMALL, learningRate: 1e30 }, YIN_YANG)).rejects.toThrow(RunError);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the same seed gives the same weights and counts, another seed others', async () => {
    const options = { ...SMALL, inputDropout: 0.2 };
    const [first, again, other] = [
      await trainDense(options, YIN_YANG),
      await trainDense(options, YIN_YANG),
      await trainDense({ ...options, seed: 2 }, YIN_YANG),
    ];
    expect(again).toEqual(first);
    expect(other.weights).not.toEqual(first.weights);
  });

  test('the ledger holds one MAC a synapse and pass, and the samples shown', async () => {
    const { ledger } = await trainDense({ ...SMALL, sizes: [4, 8, 5, 3] }, YIN_YANG);
    expect(ledger).toMatchObject({ inferences: 100, trainingSamples: 400 });
    const layers = ledger.layers as DenseLayerLedger[];
    expect(layers.map(({ sources, targets }) => [sources, targets])).toEqual([
      [4, 8],
      [8, 5],
      [5, 3],
    ]);
    expect(layers.map((l) => l.inferenceMacsPerSynapse)).toEqual([100, 100, 100]);
    expect(layers.map((l) => l.trainingForwardMacsPerSynapse)).toEqual([400, 400, 400]);
    expect(layers.map((l) => l.trainingBackwardMacsPerSynapse)).toEqual([400, 800, 800]);
  });

  test('one step of plain gradient descent writes what L0 and L1 say', async () => {
    const options = { ...SMALL, epochs: 1, batch: 200, momentum: 0 };
    const before = await trainDense({ ...options, learningRate: 1e-30 }, YIN_YANG);
    const after = await trainDense(options, YIN_YANG);
    after.ledger.layers.forEach((layer, l) => {
      const { l0, l1Quanta, steps } = layer.changes!;
      expect(steps).toBe(1);
      after.weights[l].forEach((weight, synapse) => {
        const change = Math.abs(weight - before.weights[l][synapse]);
        expect(l0[synapse]).toBe(change === 0 ? 0 : 1);
        expect(Math.abs(l1Quanta[synapse] - change * 2 ** 24)).toBeLessThanOrEqual(0.51);
      });
    });
  });

  test('learns the Yin-Yang sign beyond what any linear classifier can', async () => {
    const data = { train: yinYang(3000, 'train'), test: yinYang(1000, 'test'), classes: 3 };
    const options = { sizes: [4, 40, 3], seed: 1, epochs: 8, batch: 16, learningRate: 0.1, biases: true };
    const { accuracy } = await trainDense({ ...options, test: 'last epoch' }, data);
    // A linear classifier reaches 64 % (Kriener et al. 2022).
    expect(accuracy).toHaveLength(1);
    expect(accuracy[0]).toBeGreaterThan(0.85);
  });
});

describe('on wasm', () => {
  beforeAll(async () => {
    const { selectBackend } = await import('../../src/baseline/backend.js');
    await selectBackend('wasm');
  });

  test('10,000 digits, 100 hidden units, two epochs: above 93 %', async () => {
    const mnist = loadMnist();
    const data = { train: subset(mnist.train, 10_000, 1), test: mnist.test, classes: 10 };
    const { accuracy, loss, ledger } = await trainDense({ sizes: [784, 100, 10], seed: 1, epochs: 2 }, data);
    expect(accuracy[1]).toBeGreaterThan(0.93);
    expect(loss[1]).toBeLessThan(loss[0]);
    // A pixel that is 0 in all samples has no gradient: its synapses are never written.
    const { l0 } = ledger.layers[0].changes!;
    const seen = new Array(784).fill(false);
    data.train.images.forEach((value, i) => {
      if (value > 0) seen[i % 784] = true;
    });
    const writtenUnseen = l0.filter((count, synapse) => count > 0 && !seen[Math.floor(synapse / 100)]);
    expect(seen).toContain(false);
    expect(writtenUnseen).toHaveLength(0);
    expect(l0.some((count) => count > 500)).toBe(true);
  });

  test('progress counts every step once and carries the last accuracy', async () => {
    const steps: number[] = [];
    const accuracies = new Set<number | null>();
    const { accuracy } = await trainDense(SMALL, YIN_YANG, {
      progress: (p) => {
        steps.push(p.done);
        accuracies.add(p.accuracy);
        expect(p.total).toBe(14);
      },
    });
    expect(steps).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect([...accuracies]).toEqual([null, accuracy[0]]);
  });

  test('options that make no sense are refused by name', async () => {
    const bad = (options: object) => trainDense({ ...SMALL, ...options }, YIN_YANG);
    await expect(bad({ sizes: [5, 3] })).rejects.toThrow(
      /sizes 5-3 do not fit data with 4 features and 3 classes/,
    );
    await expect(bad({ batch: 0 })).rejects.toThrow(/batch/);
    await expect(bad({ inputDropout: 1 })).rejects.toThrow(/inputDropout/);
    await expect(bad({ epoch: 3 })).rejects.toThrow(/epoch/);
  });
});
