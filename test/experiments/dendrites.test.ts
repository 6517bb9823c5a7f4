import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binding, bindingOf } from '../../experiments/dendrites/binding.js';
import { Committee, learnsAll } from '../../experiments/dendrites/committee.js';
import { committeeBound, coverShare } from '../../experiments/dendrites/cover.js';
import { canRepresent, exactShare, planeDichotomies } from '../../experiments/dendrites/exact.js';
import { stream } from '../../src/util/rng.js';

describe('Cover’s count', () => {
  test('is all dichotomies up to P = n, and half of them at P = 2n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (n) => {
        expect(coverShare(n, n)).toBeCloseTo(1, 9);
        expect(coverShare(2 * n, n)).toBeCloseTo(0.5, 9);
      }),
    );
  });

  test('in the plane is 2P half-planes of 2^P', () => expect(coverShare(7, 2)).toBeCloseTo(14 / 2 ** 7, 12));

  test('of one branch is its own bound', () => {
    expect(committeeBound(9, 4, 1)).toBeCloseTo(coverShare(9, 4), 12);
    expect(committeeBound(9, 4, 3)).toBe(1);
  });
});

describe('a committee', () => {
  test('of one branch is a perceptron: it learns what a plane through the origin separates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const random = stream(seed, 'separable');
        const teacher = [random.normal(), random.normal(), random.normal()];
        const project = (x: number[]) => x.reduce((sum, value, i) => sum + value * teacher[i], 0);
        const xs = Array.from({ length: 40 }, () => [random.normal(), random.normal(), random.normal()])
          // A margin bounds the number of mistakes (Novikoff).
          .filter((x) => Math.abs(project(x)) > 0.1);
        const committee = new Committee([[0, 1, 2]], 1, () => random.normal());
        expect(
          learnsAll(
            committee,
            xs,
            xs.map((x) => project(x) > 0),
            20_000,
          ),
        ).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('changes nothing when it is right, and one branch when it is wrong', () => {
    const committee = new Committee([[0], [1]], 1, () => -1);
    expect(committee.learn([1, 2], false)).toBe(true);
    expect(committee.weights.map((w) => [...w])).toEqual([[-1], [-1]]);
    expect(committee.learn([1, 2], true)).toBe(false);
    expect(committee.weights.map((w) => [...w])).toEqual([[0], [-1]]);
  });
});

describe('what branches can represent', () => {
  test('lines through the origin make 2P dichotomies of P points, each with its complement', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.integer(), (count, seed) => {
        const random = stream(seed, 'points');
        const points = Array.from({ length: count }, (): [number, number] => [
          random.normal(),
          random.normal(),
        ]);
        const found = new Set(planeDichotomies(points));
        expect(found.size).toBe(2 * count);
        for (const bits of found) expect(found).toContain(2 ** count - 1 - bits);
      }),
    );
  });

  test('holds what three equal branches can do, and not what no branch can', () => {
    expect(canRepresent([[0b0101], [0b0101], [0b0011]], 0b0101)).toBe(true);
    expect(canRepresent([[0b0101], [0b0101], [0b0011]], 0b0011)).toBe(false);
  });

  test('is everything while there are few patterns, and stays under the bound', () => {
    expect(exactShare(1 / 3, 50, 1).branches).toBe(1);
    for (const load of [2, 3, 4]) {
      const { branches, bound } = exactShare(load, 30, 1);
      expect(branches).toBeLessThanOrEqual(Math.min(1, bound + 0.4));
    }
  });
});

test('branches bind features, whatever the seed; a point neuron never does', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const rows = binding(seed);
    for (const task of ['binding', 'XOR']) {
      expect(bindingOf(rows, 'point neuron', task)).toBe(3);
      expect(bindingOf(rows, 'branches', task)).toBe(4);
      expect(bindingOf(rows, 'two layers', task)).toBe(4);
    }
  }
});
