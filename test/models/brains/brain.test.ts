import { describe, expect, test } from 'vitest';
import {
  brainOf,
  CLADES,
  cladeOf,
  describeRule,
  fitClade,
  membersOf,
  readSpecies,
  unitsOf,
} from '../../../models/brains/index.js';
import { GROUPS } from '../../../models/brains/published.js';
import { invert, predict } from '../../../src/scaling/allometry.js';
import { UsageError } from '../../../src/util/errors.js';

const table = readSpecies();

test('clades hold the rows that take part in fits', () => {
  const counts = Object.fromEntries(CLADES.map((clade) => [clade.id, membersOf(table, clade).length]));
  expect(counts).toEqual({
    rodent: 9,
    primate: 11,
    songbird: 13,
    parrot: 11,
    'other-bird': 105,
    glires: 10,
    eulipotyphla: 5,
    artiodactyla: 4,
    afrotheria: 5,
    carnivora: 8,
    marsupial: 9,
    chiroptera: 13,
  });
});

test('a clade that does not exist is refused with the list of those that do', () => {
  expect(() => cladeOf('dodo')).toThrow(UsageError);
  expect(() => cladeOf('dodo')).toThrow(/'dodo' is no clade.*songbird/);
  expect(cladeOf('Other bird').id).toBe('other-bird');
  expect(cladeOf('Glires').id).toBe('glires');
});

test('a brain mass that is not positive is refused', () => {
  for (const mass of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => brainOf('parrot', mass)).toThrow(UsageError);
});

test('a group of too few counted animals is refused', () => {
  const whales = { id: 'whale', name: 'whales', animals: 'Mammalia', clades: ['cetacea'] } as const;
  expect(() => fitClade(table, whales, 'cortex')).toThrow(/counted in 0 species/);
});

test('a brain says which regression it came from, and whether it is extrapolated', () => {
  const brain = brainOf('rodent', 2);
  expect(brain.rule.fit.direction).toBe('neurons on mass');
  expect(describeRule(brain.rule)).toBe(
    'neurons of the cortex on mass of the whole brain, rodents, least squares, 9 species',
  );
  expect(describeRule(brainOf('songbird', 2).structureRule)).toBe(
    'mass of the pallium on neurons of the pallium, songbirds, least squares, 13 species',
  );
  expect(brain.neurons.extrapolated).toBe(false);
  expect(brain.neurons.interval!.low).toBeLessThan(brain.neurons.value);
  expect(brainOf('rodent', 100).neurons.extrapolated).toBe(true);
  expect(brainOf('primate', 0.5).neurons.extrapolated).toBe(true);
});

test("each counted animal lies in its own clade's prediction band at least nine times in ten", () => {
  for (const { id } of CLADES) {
    const { species, fit } = brainOf(id, 1).rule;
    const inside = species.filter((row) => {
      const { low, high } = predict(fit, row.brain_mass_g!).interval!;
      return row.cortex_or_pallium_neurons! >= low && row.cortex_or_pallium_neurons! <= high;
    });
    expect(inside.length / species.length).toBeGreaterThanOrEqual(0.9);
  }
});

test('the exponent of a brain is one over the slope of its rule', () => {
  const { exponent, rule } = brainOf('primate', 10);
  expect(exponent.value * rule.fit.line.slope.value).toBeCloseTo(1, 12);
  expect(exponent.low * rule.fit.line.slope.high).toBeCloseTo(1, 12);
});

test('units are neurons over neurons per unit, and at least one', () => {
  const brain = brainOf('parrot', 2);
  expect(unitsOf(brain, brain.neurons.value / 350)).toBe(350);
  expect(unitsOf(brain, 1e12)).toBe(1);
  expect(() => unitsOf(brain, 0)).toThrow(UsageError);
});

