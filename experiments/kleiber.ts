import { type Claim, defineExperiment } from '../src/index.js';
import { withInterval } from '../src/report/columns.js';
import { figures } from './kleiber/figures.js';
import { compute, config, type curvatureOf, type fitsOf, SETS } from './kleiber/run.js';

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

  run: compute,

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

  figures,

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
