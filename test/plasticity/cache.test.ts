import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consolidated, decayed, held } from '../../kernels/consolidate/reference.js';
import { TransientMemory } from '../../src/plasticity/cache.js';
import { noWrites } from '../../src/plasticity/stage.js';

const retention = fc.oneof(fc.constant(1), fc.double({ min: 0.5, max: 0.9999, noNaN: true }));

test('decay and maintenance in closed form are those of a sweep, step by step', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.integer({ min: 0, max: 300 }),
      retention,
      (start, presentations, d) => {
        let s = start;
        let bill = 0;
        for (let t = 0; t < presentations; t++) {
          s *= d;
          bill += Math.abs(s);
        }
        expect(decayed(start, presentations, d)).toBeCloseTo(s, 9);
        expect(held(start, presentations, d)).toBeCloseTo(bill, 6);
      },
    ),
  );
});

test('the three rules', () => {
  const s = [0.5, -2, 1];
  expect(consolidated(s, 'synapse', 0.9)).toEqual([false, true, true]);
  expect(consolidated(s, 'neuron', 1.9)).toEqual([true, true, true]);
  expect(consolidated(s, 'sum', 3.4)).toEqual([true, true, true]);
  expect(consolidated(s, 'sum', 3.5)).toEqual([false, false, false]);
  // Strictly above: a transient of just the threshold stays.
  expect(consolidated(s, 'synapse', 2)).toEqual([false, false, false]);
  expect(consolidated(s, 'neuron', 2)).toEqual([false, false, false]);
});

test('what is consolidated is what was written, less what decayed: nothing is lost and nothing made', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 5 }),
          fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        ),
        { minLength: 1, maxLength: 30 },
      ),
      fc.constantFrom('synapse' as const, 'neuron' as const, 'sum' as const),
      (events, rule) => {
        const memory = new TransientMemory(3, 2, { rule, threshold: 0.8, retention: 1 }, noWrites(6));
        const persistent = new Float64Array(6);
        const written = new Float64Array(6);
        const stage = memory.stage((changes) => {
          changes.forEach((change, k) => {
            persistent[k] += change;
          });
        });
        let now = 0;
        for (const [wait, changes] of events) {
          now += wait;
          changes.forEach((change, k) => {
            written[k] += change;
          });
          stage(Float64Array.from(changes), now);
        }
        const both = persistent.map((l, k) => l + memory.at(k, now));
        expect(both).toBeAllclose(written, { atol: 1e-9 });
      },
    ),
  );
});
