import * as Plot from '@observablehq/plot';
import { type MetabolicRate, readMetabolicRates } from '../src/data/metabolic-rates.js';
import { type Claim, defineExperiment, z } from '../src/index.js';
import { withInterval } from '../src/report/columns.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  binnedMeans,
  covers,
  fitParabola,
  type Interval,
  leastSquares,
  slopeOf,
} from '../src/scaling/index.js';

const config = z.strictObject({
  binWidth: z.number().positive().default(0.1).describe('width of the bins in log10 of body mass'),
  domestic: z.boolean().default(true).describe('keep domestic animals'),
});

const SETS = [
  { id: 'mammals (Genoud)', dataset: 'genoud2018_select', animals: 'Mammalia' },
  { id: 'mammals (AnAge)', dataset: 'anage', animals: 'Mammalia' },
  { id: 'birds (AnAge)', dataset: 'anage', animals: 'Aves' },
] as const;
/** Body masses at which local slopes are quoted, in grams. */
const LOCAL_G = [10, 1000, 100_000];
const RECOMPUTED = 'computed independently from the same table (Python)';

export default defineExperiment({
  id: 'kleiber',
  title: "Three quarters, two thirds, or neither: Kleiber's law",
  question:
    'With what power of body mass does the basal metabolic rate grow, and which exponents do the data reject?',
  prediction:
    'An elephant weighs 100,000 times as much as a mouse. Does it burn 5,600 times as much (exponent 3/4) or ' +
    '2,150 times (2/3)? Is one exponent enough for both of them?',
  config,
  presets: { quick: {}, full: {} },

  async run({ binWidth, domestic }) {
    const table = readMetabolicRates().filter((row) => domestic || row.domestic !== true);
    const rows = (set: (typeof SETS)[number]) =>
      table.filter((row) => row.dataset === set.dataset && row.class === set.animals);
    return {
      metrics: {
        fits: SETS.flatMap((set) => fitsOf(set.id, rows(set), binWidth)),
        curvature: SETS.map((set) => curvatureOf(set.id, rows(set))),
        species: SETS.flatMap((set) =>
          rows(set).map(({ species, body_mass_g, bmr_W }) => ({
            set: set.id,
            species,
            massG: body_mass_g,
            bmrW: bmr_W,
          })),
        ),
        local: SETS.flatMap((set) => localSlopes(set.id, rows(set))),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'exponents',
      title: 'Exponent of basal metabolic rate in body mass, least squares in logarithms, 95 % intervals',
      columns: [
        { key: 'set', label: 'data' },
        { key: 'points', label: 'points are' },
        { key: 'n', label: 'points' },
        ...withInterval({ key: 'b', label: 'exponent', digits: 4 }),
        { key: 'threeQuarters', label: '3/4' },
        { key: 'twoThirds', label: '2/3' },
      ],
      rows: metrics.fits,
    },
    {
      name: 'curvature',
      title: 'Is one exponent enough? The quadratic term in log10 mass, and the local exponent',
      columns: [
        { key: 'set', label: 'data' },
        { key: 'curvature', label: 'quadratic term', digits: 3 },
        { key: 'se', label: 'its SE', digits: 2 },
        { key: 'at10G', label: 'exponent at 10 g', digits: 3 },
        { key: 'at1Kg', label: 'at 1 kg', digits: 3 },
        { key: 'at100Kg', label: 'at 100 kg', digits: 3 },
      ],
      rows: metrics.curvature,
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'intervals',
      title: 'Which exponents the data allow',
      caption:
        'Points with 95 % intervals; 2/3 and 3/4 dashed. Species as points, each mammal set rejects both; the ' +
        'choice to average within bins of mass moves the answer towards 3/4. Birds allow 2/3.',
      plot: {
        height: 300,
        marginLeft: 160,
        x: { label: 'exponent', inset: 10 },
        y: { label: null, domain: SETS.map(({ id }) => id) },
        color: { legend: true, type: 'categorical', domain: ['species', 'bins of mass'] },
        symbol: { legend: true, domain: ['species', 'bins of mass'] },
        marks: [
          Plot.ruleX([2 / 3, 3 / 4], { strokeDasharray: '4 4' }),
          Plot.text(
            [
              { x: 2 / 3, text: '2/3' },
              { x: 3 / 4, text: '3/4' },
            ],
            {
              x: 'x',
              text: 'text',
              frameAnchor: 'top',
              dy: -12,
            },
          ),
          ...['species', 'bins of mass'].flatMap((points, i) => {
            const fits = metrics.fits.filter((fit) => fit.points === points);
            const dy = i === 0 ? -7 : 7;
            return [
              Plot.ruleY(fits, { x1: 'low', x2: 'high', y: 'set', stroke: 'points', strokeWidth: 2, dy }),
              Plot.dot(fits, { x: 'b', y: 'set', stroke: 'points', symbol: 'points', r: 5, dy }),
            ];
          }),
        ],
      },
      rows: metrics.fits,
    },
    {
      name: 'rates',
      title: 'Basal metabolic rate against body mass',
      caption:
        'Every point is a species. Straight by eye over six decades; the bend only shows in the local exponent.',
      plot: {
        x: { type: 'log', label: 'body mass (g)', tickFormat: powerOfTen, inset: 6 },
        y: { type: 'log', label: 'basal metabolic rate (W)', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', domain: SETS.map(({ id }) => id) },
        symbol: { legend: true, domain: SETS.map(({ id }) => id) },
        marks: [
          Plot.dot(metrics.species, {
            x: 'massG',
            y: 'bmrW',
            stroke: 'set',
            symbol: 'set',
            r: 2.5,
            strokeOpacity: 0.6,
          }),
        ],
      },
      rows: metrics.species,
    },
    {
      name: 'local-exponent',
      title: 'The exponent rises with size in mammals',
      caption:
        'Slope of a parabola in logarithms at each mass, drawn over the range of the animals. A single exponent ' +
        'for all mammals averages small ones near 0.6 with large ones above 0.8.',
      plot: {
        x: { type: 'log', label: 'body mass (g)', tickFormat: powerOfTen },
        y: { label: 'local exponent' },
        color: { legend: true, type: 'categorical', domain: SETS.map(({ id }) => id) },
        symbol: { legend: true, domain: SETS.map(({ id }) => id) },
        marks: [
          Plot.ruleY([2 / 3, 3 / 4], { strokeDasharray: '4 4' }),
          Plot.line(metrics.local, { x: 'massG', y: 'exponent', stroke: 'set', strokeWidth: 2 }),
          Plot.dot(
            metrics.local.filter((_, i) => i % 4 === 0),
            {
              x: 'massG',
              y: 'exponent',
              stroke: 'set',
              symbol: 'set',
            },
          ),
        ],
      },
      rows: metrics.local,
    },
  ],

  claims: ({ metrics, config }) =>
    config.binWidth === 0.1 && config.domestic ? claimsOf(metrics.fits, metrics.curvature) : [],

  finding({ metrics }) {
    const fitOf = (set: string, points = 'species') =>
      metrics.fits.find((row) => row.set === set && row.points === points)!;
    const interval = ({ b, low, high }: { b: number; low: number; high: number }) =>
      `${b.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
    const judged = ({ threeQuarters, twoThirds }: { threeQuarters: string; twoThirds: string }) =>
      `2/3 ${twoThirds} and 3/4 ${threeQuarters}`;
    const curve = metrics.curvature[0];
    return (
      `The exponent is ${interval(fitOf(SETS[0].id))} for ${fitOf(SETS[0].id).n} mammals, ${judged(fitOf(SETS[0].id))}, and ` +
      `${interval(fitOf(SETS[2].id))} for birds, ${judged(fitOf(SETS[2].id))}; averaging mammals in bins of mass gives ` +
      `${interval(fitOf(SETS[0].id, 'bins of mass'))}. One exponent is not enough: in mammals it rises from ` +
      `${curve.at10G.toFixed(2)} at 10 g to ${curve.at100Kg.toFixed(2)} at 100 kg.`
    );
  },

  caveats: () => [
    'Related species are not independent: a phylogenetic fit of the same mammals gives 0.729 ± 0.010 (Genoud et al. 2018).',
    'Ruminants, domestic animals and unreliable measurements bend the exponent at the heavy end.',
    'Averaging in bins gives the few large mammals the weight of the many small ones: an answer to another question.',
  ],
});

const logs = (rows: readonly MetabolicRate[]) => ({
  x: rows.map(({ body_mass_g }) => Math.log10(body_mass_g)),
  y: rows.map(({ bmr_W }) => Math.log10(bmr_W)),
});

function fitsOf(set: string, rows: readonly MetabolicRate[], binWidth: number) {
  const { x, y } = logs(rows);
  const bins = binnedMeans(x, y, binWidth);
  const binned = leastSquares(
    bins.map((bin) => bin.x),
    bins.map((bin) => bin.y),
  );
  return [
    { points: 'species', line: leastSquares(x, y) },
    { points: 'bins of mass', line: binned },
  ].map(({ points, line }) => ({
    set,
    points,
    n: line.n,
    b: line.slope.value,
    low: line.slope.low,
    high: line.slope.high,
    threeQuarters: verdict(line.slope, 3 / 4),
    twoThirds: verdict(line.slope, 2 / 3),
  }));
}

function verdict(interval: Interval, exponent: number): string {
  return covers(interval, exponent) ? 'allowed' : 'rejected';
}

function curvatureOf(set: string, rows: readonly MetabolicRate[]) {
  const { x, y } = logs(rows);
  const parabola = fitParabola(x, y);
  const [at10G, at1Kg, at100Kg] = LOCAL_G.map((massG) => slopeOf(parabola, Math.log10(massG)));
  return { set, curvature: parabola.curvature.value, se: parabola.curvatureSe, at10G, at1Kg, at100Kg };
}

function localSlopes(set: string, rows: readonly MetabolicRate[]) {
  const { x, y } = logs(rows);
  const parabola = fitParabola(x, y);
  const [low, high] = [Math.min(...x), Math.max(...x)];
  return Array.from({ length: 25 }, (_, i) => {
    const at = low + ((high - low) * i) / 24;
    return { set, massG: 10 ** at, exponent: slopeOf(parabola, at) };
  });
}

type Fit = ReturnType<typeof fitsOf>[number];

function claimsOf(fits: readonly Fit[], curvature: readonly ReturnType<typeof curvatureOf>[]): Claim[] {
  const expected: [string, string, number, number, number][] = [
    [SETS[0].id, 'species', 0.7176, 0.7048, 0.7304],
    [SETS[0].id, 'bins of mass', 0.7419, 0.7171, 0.7666],
    [SETS[1].id, 'species', 0.7091, 0.6936, 0.7246],
    [SETS[2].id, 'species', 0.6549, 0.6358, 0.6739],
  ];
  const exponents = expected.flatMap(([set, points, ...numbers]) => {
    const fit = fits.find((row) => row.set === set && row.points === points)!;
    return (['b', 'low', 'high'] as const).map((key, i) => ({
      name: `Exponent of ${set}, points are ${points}: ${key === 'b' ? 'value' : `${key} end`}`,
      value: fit[key],
      expected: numbers[i],
      tolerance: 0.0002,
      source: RECOMPUTED,
    }));
  });
  const [mammals] = curvature;
  const bend: [string, number, number, number][] = [
    ['Quadratic term of mammals (Genoud)', mammals.curvature, 0.024, 0.0006],
    ['Its standard error', mammals.se, 0.005, 0.0006],
    ['Local exponent at 10 g', mammals.at10G, 0.63, 0.006],
    ['Local exponent at 1 kg', mammals.at1Kg, 0.73, 0.006],
    ['Local exponent at 100 kg', mammals.at100Kg, 0.83, 0.006],
  ];
  return [
    ...exponents,
    ...bend.map(([name, value, expected, tolerance]) => ({
      name,
      value,
      expected,
      tolerance,
      source: RECOMPUTED,
    })),
    {
      name: 'Exponent of mammals (Genoud) beside the phylogenetic fit',
      value: fits[0].b,
      expected: 0.729,
      tolerance: 0.02,
      source: 'Genoud, Isler & Martin 2018, table 1, doi:10.1111/brv.12350 (0.729 ± 0.010, another method)',
    },
  ];
}
