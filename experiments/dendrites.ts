import * as Plot from '@observablehq/plot';
import { atLeast, atMost, type Claim, defineExperiment, InterruptedError, near, z } from '../src/index.js';
import { binding, bindingOf } from './dendrites/binding.js';
import { capacityPoints, NEURONS, type Neuron } from './dendrites/capacity.js';
import { exactShares } from './dendrites/exact.js';

const config = z.strictObject({
  synapses: z.int().min(6).multipleOf(6).default(12).describe('inputs of each neuron, N'),
  branches: z
    .union([z.literal(2), z.literal(3)])
    .default(3)
    .describe('dendritic branches, and hidden units of the network'),
  loads: z
    .array(z.number().positive())
    .min(1)
    .default([1, 1.5, 2, 2.5, 3, 4, 5])
    .describe('patterns for each input, P/N'),
  trials: z.int().min(10).default(100).describe('random dichotomies for each load'),
  sweeps: z.int().min(100).default(5000).describe('rounds through the patterns before learning is given up'),
});

const COVER = 'Cover 1965, doi:10.1109/PGEC.1965.264137: C(P, N) = 2·Σ_{k<N} binomial(P-1, k)';
const BOUND = 'each branch has at most its own Cover number of dichotomies: C(P, n)^B/2^P';
const BINDING =
  'the two wanted and the two unwanted pairs have the same sum of inputs; Cazé et al. 2013, doi:10.1371/journal.pcbi.1002867';

