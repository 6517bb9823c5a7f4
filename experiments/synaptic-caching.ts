import { defineExperiment, type RunView, type Table } from '../src/index.js';
import * as theory from '../src/learning/perceptron-theory.js';
import {
  atLoad,
  best,
  cachePoints,
  converged,
  inefficiency,
  saving,
  summary,
} from './synaptic-caching/analysis.js';
import { anchorTable, claims } from './synaptic-caching/claims.js';
import { type Config, config, presets } from './synaptic-caching/config.js';
import { figures, SHOWN_COST } from './synaptic-caching/figures.js';
import { DEFAULT_RULE, type Metrics, RULES, run } from './synaptic-caching/run.js';

type View = RunView<Config, Metrics>;

export default defineExperiment({
  id: 'synaptic-caching',
  title: 'What does a memory cost, and what does it save to write it in pencil first?',
  question:
    'How much more energy does a perceptron spend on changing its weights than the least that its memories need, ' +
    'and how much of that is saved by caching changes in cheap transient weights?',
  prediction:
    'Each mistake changes every weight by one unit, up or down. After learning 1000 patterns with 1000 inputs, how ' +
    'many times further than the straight way has a weight walked: 2, 10 or 70 times? If changes are first kept in ' +
    'transient form and written down only when they have added up, is it better to write often or seldom?',
  config,
  presets,
  run,
  tables: (view) => [anchorTable(view), loadTable(view), ruleTable(view)],
  figures,
  claims,
  finding,
  caveats: ({ metrics }) => [
    'Energy is in units of weight change, not joules: M = Σ|Δw|. What a unit costs in a synapse is not known to better ' +
      'than orders of magnitude; `femtospike price` puts in what you believe.',
    'A saving says nothing without the cost c of holding transients and their decay: free transients that never decay ' +
      'make any saving equal to the inefficiency.',
    'Thresholds are chosen with hindsight, the best of those tried, as in the paper.',
    'Near capacity runs are spread over more than a factor of ten, and some need more rounds than they are given; means ' +
      'leave these out and are too low there, medians count them as above. At P = 1900 a hundred seeds gave a median of ' +
      '1006 times the least energy; medians of twenty of them lie between 820 and 1320 (95 %), and leaving out what needs ' +
      'more than 2,000, 5,000 or 10,000 rounds makes the median 730, 877 or 963 (--set loads=1900 capacityRepeats=100 maxEpochs=10000).',
    'Patterns are random and have no structure; inputs are ±1 exactly (the published code subtracts the mean of the ' +
      'pattern matrix, which changes them by a part in a thousand).',
    'The theory of power is compared with perceptrons far above their capacity, which never stop making mistakes.',
    ...notConverged(metrics),
  ],
});

function notConverged({ rows }: Metrics): string[] {
  const lost = rows.filter((row) => row.part !== 'power' && !row.converged);
  if (lost.length === 0) return [];
  return [
    `${lost.length} of ${rows.length} runs did not converge and are in no average; a threshold at which any run ` +
      'failed is not taken for the best.',
  ];
}

function loadTable({ config, metrics }: View): Table {
  return {
    name: 'loads',
    title: 'Perceptrons without a cache',
    columns: [
      { key: 'patterns', label: 'P' },
      { key: 'runs', label: 'runs converged' },
      { key: 'updates', label: 'updates K', digits: 4 },
      { key: 'updatesTheory', label: 'K, theory', digits: 4 },
      { key: 'presentations', label: 'presentations T', digits: 4 },
      { key: 'inefficiency', label: 'inefficiency', digits: 3 },
      { key: 'sd', label: 's.d.', digits: 2 },
      { key: 'inefficiencyTheory', label: 'theory (Eq. 3)', digits: 3 },
      { key: 'variance', label: 'var(w)/K', digits: 2 },
    ],
    rows: config.loads.map((patterns) => {
      const all = atLoad(metrics, patterns);
      const rows = converged(all);
      const ratio = inefficiency(all);
      return {
        patterns,
        runs: `${ratio.runs} of ${ratio.of}`,
        updates: finite(summary(rows.map((row) => row.updates)).mean),
        updatesTheory: theory.updates(patterns, config.inputs),
        presentations: finite(summary(rows.map((row) => row.presentations)).mean),
        inefficiency: finite(ratio.mean),
        sd: finite(ratio.sd),
        inefficiencyTheory: theory.inefficiency(patterns, config.inputs),
        variance: finite(summary(rows.map((row) => row.weightVariance / row.updates)).mean),
      };
    }),
  };
}

function ruleTable({ config, metrics }: View): Table {
  const points = cachePoints(metrics, 'cache');
  return {
    name: 'rules',
    title: 'Best threshold and saving of each rule of consolidation, P = N, no decay',
    columns: [
      { key: 'cost', label: 'c' },
      ...RULES.flatMap((rule) => [
        { key: `${rule}Threshold`, label: `θ, rule ${rule}` },
        { key: `${rule}Saving`, label: `saving, rule ${rule}`, digits: 3 },
      ]),
    ],
    rows: [0, ...config.costs].map((cost) => ({
      cost,
      ...Object.fromEntries(
        RULES.flatMap((rule) => [
          [`${rule}Threshold`, best(points, rule, null, cost)?.threshold ?? null],
          [`${rule}Saving`, finite(saving(metrics, rule, cost))],
        ]),
      ),
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function finding({ config, metrics }: View): string {
  const load = config.loads.includes(config.inputs) ? config.inputs : config.loads[config.loads.length - 1];
  const ratio = inefficiency(atLoad(metrics, load));
  const saved = saving(metrics, DEFAULT_RULE, SHOWN_COST);
  return (
    `Learning ${load} random patterns with ${config.inputs} inputs cost ${ratio.mean.toFixed(0)} times the least energy ` +
    `that its final weights needed (mean of ${ratio.runs} runs). ` +
    `Caching changes in transient weights that cost ${SHOWN_COST} a presentation to hold, with the best threshold and ` +
    `no decay, cut the energy at P = N by ${saved.toFixed(1)} times.`
  );
}
