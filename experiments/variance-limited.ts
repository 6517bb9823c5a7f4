import * as Plot from '@observablehq/plot';
import { atLeast, atMost, defineExperiment, InterruptedError, near, stream, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { leastSquares } from '../src/scaling/index.js';
import { excessRisks, expectedExcessRisk } from '../src/scaling/variance.js';

const config = z.strictObject({
  parameters: z.int().min(1).default(32).describe('parameters of student and teacher, P'),
  examples: z
    .array(z.int().min(3))
    .min(4)
    .default([40, 48, 64, 96, 160, 320, 640, 1280, 2560, 5120])
    .describe('training examples, D; all larger than P + 1'),
  noise: z.number().positive().default(0.5).describe('standard deviation of the noise in the targets'),
  repeats: z
    .int()
    .min(10)
    .default(100)
    .describe('sets of examples of each size; each is fitted with eight noises'),
});

/** Noises tried on each set of examples: nearly free once its equations are set up. */
const NOISES = 8;
const THEORY = 'closed form s²·P/(D - P - 1) for normal features';
const BAHRI = 'Bahri et al. 2024, doi:10.1073/pnas.2311878121: excess loss falls as 1/D';

export default defineExperiment({
  id: 'variance-limited',
  title: 'One over D: when only noise is left to learn away',
  question: 'How does the error of a student fall with data when it could represent its teacher exactly?',
  prediction:
    'A student with 32 parameters fits noisy examples of a linear teacher. Examples grow from 640 to 1,280. Does the ' +
    'error fall by half, by a quarter, or by 30 %? And what happens near 33 examples?',
  config,
  presets: {
    quick: { repeats: 30, examples: [40, 64, 96, 160, 320, 640, 1280, 2560] },
    full: { repeats: 400 },
  },

  async run({ parameters, examples, noise, repeats }, { seed, signal, progress }) {
    const points = examples.map((count, i) => {
      if (signal.aborted) throw new InterruptedError();
      progress(i, examples.length, `${count} examples`);
      const random = stream(seed, `examples ${count}`);
      const risks = Array.from({ length: repeats }, () =>
        excessRisks(parameters, count, noise, NOISES, random),
      ).flat();
      const risk = risks.reduce((sum, each) => sum + each, 0) / risks.length;
      const expected = expectedExcessRisk(parameters, count, noise);
      return { examples: count, free: count - parameters - 1, risk, expected, ratio: risk / expected };
    });
    const tail = points.filter((point) => point.examples >= 3 * parameters);
    return { metrics: { points, slope: slope(tail.length < 3 ? points : tail) } };
  },

  tables: ({ metrics }) => [
    {
      name: 'risk',
      title: 'Excess risk and its expectation',
      columns: [
        { key: 'examples', label: 'examples' },
        { key: 'risk', label: 'excess risk', digits: 4 },
        { key: 'expected', label: 'expected', digits: 4 },
        { key: 'ratio', label: 'ratio', digits: 4 },
      ],
      rows: metrics.points,
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'risk',
      title: `Excess risk of a student with ${config.parameters} parameters`,
      caption:
        'Dots are means over fits, the line is theory. Far from P + 1 the error falls as 1/D (dashed); close to it the ' +
        'equations are nearly singular and the error explodes.',
      plot: {
        x: { type: 'log', label: 'training examples', tickFormat: String },
        y: { type: 'log', label: 'excess risk', tickFormat: powerOfTen },
        marks: [
          Plot.line(metrics.points, {
            x: 'examples',
            y: ({ examples }) => (config.noise ** 2 * config.parameters) / examples,
            strokeDasharray: '5 4',
          }),
          Plot.line(metrics.points, { x: 'examples', y: 'expected', stroke: '#D55E00', strokeWidth: 2 }),
          Plot.dot(metrics.points, { x: 'examples', y: 'risk', r: 5, fill: '#0072B2' }),
        ],
      },
      rows: metrics.points,
    },
  ],

  claims({ metrics, config }) {
    const ratios = metrics.points.filter(({ examples }) => examples >= 320).map(({ ratio }) => ratio);
    if (ratios.length < 3 || config.repeats < 30) return [];
    return [
      atLeast('Smallest ratio to theory, from 320 examples on', Math.min(...ratios), 0.93, THEORY),
      atMost('Largest ratio to theory, from 320 examples on', Math.max(...ratios), 1.07, THEORY),
      near('Slope of log risk in log(D - P - 1), where D is at least 3·P', metrics.slope, -1, 0.05, BAHRI),
    ];
  },

  finding({ metrics }) {
    const [first, last] = [metrics.points[0], metrics.points.at(-1)!];
    return (
      `The error falls as (D - P - 1)^${metrics.slope.toFixed(2)}, as theory says (ratio ` +
      `${last.ratio.toFixed(2)} at ${last.examples} examples). With ${first.examples} examples it is ` +
      `${(first.risk / ((last.risk * last.examples) / first.examples)).toFixed(0)} times above that line.`
    );
  },

  caveats: () => [
    'The student can represent the teacher exactly. If it cannot, a floor remains that no data removes.',
    'The 1/D belongs to a loss that is quadratic near its minimum; it is the variance, not its root.',
    'Near P + 1 examples means scatter wildly: the variance of the risk is infinite there.',
  ],
});

function slope(points: readonly { free: number; risk: number }[]): number {
  return leastSquares(
    points.map(({ free }) => Math.log(free)),
    points.map(({ risk }) => Math.log(risk)),
  ).slope.value;
}
