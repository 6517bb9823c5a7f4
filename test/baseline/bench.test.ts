import { expect, test } from 'vitest';
import { benchDense } from '../../src/cli/bench/dense.js';

test('a step of 784-512-10 at batch 128 on wasm is at least twice as fast as plain tfjs, and leaves no tensor', async () => {
  const result = await benchDense({ backend: 'wasm', repeats: 5 });
  expect(result).toMatchObject({ backend: 'wasm', sizes: [784, 512, 10], batch: 128 });
  // The fastest of each, taken in turns: other jobs on the machine slow both.
  expect(result.fastest.naiveMsPerStep / result.fastest.msPerStep).toBeGreaterThan(2);
  expect(result.tensorsAfter).toBe(result.tensorsBefore);
});
