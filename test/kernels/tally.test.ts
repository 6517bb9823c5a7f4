import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { outer } from '../../kernels/mlp-layer/reference.js';
import { tallyKernel } from '../../kernels/tally/index.js';
import { tally } from '../../kernels/tally/reference.js';

const STRIDE = 32;
const value = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.25, 2 ** -12),
  fc.float({ min: Math.fround(-30), max: Math.fround(30), noNaN: true }).filter((v) => Math.abs(v) > 1e-15),
  fc
    .float({ min: Math.fround(-0.01), max: Math.fround(0.01), noNaN: true })
    .filter((v) => Math.abs(v) > 1e-15),
);

test('writes and quanta of an outer product are those of its float32 elements', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: STRIDE, maxLength: STRIDE }),
      fc.array(value, { minLength: 1, maxLength: 6 }),
      (inputs, changes) => {
        const arena = new Arena();
        const kernel = tallyKernel(arena.memory);
        const [x, g] = [arena.float32(STRIDE), arena.float32(changes.length)];
        x.set(inputs);
        g.set(changes);
        const truth = tally(outer(x, g).map(Math.fround));
        const largest = Math.max(...x.map(Math.abs));
        const shape = [changes.length, STRIDE] as const;
        expect(kernel.outerL0(x.byteOffset, g.byteOffset, ...shape)).toBe(truth.l0);
        expect(kernel.outerL1(x.byteOffset, g.byteOffset, ...shape, largest)).toBe(truth.l1Quanta);
      },
    ),
    { numRuns: 500 },
  );
});
