import * as Plot from '@observablehq/plot';
import { defineExperiment, InterruptedError, near, stream, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { leastSquares } from '../src/scaling/index.js';
import {
  expectedSlope,
  type Interpolation,
  neighbourError,
  smoothTeacher,
  uniformPoints,
} from '../src/scaling/resolution.js';

const config = z.strictObject({
  dimensions: z
    .array(z.int().min(1).max(10))
    .min(1)
    .default([1, 2, 3, 4, 6])
    .describe('dimensions of the data'),
  examples: z
    .array(z.int().min(32))
    .min(3)
    .default([128, 256, 512, 1024, 2048, 4096])
    .describe('training examples, D'),
  repeats: z
    .int()
    .min(1)
    .default(16)
    .describe('teachers in six dimensions, each with fresh examples; up to six times as many in fewer'),
  testPoints: z.int().min(10).default(300).describe('test points for each teacher'),
});
type Config = z.output<typeof config>;

/** Whether the slopes have the precision that the claims ask for. */
function isPreciseEnough({ examples, repeats, testPoints }: Config): boolean {
  return Math.max(...examples) >= 32 * Math.min(...examples) && repeats >= 5 && testPoints >= 150;
}

const LEARNERS: Interpolation[] = ['nearest', 'local plane'];
const BAHRI = 'Bahri et al. 2024, doi:10.1073/pnas.2311878121, and Sharma & Kaplan 2022 (JMLR 23:9)';

export default defineExperiment({
  id: 'resolution-limited',
  title: 'The curse of dimension as a scaling law',
  question: 'How does the error fall with data when a learner must fill the space between its examples?',
  prediction:
    'Ten times more examples of a function of one variable, of two, of six: by how much does the error of the nearest ' +
    'neighbour fall? And that of a plane through the neighbours?',
  config,
  presets: {
    quick: { repeats: 6 },
    full: { repeats: 24, examples: [128, 256, 512, 1024, 2048, 4096, 8192, 16_384] },
  },

  async run(config, { seed, signal, progress }) {
    const cells = LEARNERS.flatMap((learner) => config.dimensions.map((d) => ({ learner, d })));
    const points = cells.flatMap(({ learner, d }, i) => {
      progress(i, cells.length, `${learner}, ${d} dimensions`);
      return errorsOf(config, learner, d, seed, signal);
    });
    const slopes = cells.map(({ learner, d }) => {
      const curve = points.filter((point) => point.learner === learner && point.dimensions === `d = ${d}`);
      return { learner, dimensions: d, slope: slope(curve), expected: expectedSlope(d, learner) };
    });
    return { metrics: { points, slopes } };
  },

  tables: ({ metrics }) => [
    {
      name: 'slopes',
      title: 'Slope of log error in log examples',
      columns: [
        { key: 'learner', label: 'learner' },
        { key: 'dimensions', label: 'dimensions' },
        { key: 'slope', label: 'measured', digits: 3 },
        { key: 'expected', label: 'expected', digits: 3 },
      ],
      rows: metrics.slopes,
    },
  ],

  figures: ({ metrics, config }) => [
    ...LEARNERS.map((learner) => ({
      name: learner.replace(' ', '-'),
      title: learner === 'nearest' ? 'The nearest example' : 'A plane through the nearest examples',
      caption:
        learner === 'nearest'
          ? 'Mean squared error against examples. The slope is -2/d: in many dimensions neighbours stay far away.'
          : 'The same with planes between the examples. Each slope is twice as steep, -4/d: order matters, not the loss.',
      plot: {
        x: { type: 'log' as const, label: 'training examples', tickFormat: String },
        y: { type: 'log' as const, label: 'mean squared error', tickFormat: powerOfTen },
        color: {
          legend: true,
          type: 'categorical' as const,
          domain: config.dimensions.map((d) => `d = ${d}`),
        },
        symbol: { legend: true, domain: config.dimensions.map((d) => `d = ${d}`) },
        marks: [
          Plot.line(of(metrics.points, learner), {
            x: 'examples',
            y: 'error',
            stroke: 'dimensions',
            strokeWidth: 1.5,
          }),
          Plot.dot(of(metrics.points, learner), {
            x: 'examples',
            y: 'error',
            stroke: 'dimensions',
            symbol: 'dimensions',
            r: 4,
          }),
        ],
      },
      rows: of(metrics.points, learner),
    })),
    {
      name: 'slopes',
      title: 'Exponents against dimension',
      caption: 'Lines are 2/d and 4/d, dots the measured slopes.',
      plot: {
        x: { label: 'dimensions', ticks: config.dimensions, tickFormat: 'd', inset: 10 },
        y: { label: 'exponent (minus the slope)', domain: [0, 4.5] },
        color: { legend: true, type: 'categorical', domain: LEARNERS },
        symbol: { legend: true, domain: LEARNERS },
        marks: [
          Plot.line(theory(config), { x: 'd', y: 'exponent', stroke: 'learner' }),
          Plot.dot(metrics.slopes, {
            x: 'dimensions',
            y: ({ slope }: { slope: number }) => -slope,
            stroke: 'learner',
            symbol: 'learner',
            r: 5,
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.slopes,
    },
  ],

  claims: ({ metrics, config }) =>
    isPreciseEnough(config)
      ? metrics.slopes.flatMap(({ learner, dimensions, slope, expected }) => {
          if (learner === 'nearest' && dimensions <= 6) {
            return [near(`Nearest neighbour, d = ${dimensions}`, slope, expected, 0.05, BAHRI)];
          }
          if (learner === 'local plane' && dimensions >= 2 && dimensions <= 4)
            return [near(`Local plane, d = ${dimensions}`, slope, expected, 0.1, BAHRI)];
          return [];
        })
      : [],

  finding({ metrics }) {
    const lowest = metrics.slopes[0];
    const [nearest, plane] = LEARNERS.map(
      (learner) => metrics.slopes.filter((row) => row.learner === learner).at(-1)!,
    );
    return (
      `Ten times more examples lower the error of the nearest neighbour ${(10 ** -lowest.slope).toFixed(0)}-fold in ` +
      `${lowest.dimensions} dimension, but only ${(10 ** -nearest.slope).toFixed(1)}-fold in ${nearest.dimensions}. Planes between ` +
      `the examples make it ${(10 ** -plane.slope).toFixed(1)}-fold: the exponent is the local order of the learner times 2, ` +
      'divided by the dimension.'
    );
  },

  caveats: () => [
    'Test points keep away from the faces of the cube, where neighbours are missing on one side.',
    'The dimension that counts for real data is that of the surface they lie on, and it is not known.',
    'The teacher is smooth and without noise; noise would end the curves at a floor or turn them to 1/D.',
  ],
});

function errorsOf(
  { examples, repeats, testPoints }: Config,
  learner: Interpolation,
  d: number,
  seed: number,
  signal: AbortSignal,
) {
  return examples.map((count) => {
    let sum = 0;
    // Distances on a line scatter most, and cost least: more teachers in few dimensions.
    const teachers = repeats * Math.ceil(6 / d);
    for (let repeat = 0; repeat < teachers; repeat++) {
      if (signal.aborted) throw new InterruptedError();
      const random = stream(seed, `${d} dimensions, ${count} examples, ${repeat}`);
      const teacher = smoothTeacher(d, stream(seed, `teacher ${d} ${repeat}`));
      sum += neighbourError(
        teacher,
        uniformPoints(count, d, random),
        uniformPoints(testPoints, d, random, 0.2),
        d,
        learner,
      );
    }
    return { learner, dimensions: `d = ${d}`, examples: count, error: sum / teachers };
  });
}

function slope(points: readonly { examples: number; error: number }[]): number {
  return leastSquares(
    points.map(({ examples }) => Math.log(examples)),
    points.map(({ error }) => Math.log(error)),
  ).slope.value;
}

function of<Row extends { learner: string }>(rows: readonly Row[], learner: string): Row[] {
  return rows.filter((row) => row.learner === learner);
}

function theory({ dimensions }: Config) {
  const [low, high] = [Math.min(...dimensions), Math.max(...dimensions)];
  return LEARNERS.flatMap((learner) =>
    Array.from({ length: 60 }, (_, i) => {
      const d = low + ((high - low) * i) / 59;
      return { learner, d, exponent: -expectedSlope(d, learner) };
    }),
  );
}