export default defineExperiment({
  id: 'dendrites',
  title: 'One neuron, several thinkers: branches that compute',
  question: 'What can a neuron learn whose branches have thresholds of their own, and a point neuron cannot?',
  prediction:
    'A neuron must answer to a red circle and a blue square, but not to a blue circle or a red square. Can one sum of ' +
    'weighted inputs do it? And how many random patterns can twelve synapses tell apart: on one branch, on three, in a ' +
    'network of three neurons?',
  config,
  presets: { quick: { trials: 40, sweeps: 1500 }, full: { trials: 400, sweeps: 20_000 } },

  async run(config, { seed, signal, progress }) {
    const points = [];
    const total = NEURONS.length * config.loads.length;
    for (const neuron of NEURONS) {
      for (const load of config.loads) {
        progress(points.length, total, `${neuron}, ${load} patterns an input`);
        // Lets an interrupt through between two points.
        await new Promise((resolve) => setImmediate(resolve));
        if (signal?.aborted) throw new InterruptedError();
        points.push(capacityPoints(neuron, load, config, seed));
      }
    }
    return {
      metrics: { points, binding: binding(seed), exact: exactShares(config.loads, config.trials, seed) },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'binding',
      title: 'Pairs of features answered rightly, of four, by the best weights that learning met',
      columns: [
        { key: 'neuron', label: 'neuron' },
        { key: 'task', label: 'task' },
        { key: 'right', label: 'right, of 4' },
      ],
      rows: metrics.binding,
    },
    {
      name: 'capacity',
      title: 'Random dichotomies learnt',
      columns: [
        { key: 'neuron', label: 'neuron' },
        { key: 'weights', label: 'weights' },
        { key: 'patterns', label: 'patterns' },
        { key: 'load', label: 'patterns an input', digits: 3 },
        { key: 'share', label: 'share learnt', digits: 3 },
        { key: 'theory', label: 'theory, or upper bound', digits: 3 },
      ],
      rows: metrics.points,
    },
    {
      name: 'exact',
      title: 'What six inputs can do at all: three branches of two (every weight tried), and a point neuron',
      columns: [
        { key: 'load', label: 'patterns an input', digits: 3 },
        { key: 'patterns', label: 'patterns' },
        { key: 'branches', label: 'three branches', digits: 3 },
        { key: 'point', label: 'point neuron (Cover)', digits: 3 },
        { key: 'bound', label: 'bound for the branches', digits: 3 },
      ],
      rows: metrics.exact,
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'capacity',
      title: 'Random dichotomies learnt against load',
      caption:
        `Share of random dichotomies that ${config.synapses} inputs could learn, with its standard error. Dashed: Cover’s ` +
        'count for a point neuron. The branches have as many weights as the point neuron, the network ' +
        `${config.branches} times as many.`,
      plot: {
        x: { label: 'patterns for each input, P/N' },
        y: { label: 'share learnt', domain: [0, 1.05] },
        color: { legend: true, type: 'categorical', domain: [...NEURONS] },
        symbol: { legend: true, domain: [...NEURONS] },
        marks: [
          Plot.line(
            metrics.points.filter(({ neuron }) => neuron === 'point neuron'),
            { x: 'load', y: 'theory', strokeDasharray: '5 4' },
          ),
          Plot.ruleX(metrics.points, {
            x: 'load',
            y1: ({ share, error }) => Math.max(0, share - error),
            y2: ({ share, error }) => Math.min(1, share + error),
            stroke: 'neuron',
          }),
          Plot.line(metrics.points, { x: 'load', y: 'share', stroke: 'neuron', strokeWidth: 2 }),
          Plot.dot(metrics.points, {
            x: 'load',
            y: 'share',
            stroke: 'neuron',
            symbol: 'neuron',
            r: 5,
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.points,
    },
    {
      name: 'binding',
      title: 'Tasks that one sum cannot do',
      caption: 'Right answers of four. Three is the most that a point neuron can give on either task.',
      plot: {
        height: 320,
        marginLeft: 110,
        marginRight: 80,
        x: { label: 'right answers, of 4', domain: [0, 4.2], ticks: [0, 1, 2, 3, 4], tickFormat: 'd' },
        y: { label: null, domain: [...NEURONS] },
        fy: { label: null },
        color: { legend: true, type: 'categorical', domain: [...NEURONS] },
        marks: [
          Plot.barX(metrics.binding, {
            x: 'right',
            y: 'neuron',
            fy: 'task',
            fill: 'neuron',
            insetTop: 2,
            insetBottom: 2,
          }),
          Plot.ruleX([3], { strokeDasharray: '5 4' }),
          Plot.ruleX([0]),
        ],
      },
      rows: metrics.binding,
    },
  ],

  claims({ metrics, config }): Claim[] {
    const right = (neuron: Neuron, task: string) => bindingOf(metrics.binding, neuron, task);
    const points = (neuron: Neuron) => metrics.points.filter((point) => point.neuron === neuron);
    return [
      ...points('point neuron').map(({ load, share, theory }) =>
        near(
          `Point neuron, ${load} patterns an input`,
          share,
          theory,
          fourSigma(theory, config.trials),
          COVER,
        ),
      ),
      ...(['branches', 'two layers'] as const).map((neuron) =>
        atMost(
          `Most that ${neuron} learnt above the bound and four standard errors`,
          Math.max(
            ...points(neuron).map(({ share, theory }) => share - theory - fourSigma(theory, config.trials)),
          ),
          0,
          BOUND,
        ),
      ),
      ...metrics.exact.map(({ load, branches, bound }) =>
        atMost(
          `Six inputs, three branches, ${load} patterns an input: can be made`,
          branches,
          Math.min(1, bound + fourSigma(bound, config.trials)),
          BOUND,
        ),
      ),
      near('Binding, point neuron: right of 4', right('point neuron', 'binding'), 3, 0, BINDING),
      near('Binding, branches: right of 4', right('branches', 'binding'), 4, 0, BINDING),
      near('XOR, point neuron: right of 4', right('point neuron', 'XOR'), 3, 0, 'Minsky & Papert 1969'),
      near('XOR, two layers: right of 4', right('two layers', 'XOR'), 4, 0, 'closed form: two thresholds'),
      ...[2]
        .filter((load) => config.loads.includes(load))
        .map((load) =>
          atLeast(
            `Network over branches, ${load} patterns an input`,
            at(points('two layers'), load) - at(points('branches'), load),
            -fourSigma(0.5, config.trials),
            'the network can set weights to zero and be the branches',
          ),
        ),
    ];
  },

  finding({ metrics, config }) {
    const half = (neuron: Neuron) => halfLoad(metrics.points.filter((point) => point.neuron === neuron));
    const exact = metrics.exact.find(({ load }) => load === 2);
    const said = (load: number | null) =>
      load === null ? 'more than was tried' : `${load.toFixed(1)} patterns an input`;
    return (
      `Branches with thresholds bind features, which no point neuron can: ${bindingOf(metrics.binding, 'branches', 'binding')} of 4 ` +
      `right against ${bindingOf(metrics.binding, 'point neuron', 'binding')}. Half of the random dichotomies are learnt up to ` +
      `${said(half('point neuron'))} by a point neuron, ${said(half('branches'))} by ${config.branches} branches with the same ` +
      `number of synapses, and ${said(half('two layers'))} by a network with ${config.branches} times as many.` +
      (exact
        ? ` Of six inputs with twelve patterns, three branches can make ${(100 * exact.branches).toFixed(0)} % of the dichotomies ` +
          `at all, a point neuron ${(100 * exact.point).toFixed(0)} %.`
        : '')
    );
  },

  caveats: ({ config }) => [
    `What is learnt here is a lower limit to what can be represented: learning is given up after ${config.sweeps} rounds.`,
    'A branch is a threshold of a sum, with learning rules of its own; real branches are smoother, and leak into each other.',
    'The wiring of the binding task is given: each branch already holds the two features that belong together.',
    'Random patterns ask for memory, not for the structure that real inputs have.',
    'Few inputs a branch are the worst case for branches, whose number and wiring are fixed here and not learnt.',
  ],
});

type Points = readonly { load: number; share: number }[];

function at(points: Points, load: number): number {
  return points.find((point) => point.load === load)!.share;
}

/** Four standard errors of a share; never less than those of a share one trial away from 0 or 1. */
function fourSigma(share: number, trials: number): number {
  const p = Math.min(Math.max(share, 1 / trials), 1 - 1 / trials);
  return 4 * Math.sqrt((p * (1 - p)) / trials);
}

/** Load at which half of the dichotomies are learnt, between the two loads around it. */
function halfLoad(points: Points): number | null {
  const after = points.findIndex(({ share }) => share < 0.5);
  if (after <= 0) return null;
  const [a, b] = [points[after - 1], points[after]];
  return a.load + ((a.share - 0.5) / (a.share - b.share)) * (b.load - a.load);
}
