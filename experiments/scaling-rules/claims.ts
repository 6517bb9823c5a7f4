import type { Claim } from '../../src/index.js';
import type { humanFrom, pairs, refits } from './rules.js';

const RECOMPUTED = 'computed independently from the same table (Python)';

export function publishedClaim({
  id,
  animals,
  structure,
  published,
  refit,
  citation,
}: ReturnType<typeof refits>[number]): Claim {
  return {
    name: `${id}: exponent of the ${structure}, ${animals}`,
    value: refit,
    expected: published,
    tolerance: 0.005,
    source: citation,
  };
}

export function humanClaims(human: ReturnType<typeof humanFrom>): Claim[] {
  const expected: Record<string, number[]> = {
    '10 primates whole brain': [69.5, 41, 117, 71.5, 73.6],
    '9, no mouse lemur whole brain': [81.3, 45, 149, 84.8, 88.4],
    '8 simians whole brain': [82.4, 41, 167, 86.6, 91.1],
    '10 primates cortex': [32.8, 10, 105],
    '9, no mouse lemur cortex': [18.9, 6, 59],
  };
  const keys = ['direct', 'low', 'high', 'majorAxis', 'inverted'] as const;
  return human.flatMap((row) =>
    (expected[`${row.rule} ${row.structure}`] ?? []).map((value, i) => ({
      name: `Human ${row.structure} from ${row.rule}: ${keys[i]}`,
      value: row[keys[i]],
      expected: value,
      tolerance: Number.isInteger(value) ? 0.5 : 0.05,
      unit: '10⁹ neurons',
      source: RECOMPUTED,
    })),
  );
}

export function pairClaims(rows: ReturnType<typeof pairs>): Claim[] {
  const macaqueOverCapybara = [2.6, 5.4, 5.6];
  const birdOverMacaque = [2.39, 1.16, 1.12, 1.5, 0.73, 0.7];
  const capybaraMass = [1.62, 1.22, 0.86];
  const birds = rows.slice(3);
  return [
    ...macaqueOverCapybara.map((expected, i) => ({
      name: `Cortical neurons, ${rows[i].macaque} / capybara`,
      value: 1 / rows[i].neuronRatio,
      expected,
      tolerance: 0.051,
      source: RECOMPUTED,
    })),
    ...capybaraMass.map((expected, i) => ({
      name: `Brain mass, capybara / ${rows[i].macaque}`,
      value: rows[i].massRatio,
      expected,
      tolerance: 0.0051,
      source: RECOMPUTED,
    })),
    ...birdOverMacaque.map((expected, i) => ({
      name: `Pallial neurons of the ${birds[i].animal} / cortical of the ${birds[i].macaque}`,
      value: birds[i].neuronRatio,
      expected,
      tolerance: 0.0051,
      source: RECOMPUTED,
    })),
  ];
}

export function equalMassClaims(rows: { group: string; massG: number; ratio: number }[]): Claim[] {
  const expected: Record<string, number[]> = {
    songbirds: [1.97, 1.83, 1.74, 1.65],
    parrots: [1.83, 1.81, 1.8, 1.78],
    owls: [2.12, 1.79, 1.57, 1.38],
    'ducks and geese': [1.01, 0.87, 0.77, 0.68],
    fowl: [0.95, 0.83, 0.75, 0.68],
    'other birds': [1.25, 1.11, 1.02, 0.93],
    rodents: [0.8, 0.64, 0.55, 0.46],
  };
  return Object.entries(expected).flatMap(([group, ratios]) =>
    rows
      .filter((row) => row.group === group)
      .map(({ massG, ratio }, i) => ({
        name: `Neurons of ${group} against primates at ${massG} g`,
        value: ratio,
        expected: ratios[i],
        tolerance: 0.0051,
        source: RECOMPUTED,
      })),
  );
}
