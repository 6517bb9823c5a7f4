import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { loadKernel } from '../../kernels/load.js';
import {
  RESTED,
  release,
  type ShortTermKernel,
  type ShortTermRule,
  steadyEfficacy,
} from '../../kernels/short-term/index.js';

const anyRule: fc.Arbitrary<ShortTermRule> = fc.record({
  utilisation: fc.double({ min: 0.01, max: 1, noNaN: true }),
  tauRecoverySteps: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 5000, noNaN: true })),
  tauFacilitationSteps: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 5000, noNaN: true })),
});

test('the kernel releases what the equations say, spike by spike', () => {
  fc.assert(
    fc.property(
      anyRule,
      fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 }),
      (rule, steps) => {
        const arena = new Arena();
        const kernel = loadKernel<ShortTermKernel>('short-term', arena.memory);
        const states = arena.float64(6);
        states.set([RESTED.u, RESTED.x, RESTED.last, RESTED.u, RESTED.x, RESTED.last]);
        const spikes = arena.uint32(1);
        spikes[0] = 1;
        const out = arena.float32(1);
        let state = RESTED;
        for (const step of steps.sort((a, b) => a - b)) {
          const { utilisation, tauRecoverySteps, tauFacilitationSteps } = rule;
          kernel.release(
            spikes.byteOffset,
            1,
            step,
            states.byteOffset,
            utilisation,
            tauRecoverySteps,
            tauFacilitationSteps,
            out.byteOffset,
          );
          const expected = release(rule, state, step);
          state = expected.state;
          expect(Math.abs(out[0] - expected.efficacy)).toBeLessThan(1e-6);
        }
        expect(Array.from(states.subarray(0, 3))).toEqual([RESTED.u, RESTED.x, RESTED.last]);
      },
    ),
  );
});

test('regular spikes settle at the closed form, and the first one acts with U', () => {
  fc.assert(
    fc.property(anyRule, fc.integer({ min: 20, max: 2000 }), (rule, interval) => {
      let state = RESTED;
      let efficacy = 0;
      // Until what is left of the start is below 1e-9: u and x each forget by less than e^(-interval/τ) a spike.
      const slowest = Math.max(rule.tauRecoverySteps, rule.tauFacilitationSteps);
      const spikes = 2 + Math.ceil((45 * slowest) / interval);
      for (let n = 1; n <= spikes; n++) {
        ({ efficacy, state } = release(rule, state, n * interval));
        if (n === 1) expect(efficacy).toBeCloseTo(rule.utilisation, 12);
      }
      expect(Math.abs(efficacy - steadyEfficacy(rule, interval))).toBeLessThan(1e-8);
    }),
  );
});

test('u and x between spikes follow their differential equations', () => {
  const rule = { utilisation: 0.3, tauRecoverySteps: 700, tauFacilitationSteps: 400 };
  let state = RESTED;
  let [u, x] = [0, 1];
  const parts = 2000;
  let last = 0;
  for (const step of [40, 90, 300, 320, 1500]) {
    for (let k = 0; k < (step - last) * parts; k++) {
      u -= u / (rule.tauFacilitationSteps * parts);
      x += (1 - x) / (rule.tauRecoverySteps * parts);
    }
    last = step;
    u += rule.utilisation * (1 - u);
    const released = release(rule, state, step);
    state = released.state;
    expect(released.efficacy).toBeCloseTo(u * x, 5);
    x -= u * x;
  }
});
