import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { outer } from '../../kernels/mlp-layer/reference.js';
import { tallyKernel } from '../../kernels/tally/index.js';
import { tally } from '../../kernels/tally/reference.js';

const STRIDE = 32;
const value = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.25, 2 ** -12),
  fc.float({ min: Math.fround(-30), max: Math.fround(30), noNaN: true }),
  fc.float({ min: Math.fround(-0.01), max: Math.fround(0.01), noNaN: true }),
);

test('writes and quanta of an outer product are those of its float32 elements', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: STRIDE, maxLength: STRIDE }),
      fc.array(value, { minLength: 1, maxLength: 11 }),
      (inputs, changes) => {
        const arena = new Arena();
        const kernel = tallyKernel(arena.memory);
        const [x, g] = [arena.float32(STRIDE), arena.float32(changes.length)];
        x.set(inputs);
        g.set(changes);
        const truth = tally(outer(x, g).map(Math.fround));
        const [sizes, out] = [arena.float32(STRIDE), arena.float64(2)];
        kernel.outer(x.byteOffset, g.byteOffset, changes.length, STRIDE, sizes.byteOffset, out.byteOffset);
        expect({ l0: out[0], l1Quanta: out[1] }).toEqual(truth);
      },
    ),
    { numRuns: 500 },
  );
});
