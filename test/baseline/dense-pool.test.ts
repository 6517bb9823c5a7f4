import { expect, test } from 'vitest';
import { selectBackend } from '../../src/baseline/backend.js';
import type { DenseData, DenseOptions } from '../../src/baseline/dense.js';
import { trainDenseMany } from '../../src/baseline/dense-pool.js';
import { yinYang } from '../../src/data/yin-yang.js';
import { InterruptedError, RunError } from '../../src/util/errors.js';

const DATA: DenseData = { train: yinYang(300, 'train'), test: yinYang(100, 'test'), classes: 3 };
const NETWORKS: DenseOptions[] = [4, 16, 8].map((hidden) => ({
  sizes: [4, hidden, 3],
  seed: hidden,
  epochs: 2,
}));

test('two workers give the networks that one thread gives, in the order asked for', async () => {
  await selectBackend('wasm');
  const alone = await trainDenseMany(NETWORKS, DATA, { backend: 'wasm', threads: 1 });
  const together = await trainDenseMany(NETWORKS, DATA, { backend: 'wasm', threads: 2 });
  expect(alone.map(({ ledger }) => ledger.network)).toEqual([
    'dense 4-4-3, seed 4',
    'dense 4-16-3, seed 16',
    'dense 4-8-3, seed 8',
  ]);
  expect(together).toEqual(alone);
});

test('progress rises to the arithmetic of all networks, counted in closed form', async () => {
  const seen: [number, number][] = [];
  await trainDenseMany(NETWORKS, DATA, { backend: 'wasm', threads: 2, progress: (...p) => seen.push(p) });
  // Two epochs of ten steps of 32: forward 4h + 3h, backward 4h + 2·3h multiply-accumulates a sample.
  const total = [4, 16, 8].reduce((sum, hidden) => sum + 20 * 32 * 17 * hidden, 0);
  expect(seen.at(-1)).toEqual([total, total]);
  expect(seen.every(([done], i) => i === 0 || done >= seen[i - 1][0])).toBe(true);
});

test('a network that diverges ends all with its message', async () => {
  const networks = [...NETWORKS, { ...NETWORKS[0], learningRate: 1e30 }];
  const training = trainDenseMany(networks, DATA, { backend: 'wasm', threads: 2 });
  await expect(training).rejects.toThrow(RunError);
  await expect(training).rejects.toThrow(/use a smaller learning rate than 1e\+30/);
});

test('an interrupt ends the workers', async () => {
  const abort = new AbortController();
  const training = trainDenseMany([{ ...NETWORKS[0], epochs: 100_000 }, NETWORKS[1]], DATA, {
    backend: 'wasm',
    threads: 2,
    signal: abort.signal,
    progress: () => abort.abort(),
  });
  await expect(training).rejects.toThrow(InterruptedError);
});
