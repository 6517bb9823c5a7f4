import { expect, test } from 'vitest';
import { GARMENTS, garments } from '../../src/data/garments.js';

test('the same seed draws the same garments, another seed and the test set others', () => {
  const [first, again, other] = [garments(50, 20, 1), garments(50, 20, 1), garments(50, 20, 2)];
  expect(again).toEqual(first);
  expect(other.train.images).not.toEqual(first.train.images);
  expect(first.test.images).not.toEqual(first.train.images.subarray(0, first.test.images.length));
});

test('every class is drawn, no image is empty, and brightness tells little', () => {
  const { train } = garments(600, 1, 3);
  const means = GARMENTS.map(() => [] as number[]);
  for (let s = 0; s < train.count; s++) {
    const lit = train.images.subarray(784 * s, 784 * (s + 1)).filter((x) => x > 0);
    expect(lit.length).toBeGreaterThan(20);
    means[train.labels[s]].push(lit.reduce((sum, x) => sum + x, 0) / lit.length);
  }
  const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const all = means.map(average);
  for (const mean of all) expect(Math.abs(mean - average(all))).toBeLessThan(30);
});
