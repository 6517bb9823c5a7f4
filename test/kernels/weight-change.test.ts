import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeCounters } from '../../kernels/weight-change/index.js';
import { weightChange } from '../../kernels/weight-change/reference.js';

const weight = fc.oneof(
  fc.float({ min: -4, max: 4, noNaN: true }),
  fc.constantFrom(0, 1, 2 ** -25, 3 * 2 ** -25, 2 ** -24, 2 ** -30, -(2 ** -25)),
);

test('the WASM kernel counts what the reference counts, over any number of steps', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 13 })
        .chain((n) =>
          fc.array(fc.array(weight, { minLength: n, maxLength: n }), { minLength: 2, maxLength: 6 }),
        ),
      (history) => {
        const n = history[0].length;
        const previous = Float32Array.from(history[0]);
        const l0 = new Uint32Array(n);
        const l1 = new Float64Array(n);
        const [other, counter] = changeCounters([3, n]);
        counter.now.set(history[0]);
        counter.start();
        for (const now of history.slice(1)) {
          const updates = weightChange(previous, Float32Array.from(now), l0, l1);
          counter.now.set(now);
          expect(counter.count()).toBe(updates);
        }
        expect(counter.l0).toEqual(l0);
        expect(counter.l1Quanta).toEqual(l1);
        expect(Array.from(other.l0)).toEqual([0, 0, 0]);
      },
    ),
  );
});

test('a walk there and back is counted twice, in quanta of 2^-24', () => {
  const [counter] = changeCounters([2]);
  counter.now.set([0.5, 1]);
  counter.start();
  for (const now of [0.75, 0.5]) {
    counter.now[0] = now;
    expect(counter.count()).toBe(1);
  }
  expect(Array.from(counter.l0)).toEqual([2, 0]);
  expect(Array.from(counter.l1Quanta)).toEqual([2 * 0.25 * 2 ** 24, 0]);
});

test('sums go on beyond 32 bits', () => {
  const [counter] = changeCounters([1]);
  counter.start();
  for (let step = 1; step <= 6; step++) {
    counter.now[0] = step % 2 === 0 ? -100 : 100;
    counter.count();
  }
  expect(counter.l1Quanta[0]).toBe((100 + 5 * 200) * 2 ** 24);
});
