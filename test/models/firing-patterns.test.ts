import { expect, test } from 'vitest';
import { holds, SHAPES } from '../../experiments/firing-patterns/shapes.js';
import { FIRING_PATTERNS, runPattern, stimulusAt } from '../../models/neurons/firing-patterns.js';

test('there are twenty patterns, each with a shape', () => {
  expect(FIRING_PATTERNS.length).toBe(20);
  expect(Object.keys(SHAPES).sort()).toEqual(FIRING_PATTERNS.map(({ name }) => name).sort());
});

test.each(FIRING_PATTERNS)('$name has its shape', (pattern) => {
  expect(SHAPES[pattern.name](runPattern(pattern)).filter((feature) => !holds(feature))).toEqual([]);
});

test('a shape refuses the runs of other patterns', () => {
  // Not a single shape may be so wide that most patterns have it.
  for (const [name, shape] of Object.entries(SHAPES)) {
    const taken = FIRING_PATTERNS.filter((other) => {
      const features = shape(runPattern(other));
      return features.every((feature) => Number.isFinite(feature.value) && holds(feature));
    });
    expect(
      taken.map((other) => other.name),
      name,
    ).toContain(name);
    expect(taken.length, name).toBeLessThan(10);
  }
});

test('a stimulus is the sum of its parts', () => {
  const pattern = {
    ...FIRING_PATTERNS[0],
    base: 1,
    pulses: [{ fromMs: 10, toMs: 20, current: 5 }],
    ramps: [{ fromMs: 15, toMs: 30, slope: 2 }],
  };
  expect([5, 12, 17, 25, 40].map((t) => stimulusAt(pattern, t))).toEqual([1, 6, 10, 21, 1]);
});
