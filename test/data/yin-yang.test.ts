import fc from 'fast-check';
import { expect, test } from 'vitest';
import { yinYang, yinYangClass } from '../../src/data/yin-yang.js';

const [YIN, YANG, DOT] = [0, 1, 2];

test('the sign has its parts where they belong', () => {
  expect(yinYangClass(0.25, 0.5)).toBe(DOT);
  expect(yinYangClass(0.75, 0.5)).toBe(DOT);
  expect(yinYangClass(0.5, 0.95)).toBe(YIN);
  expect(yinYangClass(0.5, 0.05)).toBe(YANG);
  // The left bulge belongs to yin below the axis too, the right one to yang above it.
  expect(yinYangClass(0.25, 0.3)).toBe(YIN);
  expect(yinYangClass(0.75, 0.7)).toBe(YANG);
});

test('half a turn changes yin and yang, and leaves the dots', () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (x, y) => {
      const distances = [0.25, 0.75].map((centre) => Math.hypot(x - centre, y - 0.5));
      const onAnEdge = distances.some((d) => Math.abs(d - 0.1) < 1e-9 || Math.abs(d - 0.25) < 1e-9);
      fc.pre(!onAnEdge && Math.abs(y - 0.5) > 1e-9);
      expect(yinYangClass(1 - x, 1 - y)).toBe([YANG, YIN, DOT][yinYangClass(x, y)]);
    }),
  );
});

test('samples lie in the disc, carry their mirror images, and are labelled by the sign', () => {
  const { features, labels, count } = yinYang(3000, 1);
  for (let s = 0; s < count; s++) {
    const [x, y, mirrorX, mirrorY] = features.subarray(4 * s, 4 * s + 4);
    expect(Math.hypot(x - 0.5, y - 0.5)).toBeLessThanOrEqual(0.5 + 1e-6);
    expect(x + mirrorX).toBeCloseTo(1, 6);
    expect(y + mirrorY).toBeCloseTo(1, 6);
  }
  const wrong = labels.filter(
    (label, s) => yinYangClass(features[4 * s], features[4 * s + 1]) !== label,
  ).length;
  // Rounding to float32 may carry a point across an edge.
  expect(wrong).toBeLessThanOrEqual(1);
});

test('classes are balanced within sampling error (5 standard deviations of a binomial)', () => {
  const count = 6000;
  const { labels } = yinYang(count, 2);
  const sd = Math.sqrt((count * 2) / 9);
  for (const wanted of [YIN, YANG, DOT]) {
    const found = labels.filter((label) => label === wanted).length;
    expect(Math.abs(found - count / 3)).toBeLessThan(5 * sd);
  }
});

test('a seed gives the same samples again, another seed others', () => {
  expect(yinYang(50, 'a')).toEqual(yinYang(50, 'a'));
  expect(yinYang(50, 'a').features).not.toEqual(yinYang(50, 'b').features);
});
