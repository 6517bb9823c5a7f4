import * as Plot from '@observablehq/plot';
import { UNITS } from '../src/energy/counts.js';
import { publishedCrossover } from '../src/energy/crossover.js';
import { loadTariff, priceOf } from '../src/energy/tariff.js';
import { atLeast, atMost, COLOURS, defineExperiment, near } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { ACCOUNTS } from './spiking-vs-dense/accounts.js';
import {
  crossovers,
  energyNj,
  equalAccuracy,
  targetAccuracy,
  tasksOf,
  type View,
  workOf,
} from './spiking-vs-dense/analysis.js';
import { config, presets } from './spiking-vs-dense/config.js';
import { compare, KINDS } from './spiking-vs-dense/run.js';

const RULE =
  'Spyx, study honest_energy_accounting, with constants of Yan, Bai and Wong 2024, arXiv 2409.08290';

export default defineExperiment({
  id: 'spiking-vs-dense',
  title: 'Spiking or dense: who pays less for the same answer?',
  question:
    'At equal accuracy, under which tariff does a spiking network cost less than a dense one, and how few spikes must it send?',
  prediction:
    'An addition costs a fifth of a multiply-accumulate, and most inputs are silent most of the time. In how many of ' +
    'sixteen accounts, from bare arithmetic to the brain, does the spiking network win?',
  config,
  presets,
  run: compare,

  tables(view) {
    return [
      {
        name: 'verdicts',
        title: 'Energy of one inference at equal accuracy (ratio above 1: the spiking network costs less)',
        columns: energyColumns,
        rows: equalAccuracy(view, 'inference').map(asCells),
        filters: [{ key: 'task', label: 'task' }],
      },
      {
        name: 'learning',
        title: 'Energy of learning up to that accuracy (where a tariff prices learning)',
        columns: energyColumns,
        rows: equalAccuracy(view, 'training').map(asCells),
        filters: [{ key: 'task', label: 'task' }],
      },
      {
        name: 'crossovers',
        title: 'Spike rate below which the spiking network costs less than a rival of its size',
        columns: [
          { key: 'task', label: 'task' },
          { key: 'account', label: 'account' },
          { key: 'rate', label: 'its rate', unit: 'spikes a source and step' },
          { key: 'crossover', label: 'crossover', unit: 'spikes a source and step' },
          { key: 'rule', label: 'published rule, ⌈log₂(T+1)⌉/(8 T)', unit: 'spikes a source and step' },
          { key: 'verdict', label: 'so' },
        ],
        rows: crossovers(view).map((row) => ({
          task: row.task,
          account: row.account,
          rate: row.rate,
          crossover: row.crossover,
          rule: publishedCrossover(row.steps),
          verdict:
            row.crossover <= 0
              ? 'never: neuron updates alone cost more'
              : row.rate < row.crossover
                ? 'it costs less'
                : 'it costs more',
        })),
        filters: [{ key: 'task', label: 'task' }],
      },
      {
        name: 'networks',
        title: 'The networks',
        columns: [
          { key: 'task', label: 'task' },
          { key: 'kind', label: 'kind' },
          { key: 'hidden', label: 'hidden units, or filters of the second convolution' },
          { key: 'seed', label: 'seed' },
          { key: 'bits', label: 'bits of the quantised' },
          { key: 'accuracy', label: 'test accuracy' },
          { key: 'rate', label: 'spikes a source and step' },
          { key: 'inputSpikes', label: 'input spikes a sample' },
          { key: 'hiddenSpikes', label: 'hidden spikes a sample' },
        ],
        rows: view.metrics.networks.map(({ ledger: _, steps: _s, ...network }) => network),
        filters: [
          { key: 'task', label: 'task' },
          { key: 'kind', label: 'kind' },
        ],
      },
      {
        name: 'work',
        title: 'Work that the ledgers count, for one sample (networks of the first seed)',
        columns: [
          { key: 'task', label: 'task' },
          { key: 'kind', label: 'kind' },
          { key: 'hidden', label: 'hidden units, or filters of the second convolution' },
          { key: 'weights', label: 'weights' },
          { key: 'accumulates', label: 'accumulates of an inference' },
          { key: 'macs', label: 'MACs of an inference' },
          { key: 'activationBytes', label: 'activations of an inference', unit: 'bytes' },
          { key: 'trainingMacs', label: 'MACs of learning' },
          { key: 'trainingAccumulates', label: 'accumulates of learning' },
          { key: 'updates', label: 'weights written in learning' },
          { key: 'optimiserBytes', label: 'optimiser state moved in learning', unit: 'bytes' },
        ],
        rows: workOf(view).map((row) => ({ ...row })),
        filters: [
          { key: 'task', label: 'task' },
          { key: 'kind', label: 'kind' },
        ],
      },
      {
        name: 'terms',
        title: 'What each tariff charges for one unit of work; a zero is printed as a zero, with its reason',
        columns: [
          { key: 'tariff', label: 'tariff' },
          { key: 'unit', label: 'unit of work' },
          { key: 'fj', label: 'price', unit: 'fJ' },
          { key: 'reason', label: 'remark' },
        ],
        rows: terms(),
        filters: [{ key: 'tariff', label: 'tariff' }],
      },
    ];
  },

  figures: (view) => [ratioFigure(view), crossoverFigure(view), frontFigure(view)],

  claims(view) {
    const rows = crossovers(view);
    const at = (account: string, task = 'MNIST') =>
      rows.find((row) => row.account === account && row.task === task)!;
    const rule = [5, 6, 7, 8, 9, 10].map(publishedCrossover);
    const spiking = view.metrics.networks.filter(({ kind }) => kind === 'spiking');
    const mnist = spiking.filter(({ task }) => task === 'MNIST');
    return [
      near(
        'Mean of the published rule over windows of 5 to 10 steps',
        rule.reduce((sum, s) => sum + s, 0) / rule.length,
        0.0599,
        0.00005,
        RULE,
      ),
      atMost(
        'Crossover of bare arithmetic: at most a MAC over an addition, by T',
        at('fp32, weights in registers').crossover,
        4.6 / 0.9 / 20,
        'closed form (E_MAC/E_AC)/T; neuron updates, two MACs a step, bring it down',
      ),
      atLeast(
        'Accuracy that all kinds reach on MNIST',
        targetAccuracy(view, 'MNIST'),
        0.8,
        'far above chance, else nothing is compared',
      ),
      near(
        'Input spikes of a digit',
        mnist.reduce((sum, { inputSpikes }) => sum + inputSpikes!, 0) / mnist.length,
        151,
        8,
        'pixels above 1 in the training images of MNIST, counted; a sample of 1,000 scatters by 1.3',
      ),
    ];
  },

  finding(view) {
    const rows = equalAccuracy(view, 'inference');
    const count = (verdict: string, ...groups: string[]) =>
      rows.filter((row) => row.verdict === verdict && groups.includes(row.group)).length;
    const score = (what: string, ...groups: string[]) => {
      const all = rows.filter(({ group }) => groups.includes(group)).length;
      return `${what} ${count('spiking costs less', ...groups)} and ${count('dense costs less', ...groups)} of ${all}`;
    };
    return (
      'At equal accuracy, comparisons in which the spiking and in which the other network surely costs less: on one substrate, ' +
      `${score('bare arithmetic', 'compute only')}; ${score('with memory', 'compute and memory')}; ` +
      `${score('on a GPU', 'GPU')}; ${score('against a convolutional network', 'convolution')}. ` +
      `Set against a GPU, on other bases: ${score('spiking chips', 'spiking hardware')}; ${score('brains', 'biology')}.`
    );
  },

  caveats: () => [
    'Modelled energy, ledger × tariff; nothing here was measured on a meter. Chips and brains are set against a GPU: two bases side by side, which is a ratio of prices and not an efficiency.',
    'A convolutional network uses each weight at hundreds of places; where weights lie in SRAM it is charged for fetching it at each, as all networks are for every use.',
    'Chip tariffs leave much at zero (see the terms): TrueNorth, SENECA and the brain charge nothing for a neuron update that no spike caused.',
    'Spiking weights are learned in float32 and priced as 8-bit integers without being rounded; the quantised rival learned with its rounding. This favours the spiking network.',
    'Every synapse fetches its weight at every use. A dense network that reuses its weights over a batch, as all do, pays less for memory than is shown here.',
    'Where the narrowest network of a kind already reaches the accuracy, its energy is taken: a still narrower one might do for less.',
    'Equal accuracy is that of networks of different widths, interpolated; learning is billed as a whole run of fixed length, not stopped at the accuracy.',
    'All networks are small, feed-forward and trained for a few epochs: no statement about large networks follows.',
  ],
});

