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
          fc.array(fc.array(weight, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 30 }),
        ),
      fc.nat(30),
      (history, pause) => {
        const n = history[0].length;
        const previous = Float32Array.from(history[0]);
        const l0 = new Uint32Array(n);
        const l1 = new Float64Array(n);
        const [other, counter] = changeCounters([3, n]);
        history.forEach((now, step) => {
          weightChange(previous, Float32Array.from(now), l0, l1);
          counter.add(Float32Array.from(now));
          if (step === pause) counter.finish();
        });
        counter.finish();
        counter.finish();
        expect(counter.l0).toEqual(l0);
        expect(counter.l1Quanta).toEqual(l1);
        expect(Array.from(other.l0)).toEqual([0, 0, 0]);
      },
    ),
  );
});

test('a walk there and back is counted twice, in quanta of 2^-24', () => {
  const [counter] = changeCounters([2]);
  for (const now of [0.5, 0.75, 0.5]) counter.add(Float32Array.of(now, 1));
  counter.finish();
  expect(Array.from(counter.l0)).toEqual([2, 0]);
  expect(Array.from(counter.l1Quanta)).toEqual([2 * 0.25 * 2 ** 24, 0]);
});

test('half a quantum is rounded to the even one', () => {
  const [counter] = changeCounters([3]);
  counter.add(new Float32Array(3));
  counter.add(Float32Array.of(1, 3, 5).map((halves) => halves * 2 ** -25));
  counter.finish();
  expect(Array.from(counter.l1Quanta)).toEqual([0, 2, 2]);
});

test('sums go on beyond 32 bits', () => {
  const [counter] = changeCounters([1]);
  for (const now of [0, 100, -100, 100, -100, 100, -100]) counter.add(Float32Array.of(now));
  counter.finish();
  expect(counter.l1Quanta[0]).toBe((100 + 5 * 200) * 2 ** 24);
});
