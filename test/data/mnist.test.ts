import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImageSet, subset } from '../../src/data/images.js';
import { loadImageFolder, loadMnist } from '../../src/data/mnist.js';

function classCounts(labels: Uint8Array): number[] {
  const counts = new Array(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

describe('MNIST', () => {
  const mnist = loadMnist();

  test('has 60,000 and 10,000 digits of 28 by 28 pixels in ten classes', () => {
    expect(mnist).toMatchObject({ rows: 28, columns: 28, pixels: 784, classes: 10 });
    expect(mnist.train.count).toBe(60_000);
    expect(mnist.train.images).toHaveLength(60_000 * 784);
    expect(mnist.train.labels).toHaveLength(60_000);
    expect(mnist.test.count).toBe(10_000);
    expect(mnist.test.images).toHaveLength(10_000 * 784);
  });

  test('holds the published number of each digit', () => {
    // The counts of the digits 0 to 9 that textbooks and data-set cards give for MNIST.
    expect(classCounts(mnist.train.labels)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(classCounts(mnist.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('has the published mean and standard deviation of its training pixels', () => {
    // 0.1307 and 0.3081 of full scale: the constants that every tutorial normalises with.
    let sum = 0;
    let squares = 0;
    for (const value of mnist.train.images) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / mnist.train.images.length;
    expect(mean / 255).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / mnist.train.images.length - mean ** 2) / 255).toBeCloseTo(0.3081, 4);
  });
});

describe('subset', () => {
  const set: ImageSet = {
    count: 200,
    images: Uint8Array.from({ length: 400 }, (_, i) => i >> 1),
    labels: Uint8Array.from({ length: 200 }, (_, i) => (i * i) % 4),
  };

  test('is balanced, without replacement, and keeps image and label together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (n, seed) => {
        const part = subset(set, n, seed);
        expect(part.count).toBe(n);
        const chosen = Array.from({ length: n }, (_, i) => part.images[2 * i]);
        expect(new Set(chosen).size).toBe(n);
        chosen.forEach((index, i) => {
          expect(part.images[2 * i + 1]).toBe(index);
          expect(part.labels[i]).toBe(set.labels[index]);
        });
        const [zeros, ones] = [0, 1].map((label) => part.labels.filter((l) => l === label).length);
        if (n < 200) expect(Math.abs(zeros - ones)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a smaller one is a prefix of a larger one of the same seed, and seeds differ', () => {
    const large = subset(set, 150, 1);
    expect(subset(set, 60, 1).images).toEqual(large.images.subarray(0, 120));
    expect(subset(set, 150, 2).images).not.toEqual(large.images);
  });

  test('refuses more than there is', () => {
    expect(() => subset(set, 201, 1)).toThrow(/1 to 200/);
  });
});

describe('a folder of IDX files', () => {
  let folder: string;
  const header = (type: number[], ...sizes: number[]) =>
    Buffer.concat([Buffer.from(type), ...sizes.map((n) => Buffer.from([0, 0, 0, n]))]);
  const images = (n: number) => Buffer.concat([header([0, 0, 8, 3], n, 2, 3), Buffer.alloc(6 * n, 9)]);
  const labels = (n: number) => Buffer.concat([header([0, 0, 8, 1], n), Buffer.alloc(n, 2)]);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'femtospike-images-'));
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), images(4));
    writeFileSync(join(folder, 'train-labels-idx1-ubyte'), labels(4));
    writeFileSync(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(images(2)));
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte.gz'), gzipSync(labels(2)));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read at any image size, plain or gzipped', () => {
    const data = loadImageFolder(folder);
    expect(data).toMatchObject({ rows: 2, columns: 3, pixels: 6, classes: 3 });
    expect(data.train.count).toBe(4);
    expect(data.test.images).toEqual(new Uint8Array(12).fill(9));
  });

  test('is not taken for MNIST: the MD5 is checked', () => {
    expect(() => loadMnist(folder)).toThrow(
      /train-labels-idx1-ubyte: MD5 is [0-9a-f]{32}, expected a25bea736e30d166cdddb491f175f624/,
    );
  });

  test('with files that do not belong together is refused', () => {
    const other = mkdtempSync(join(tmpdir(), 'femtospike-images-'));
    try {
      cpSync(folder, other, { recursive: true });
      writeFileSync(join(other, 'train-labels-idx1-ubyte'), labels(3));
      expect(() => loadImageFolder(other)).toThrow(/4 images .* 3 labels/);
      writeFileSync(join(other, 'train-labels-idx1-ubyte'), images(4));
      expect(() => loadImageFolder(other)).toThrow(/expected 1 dimension of uint8, found 4×2×3/);
      rmSync(join(other, 'train-labels-idx1-ubyte'));
      expect(() => loadImageFolder(other)).toThrow(/train-labels-idx1-ubyte: cannot be read/);
    } finally {
      rmSync(other, { recursive: true });
    }
  });
});