// Brain 1508.9 g, counted 86.06e9: computed independently in Python, in 10^9 neurons.
describe('the human brain from the primate rule fitted without the human', () => {
  const human = table.find((row) => row.common_name === 'human')!;
  test.each([
    ['10 primates', GROUPS.primateWithoutHuman, 69.5, 41, 117, 71.5, 73.6],
    ['9, no mouse lemur', GROUPS.primateWithoutBoth, 81.3, 45, 149, 84.8, 88.4],
    ['8 simians', GROUPS.simianWithoutHuman, 82.4, 41, 167, 86.6, 91.1],
  ] as const)('%s', (_, group, direct, low, high, axis, inverse) => {
    const massG = human.brain_mass_g!;
    const onMass = predict(fitClade(table, group, 'brain', { direction: 'neurons on mass' }).fit, massG);
    expect([onMass.value / 1e9]).toBeAllclose([direct], { atol: 0.1, rtol: 0 });
    expect(Math.round(onMass.interval!.low / 1e9)).toBe(low);
    expect(Math.round(onMass.interval!.high / 1e9)).toBe(high);
    expect(onMass.extrapolated).toBe(true);
    const majorAxis = fitClade(table, group, 'brain', { method: 'reduced major axis' }).fit;
    expect([invert(majorAxis, massG).value / 1e9]).toBeAllclose([axis], { atol: 0.1, rtol: 0 });
    expect([invert(fitClade(table, group, 'brain').fit, massG).value / 1e9]).toBeAllclose([inverse], {
      atol: 0.1,
      rtol: 0,
    });
  });

  test('cortex: 33e9 with the lemur, 19e9 without; 16.34e9 were counted', () => {
    const cortex = (group: (typeof GROUPS)[keyof typeof GROUPS]) =>
      predict(
        fitClade(table, group, 'cortex', { direction: 'neurons on mass' }).fit,
        human.cortex_or_pallium_mass_g!,
      ).value / 1e9;
    expect([cortex(GROUPS.primateWithoutHuman)]).toBeAllclose([32.8], { atol: 0.1, rtol: 0 });
    expect([cortex(GROUPS.primateWithoutBoth)]).toBeAllclose([18.9], { atol: 0.1, rtol: 0 });
  });

  test('a rodent brain of that mass would have 13e9 neurons; a rodent with 86e9 a brain of 21 kg', () => {
    const neurons = predict(
      fitClade(table, GROUPS.rodent, 'brain', { direction: 'neurons on mass' }).fit,
      1508.91,
    );
    expect([neurons.value / 1e9]).toBeAllclose([13.0], { atol: 0.1, rtol: 0 });
    expect([neurons.interval!.low / 1e9]).toBeAllclose([5.7], { atol: 0.1, rtol: 0 });
    expect([neurons.interval!.high / 1e9]).toBeAllclose([29.9], { atol: 0.1, rtol: 0 });
    const mass = predict(fitClade(table, GROUPS.rodent, 'brain').fit, 86.06e9).value;
    expect(Math.round(mass / 1000)).toBe(21);
  });
});

// Bird neurons over primate neurons at equal brain mass: computed independently in Python.
test.each([
  ['songbird', [1.97, 1.83, 1.74, 1.65]],
  ['parrot', [1.83, 1.81, 1.8, 1.78]],
  ['owl', [2.12, 1.79, 1.57, 1.38]],
  ['waterfowl', [1.01, 0.87, 0.77, 0.68]],
  ['fowl', [0.95, 0.83, 0.75, 0.68]],
  ['otherBird', [1.25, 1.11, 1.02, 0.93]],
  ['rodent', [0.8, 0.64, 0.55, 0.46]],
] as const)('%s against primates at 2, 5, 10 and 20 g', (group, ratios) => {
  const direction = 'neurons on mass';
  const primate = fitClade(table, GROUPS.primate, 'brain', { direction }).fit;
  const other = fitClade(table, GROUPS[group], 'brain', { direction }).fit;
  const found = [2, 5, 10, 20].map((massG) => predict(other, massG).value / predict(primate, massG).value);
  expect(found).toBeAllclose(ratios, { atol: 0.0051, rtol: 0 });
});
