import { writeCostTable } from '../src/experiment/write-cost-table.js';
import { defineExperiment, type RunView, type Table } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { type PointMean, pointMeans, vanilla } from './competitive-plasticity/analysis.js';
import { anchorTable, claims } from './competitive-plasticity/claims.js';
import { type Config, config, presets } from './competitive-plasticity/config.js';
import { figures } from './competitive-plasticity/figures.js';
import { MASKS, type Metrics, run } from './competitive-plasticity/run.js';

type View = RunView<Config, Metrics>;

export default defineExperiment({
  id: 'competitive-plasticity',
  title: 'Must every synapse change for every example?',
  question:
    'How many writes and how much weight change does a network need to learn handwritten digits, if only the synapses ' +
    'with the largest proposed changes, or those of a subnet, may change?',
  prediction:
    'A network with 200 hidden units has 159,000 synapses, and back-propagation changes all of them for every digit. ' +
    'If only the 3 in 1000 with the largest proposed change may change, does it still learn? How many times longer ' +
    'does it take, and how many writes does it make in all?',
  config,
  presets,
  run,
  tables: (view) => [anchorTable(view), pointTable(view), ...costTable(view)],
  figures,
  claims,
  finding,
  caveats: ({ metrics }) => [
    'M0 counts changes that are not 0, M1 sums |Δw|, as the paper does; neither is in joules.',
    'M0 depends on what is 0: inputs here have zero mean and a little noise, so that no proposed change is. Raw pixels ' +
      'with ReLU leave most changes 0, and a network without competition then writes much less.',
    'Competition takes more samples, and each sample costs a forward and a backward pass; that energy is not in M0 or M1.',
    'Learning ends at the first look at the test set above the goal, which picks lucky crossings and steps of 2000 ' +
      'samples.',
    'With few plastic synapses the end is slow: at p = 0.003 ten seeds of 200 hidden units needed 112,000 to 170,000 ' +
      'samples to 95 % (mean 138,000, 1.30e8 writes), and three of them alone make savings between 31 and 43 times. It also hangs on the ' +
      'initial weights: N(0, 0.01²) took 173,000 samples, N(0, 0.03²) 114,000 (three seeds each, weightSd).',
    'The figures of the paper could not be read; apart from "at least 10^8 writes" (abstract) numbers are compared ' +
      'with an independent prototype.',
    ...failures(metrics),
  ],
});

function failures({ rows }: Metrics): string[] {
  const failed = rows.filter((row) => !row.reached);
  if (failed.length === 0) return [];
  const which = [
    ...new Set(
      failed.map(
        (row) =>
          `${row.hidden} hidden units, ${row.policy}${row.fraction === null ? '' : `, p = ${row.fraction}`}`,
      ),
    ),
  ];
  return [
    `${failed.length} of ${rows.length} runs did not reach the goal and are in no average: ${which.join('; ')}.`,
  ];
}

function costTable({ metrics }: View): Table[] {
  return writeCostTable(
    metrics.rows
      .filter(({ reached }) => reached)
      .map(({ hidden, policy, fraction, subnet, costs }) => ({
        labels: { 'hidden units': hidden, policy, p: fraction, k: subnet },
        costs,
      })),
  );
}

function pointTable({ config, metrics }: View): Table {
  const means = pointMeans(metrics);
  const relative = (point: PointMean, key: 'm0' | 'm1') => {
    const plain = vanilla(means, point.hidden);
    return plain && point.runs > 0 ? plain[key] / point[key] : null;
  };
  return {
    name: 'policies',
    title: `What it took to reach ${100 * config.goal} %`,
    columns: [
      { key: 'hidden', label: 'hidden units' },
      { key: 'policy', label: 'policy' },
      { key: 'fraction', label: 'p' },
      { key: 'subnet', label: 'k' },
      { key: 'runs', label: 'runs that reached it' },
      { key: 'samples', label: 'samples', digits: 3 },
      { key: 'm0', label: 'M0 (writes)', digits: 3 },
      { key: 'm0Saving', label: 'saving in M0', digits: 3 },
      { key: 'm1', label: 'M1 (Σ|Δw|)', digits: 3 },
      { key: 'm1Saving', label: 'saving in M1', digits: 3 },
      { key: 'inefficiency', label: 'M1 / M1 least', digits: 3 },
    ],
    rows: means.map((point) => ({
      hidden: point.hidden,
      policy: point.policy,
      fraction: point.fraction,
      subnet: point.subnet,
      runs: `${point.runs} of ${point.of}`,
      samples: finite(point.samples),
      m0: finite(point.m0),
      m0Saving: relative(point, 'm0'),
      m1: finite(point.m1),
      m1Saving: relative(point, 'm1'),
      inefficiency: finite(point.inefficiency),
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** 4770000000 → '4.8·10⁹' */
function scientific(value: number): string {
  const exponent = Math.floor(Math.log10(value));
  return `${(value / 10 ** exponent).toFixed(1)}·${powerOfTen(10 ** exponent)}`;
}

function finding({ config, metrics }: View): string {
  const means = pointMeans(metrics);
  const plain = vanilla(means, config.hidden);
  const competition = means.filter((point) => point.policy === MASKS[0].name && point.runs === point.of);
  if (!plain?.runs || competition.length === 0) return 'No network with competition reached the goal.';
  const least = competition.reduce((a, b) => (b.m0 < a.m0 ? b : a));
  return (
    `With ${config.hidden} hidden units, ${(100 * config.goal).toFixed(0)} % took ${scientific(plain.m0)} writes ` +
    `if every synapse changed, and ${scientific(least.m0)} if only the largest ${100 * least.fraction!} % of ` +
    `changes were made: ${(plain.m0 / least.m0).toFixed(0)} times fewer, in ` +
    `${(least.samples / plain.samples).toFixed(1)} times as many samples. ` +
    `The sum of changes went ${least.m1 < plain.m1 ? 'down' : 'up'} by ` +
    `${Math.abs(100 * (least.m1 / plain.m1 - 1)).toFixed(0)} %.`
  );
}