const energyColumns = [
  { key: 'task', label: 'task' },
  { key: 'account', label: 'account' },
  { key: 'rivalKind', label: 'against' },
  { key: 'target', label: 'accuracy' },
  { key: 'spikingNj', label: 'spiking', unit: 'nJ' },
  { key: 'rivalNj', label: 'rival', unit: 'nJ' },
  { key: 'ratio', label: 'ratio' },
  { key: 'low', label: 'low (95 % over seeds)' },
  { key: 'high', label: 'high' },
  { key: 'verdict', label: 'so' },
];

const asCells = (row: ReturnType<typeof equalAccuracy>[number]) => ({ ...row });

function terms() {
  const tariffs = [...new Set(ACCOUNTS.flatMap(({ spiking, rival }) => [spiking, rival.tariff]))];
  return tariffs.flatMap((name) =>
    UNITS.map((unit) => {
      const priced = priceOf(loadTariff(name), unit);
      if (priced.status === 'priced') {
        return { tariff: name, unit, fj: priced.price.valueFj, reason: priced.price.conditions };
      }
      const isZero = priced.status === 'zero';
      return {
        tariff: name,
        unit,
        fj: isZero ? 0 : null,
        reason: `${isZero ? 'zero because ' : 'not priced: '}${priced.reason}`,
      };
    }),
  );
}

