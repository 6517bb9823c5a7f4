import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../src/experiment/pack.js';

test('typed arrays come back from JSON with their type and all their bits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: false })),
      fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      (doubles, counts) => {
        const given = {
          name: 'net',
          none: null,
          layers: [{ l1: Float64Array.from(doubles), l0: Uint32Array.from(counts), sources: 3 }],
        };
        const back = unpack<typeof given>(JSON.parse(JSON.stringify(pack(given))));
        expect(back.name).toBe('net');
        expect(back.none).toBeNull();
        expect(back.layers[0].l0).toEqual(given.layers[0].l0);
        expect(back.layers[0].l1).toBeInstanceOf(Float64Array);
        expect([...back.layers[0].l1].every((x, i) => Object.is(x, given.layers[0].l1[i]))).toBe(true);
      },
    ),
  );
});

test('a view into a larger buffer packs only what it shows', () => {
  const whole = Float64Array.of(1, 2, 3, 4);
  expect(unpack(JSON.parse(JSON.stringify(pack(whole.subarray(1, 3)))))).toEqual(Float64Array.of(2, 3));
});
