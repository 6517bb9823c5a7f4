import { sizeForExactMatch } from '../../../src/scaling/emergence.js';
import { doublingMonths } from '../../../src/scaling/index.js';
import { knockoutFailure, matchedSamples } from '../../../src/scaling/tournament.js';
import { type AuditFigure, figure } from '../figure.js';
import type { AuditInputs } from '../inputs.js';
import type { Computations } from './computation.js';

const HOURS_PER_YEAR = 8760;
/** One nat of cross-entropy at 10⁹ parameters, falling with exponent 0.3: an example, not a measurement. */
const TOY = { c: 1e9, a: 0.3 };

/** The stock of text. */
const data: Computations = {
  A002: exhaustion,
  B035: exhaustion,
  A034: stock,
  B034: stock,
  A035: ({ text }) => [
    figure('median year', text.year(0.5), '2029.1', { claimed: 2028, within: 0.001, slack: 0.3 }),
  ],
  B033: ({ text }) => [
    figure('doubling at 2.7 a year', doublingMonths(2.7), '8.4', { unit: 'months', claimed: 10 }),
    figure('growth of the sets', text.growthPerYear, '2.35', { unit: '×/year', slack: 0.03 }),
    figure('their doubling', doublingMonths(text.growthPerYear), '9.7', { unit: 'months', slack: 0.1 }),
  ],
  B036: () => [
    figure('growth from 10⁹ to 1.5·10¹³ in 5.8 years', (15e12 / 1e9) ** (1 / 5.8), '5.2', {
      unit: '×/year',
      claimed: 2.7,
    }),
  ],
  B038: ({ text }) => [
    figure('delay by the lower total', Math.log(4e14 / 3e14) / Math.log(text.growthPerYear), null, {
      unit: 'years',
    }),
    figure('by the upper total', Math.log(2e16 / 3e14) / Math.log(text.growthPerYear), null, {
      unit: 'years',
    }),
  ],
};

/** Emergence, and answers that compete. */
const methods: Computations = {
  A030: () =>
    [
      [0.5, '0.00098'],
      [0.7, '0.028'],
      [0.9, '0.349'],
      [0.99, '0.904'],
    ].map(([p, recorded]) => figure(`p¹⁰ at p = ${p}`, Number(p) ** 10, String(recorded))),
  A031: () => [
    figure('size for 1 % of ten right', sizeForExactMatch(0.01, 10, TOY.c, TOY.a), '1.3e10', {
      unit: 'parameters',
    }),
    figure('size for 1 % of one right', sizeForExactMatch(0.01, 1, TOY.c, TOY.a), '6.2e6', {
      unit: 'parameters',
    }),
    figure('shift', Math.log10(10) / TOY.a, '3.33', { unit: 'decades' }),
  ],
  B072: () =>
    [
      [0.16, '258'],
      [0.79, '63'],
      [22, '16'],
    ].map(([ratio, recorded]) =>
      figure(
        `samples at equal FLOP, inference/pre-training ${ratio}`,
        matchedSamples(14, Number(ratio)),
        String(recorded),
      ),
    ),
  B073: () =>
    [
      [0.8, '-1.32'],
      [0.7, '-0.74'],
      [0.9, '-2.32'],
    ].map(([q, recorded]) =>
      // The slope nears its limit from above: at q = 0.7 it is -0.729 here, -0.737 in the end.
      figure(`slope of a knockout at q = ${q}`, knockoutSlope(Number(q)), String(recorded), { slack: 0.01 }),
    ),
  B074: () => [
    figure(
      'failure of 16,384 answers where comparisons are coins',
      knockoutFailure(2 ** 14, 0.3, 0.5),
      null,
      {
        claimed: 0.01,
        sense: 'at most',
      },
    ),
  ],
  C009: () => [
    figure('failure of 256 answers at q = 0.8', knockoutFailure(256, 0.3, 0.8), null, {
      claimed: 0.01,
      sense: 'at most',
    }),
  ],
};

/** Power, energy and money. */
const grid: Computations = {
  B054: () => [figure('growth from 55 to 84 GW', 100 * (84 / 55 - 1), '52.7', { unit: '%' })],
  B055: () => [
    figure('55 GW and 165 % more', 55 * 2.65, '146', { unit: 'GW', claimed: 122 }),
    figure('growth to 122 GW', 100 * (122 / 55 - 1), '122', { unit: '%' }),
  ],
  B056: () => {
    const meanGw = 945_000 / HOURS_PER_YEAR;
    return [
      figure('mean power of 945 TWh', meanGw, '107.9', { unit: 'GW', claimed: 225, sense: 'at most' }),
      figure('share of 225 GW', (100 * meanGw) / 225, '48', { unit: '%' }),
      figure('share of 122 GW', (100 * meanGw) / 122, '88', { unit: '%' }),
    ];
  },
  B064: () => [figure('150 billion, doubled twice', 150 * 2 * 2, '600', { unit: '10⁹ $', claimed: 600 })],
  D009: () => [figure('price for twice the compute', 2 ** -0.5, '0.71', { unit: '×' })],
  D031: () => [figure('0.3 % of the world’s electricity', (415 / 0.015) * 0.003, null, { unit: 'TWh' })],
  D032: () => [figure('all data centres, 2030 over 2024', 945 / 415, null, { unit: '×' })],
};

export const other: Computations = { ...data, ...methods, ...grid };

function exhaustion({ text }: AuditInputs): AuditFigure[] {
  return [
    figure('early end, 5 %', text.year(0.05), '2027.0', { claimed: 2026, within: 0.001, slack: 0.15 }),
    figure('late end, 95 %', text.year(0.95), '2032.0', { claimed: 2032, within: 0.001, slack: 0.3 }),
  ];
}

function stock({ text }: AuditInputs): AuditFigure[] {
  return [
    figure('median', text.stockTrillions(0.5), '322', {
      unit: '10¹²',
      claimed: 300,
      within: 0.15,
      slack: 10,
    }),
    figure('5 %', text.stockTrillions(0.05), '85', { unit: '10¹²', slack: 5 }),
    figure('95 %', text.stockTrillions(0.95), '1270', { unit: '10¹²', slack: 80 }),
  ];
}

function knockoutSlope(q: number): number {
  return Math.log2(knockoutFailure(2 ** 14, 0.3, q) / knockoutFailure(2 ** 12, 0.3, q)) / 2;
}