const ACCOUNT_NAMES = ACCOUNTS.map(({ name }) => name);
/** Those whose rival can have the sizes of the spiking network. */
const SAME_SIZES = ACCOUNTS.filter(({ rival }) => rival.kind !== 'convolutional').map(({ name }) => name);
const KIND_COLOURS = {
  domain: [...KINDS],
  range: [COLOURS.blue, COLOURS.vermilion, COLOURS.green, COLOURS.purple],
  legend: true,
  label: 'network',
};

function ratioFigure(view: View) {
  const rows = equalAccuracy(view, 'inference');
  return {
    name: 'ratio-at-equal-accuracy',
    title: 'Who pays less for the same answer',
    caption:
      'Energy of the dense (or quantised) network over that of the spiking one at equal accuracy, per inference. Right of the line the spiking network costs less. Bars: 95 % over seeds.',
    plot: {
      height: 540,
      marginLeft: 205,
      x: { type: 'log' as const, label: 'rival / spiking', tickFormat: powerOfTen, grid: true, nice: true },
      y: { label: null, domain: ACCOUNT_NAMES },
      color: { legend: true, label: 'task', domain: tasksOf(view) },
      marks: [
        Plot.ruleX([1], { strokeDasharray: '4,3' }),
        Plot.ruleY(rows, {
          x1: 'low',
          x2: 'high',
          y: 'account',
          stroke: 'task',
          strokeWidth: 3,
          strokeOpacity: 0.4,
        }),
        Plot.dot(rows, { x: 'ratio', y: 'account', fill: 'task', r: 5 }),
      ],
    },
    rows: rows.map(asCells),
  };
}

function crossoverFigure(view: View) {
  const rows = crossovers(view).filter(({ crossover }) => crossover > 0);
  return {
    name: 'crossover',
    title: 'How few spikes it takes',
    caption:
      'Symbols: the spike rate below which the spiking network costs less than a rival of its size. Ticks: the rate that it has. Dashed: the published rule for T = 20 and T = 60. An account without a symbol for a task is never won: there the neuron updates alone cost more than the rival.',
    plot: {
      height: 460,
      marginLeft: 205,
      x: {
        type: 'log' as const,
        label: 'spikes a source and time step',
        grid: true,
        tickFormat: powerOfTen,
        nice: true,
      },
      y: { label: null, domain: SAME_SIZES },
      color: { legend: true, label: 'task', domain: tasksOf(view) },
      marks: [
        Plot.ruleX([20, 60].map(publishedCrossover), { strokeDasharray: '4,3' }),
        Plot.dot(rows, {
          x: 'crossover',
          y: 'account',
          stroke: 'task',
          symbol: 'task',
          strokeWidth: 2,
          r: 6,
        }),
        Plot.tickX(rows, { x: 'rate', y: 'account', stroke: 'task', strokeWidth: 2 }),
      ],
    },
    rows: rows.map((row) => ({ ...row })),
  };
}

/** Tariffs of the third figure: one arithmetic, three places for the weights. */
const MEMORIES = [
  { tariff: '45nm-int8', memory: 'registers' },
  { tariff: '45nm-int8-sram', memory: 'SRAM' },
  { tariff: '45nm-int8-dram', memory: 'DRAM' },
];

function frontFigure(view: View) {
  const rows = view.metrics.networks.flatMap((network) =>
    MEMORIES.map(({ tariff, memory }) => ({
      task: network.task,
      kind: network.kind,
      memory,
      hidden: network.hidden,
      seed: network.seed,
      nj: energyNj(view, network, tariff, 'inference'),
      errorPercent: Math.max(100 * (1 - network.accuracy), 0.05),
    })),
  );
  const lowest = 0.8 * Math.min(...rows.map(({ errorPercent }) => errorPercent));
  const ticks = [0.1, 0.5, 2, 10, 50].filter((tick) => tick > lowest);
  return {
    name: 'accuracy-and-energy',
    title: 'Error against energy, by where the weights lie',
    caption:
      'Each dot is a network of 8-bit integers (all kinds priced alike, the convolutional ones too, though they learned in float32). Lower and further left is better. From left to right the weights lie in registers, SRAM and DRAM.',
    plot: {
      height: 520,
      // No tick at an edge: its label would meet that of the next facet.
      x: {
        type: 'log' as const,
        label: 'energy of an inference (nJ)',
        tickFormat: powerOfTen,
        ticks: [0.1, 10, 1000],
        nice: true,
      },
      marginRight: 80,
      y: {
        type: 'log' as const,
        label: 'error (%)',
        tickFormat: '~f',
        grid: true,
        domain: [lowest, 100],
        ticks,
      },
      fx: { domain: MEMORIES.map(({ memory }) => memory), label: null },
      fy: { label: null, domain: tasksOf(view) },
      color: KIND_COLOURS,
      marks: [
        Plot.frame({ strokeOpacity: 0.2 }),
        Plot.dot(rows, { x: 'nj', y: 'errorPercent', fx: 'memory', fy: 'task', fill: 'kind', r: 4 }),
      ],
    },
    rows,
  };
}
