import { writeCostTable } from '../src/experiment/write-cost-table.js';
import { defineExperiment, type Table } from '../src/index.js';
import {
  allReached,
  commonAccuracy,
  finalAccuracy,
  lorenz,
  meanOverlap,
  reached,
  runsOf,
  type View,
} from './frugal-spiking/analysis.js';
import { anchorTable, claims } from './frugal-spiking/claims.js';
import { config, presets } from './frugal-spiking/config.js';
import { figures } from './frugal-spiking/figures.js';
import { POLICIES, run } from './frugal-spiking/run.js';

export default defineExperiment({
  id: 'frugal-spiking',
  title: 'Which frugality pays in a network that spikes?',
  question:
    'Lazy learning, competition between synapses and caching each spare something. What does a spiking classifier that ' +
    'learns by EventProp pay for an accuracy under each of them and all their products, with plain gradient descent ' +
    'and with Adam?',
  prediction:
    'Three ways to save: learn from what was not known well, change the tenth of the synapses that matters most, or write ' +
    'in pencil first. Which saves most of the energy of writing, which of the whole energy of learning, and which loses ' +
    'accuracy? Do the savings multiply?',
  config,
  presets,
  run,
  tables: (view) => [
    endTable(view),
    energyTable(view),
    anchorTable(view),
    ...writeCostTable(
      view.metrics.runs.map(({ optimiser, policy, costs }) => ({ labels: { optimiser, policy }, costs })),
    ),
  ],
  figures,
  claims,
  finding,
  caveats,
});

function endTable(view: View): Table {
  return {
    name: 'policies',
    title: 'Policies at the end of learning, and at the accuracy that most of them reached',
    columns: [
      { key: 'optimiser', label: 'optimiser' },
      { key: 'policy', label: 'policy' },
      { key: 'final', label: 'accuracy at the end', unit: '%', digits: 4 },
      { key: 'learnt', label: 'images learnt from', unit: '%', digits: 3 },
      { key: 'accuracy', label: 'energy to', unit: '%', digits: 3 },
      { key: 'energy', label: 'energy of learning', unit: 'µJ', digits: 3 },
      { key: 'saving', label: 'saving', digits: 3 },
      { key: 'm0Saving', label: 'saving in writes M0', digits: 3 },
      { key: 'm1Saving', label: 'saving in change M1', digits: 3 },
      { key: 'overlap', label: 'written the step before, too', unit: '%', digits: 3 },
      { key: 'gini', label: "Gini's coefficient of writes", digits: 3 },
    ],
    rows: view.config.optimisers.flatMap((optimiser) => {
      const accuracy = commonAccuracy(view, optimiser);
      const at = (policy: string) => (accuracy === null ? null : reached(view, optimiser, policy, accuracy));
      const dense = at('dense');
      return POLICIES.map((policy) => {
        const point = at(policy);
        const last = runsOf(view, optimiser, policy).map((run) => run.looks[run.looks.length - 1]);
        const learnt =
          last.reduce((sum, look) => sum + look.updates, 0) /
          last.reduce((sum, look) => sum + look.samples, 0);
        return {
          optimiser,
          policy,
          final: 100 * finalAccuracy(view, optimiser, policy),
          learnt: 100 * learnt,
          accuracy: accuracy === null ? null : 100 * accuracy,
          energy: point?.energyUj ?? null,
          saving: ratio(dense?.energyUj, point?.energyUj),
          m0Saving: ratio(dense?.m0, point?.m0),
          m1Saving: ratio(dense?.m1, point?.m1),
          overlap: finite(100 * meanOverlap(view, optimiser, policy)),
          gini: gini(view, optimiser, policy),
        };
      });
    }),
  };
}

/** Gini's coefficient of the persistent writes of synapses, first seed: 0 if all are written alike, 1 if one is. */
function gini(view: View, optimiser: string, policy: string): number | null {
  const ledger = view.ledgers.find(
    ({ labels }) => labels.optimiser === optimiser && labels.policy === policy,
  );
  const writes = ledger?.layers.flatMap(({ changes }) => (changes ? Array.from(changes.l0) : []));
  return writes?.some((count) => count > 0) ? lorenz(Float64Array.from(writes)).gini : null;
}

function energyTable(view: View): Table {
  return {
    name: 'energies',
    title: `Energy to reach an accuracy under '${view.config.tariff}'`,
    columns: [
      { key: 'optimiser', label: 'optimiser' },
      { key: 'policy', label: 'policy' },
      { key: 'accuracy', label: 'accuracy', unit: '%', digits: 3 },
      { key: 'runs', label: 'runs that reached it' },
      { key: 'samples', label: 'images', digits: 3 },
      { key: 'energy', label: 'energy of learning', unit: 'µJ', digits: 3 },
      { key: 'update', label: 'of it writing', unit: 'µJ', digits: 3 },
      { key: 'm0', label: 'M0 (writes)', digits: 3 },
      { key: 'm1', label: 'M1 (Σ|Δw|)', digits: 3 },
      { key: 'inefficiency', label: 'M1 / M1 least', digits: 3 },
    ],
    filters: [
      { key: 'optimiser', label: 'optimiser' },
      { key: 'accuracy', label: 'accuracy' },
    ],
    rows: allReached(view).map((point) => ({
      optimiser: point.optimiser,
      policy: point.policy,
      accuracy: +(100 * point.accuracy).toFixed(2),
      runs: `${point.runs} of ${point.of}`,
      samples: finite(point.samples),
      energy: point.energyUj,
      update: point.shares.update,
      m0: finite(point.m0),
      m1: finite(point.m1),
      inefficiency: finite(point.inefficiency),
    })),
  };
}

function ratio(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === 'number' && typeof b === 'number' ? finite(a / b) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function finding(view: View): string {
  const sentences = view.config.optimisers.flatMap((optimiser) => {
    const accuracy = commonAccuracy(view, optimiser);
    if (accuracy === null) return [];
    const points = POLICIES.map((policy) => reached(view, optimiser, policy, accuracy)).filter(
      (point) => point.energyUj !== null,
    );
    const dense = points.find(({ policy }) => policy === 'dense');
    if (!dense || points.length < 2) return [];
    const cheapest = points.reduce((a, b) => (b.energyUj! < a.energyUj! ? b : a));
    const fewest = points.reduce((a, b) => (b.m0 < a.m0 ? b : a));
    const times = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} times`;
    return [
      `With ${optimiser === 'sgd' ? 'plain gradient descent' : 'Adam'}, ${+(100 * accuracy).toFixed(1)} % cost ` +
        `${microjoules(dense.energyUj!)} under '${view.config.tariff}' if every change was made, and ` +
        `${microjoules(cheapest.energyUj!)} at the cheapest (${cheapest.policy}: ${times(dense.energyUj! / cheapest.energyUj!)} ` +
        `less); '${fewest.policy}' made ${times(dense.m0 / fewest.m0)} fewer persistent writes.`,
    ];
  });
  return sentences.length > 0
    ? sentences.join(' ')
    : 'No accuracy asked for was reached by every run of dense learning and another policy.';
}

/** 2463 µJ → '2.5 mJ' */
function microjoules(uj: number): string {
  if (uj >= 1000) return `${(uj / 1000).toPrecision(3)} mJ`;
  return uj >= 100 ? `${uj.toFixed(0)} µJ` : `${uj.toPrecision(2)} µJ`;
}

function caveats(view: View): string[] {
  const { config, preset, metrics } = view;
  const failed = allReached(view).filter((point) => point.runs < point.of);
  const which = [...new Set(failed.map((point) => `${point.optimiser}, ${point.policy}`))];
  return [
    ...(preset === 'quick' ? ['This is a sketch: a small network, few images, one seed.'] : []),
    ...(failed.length > 0
      ? [
          `Not every run reached every accuracy within its images (${config.optimisers.map((name) => `${name}: ${name === 'sgd' ? config.sgdSamples : config.adamSamples}`).join(', ')}), ` +
            `and means are told only where every run did; missing somewhere: ${which.join('; ')}.`,
        ]
      : []),
    `Energies are modelled: counts times the prices of '${config.tariff}'. Other tariffs weigh events and writes otherwise: ` +
      '`femtospike price` puts in another one.',
    'Most tariffs have no price for a transient write, or set it to zero: what caching saves is then what it saves at best.',
    'The inference of a finished network is not in these energies; the spikes of the images it learnt from are.',
    'What Adam keeps to make its step, two moments a synapse, is not billed as memory.',
    'The policies have one setting each (p, θ, confidence), not tuned for each optimiser or product; learning rates ' +
      `${config.schedule === 'constant' ? 'are constant' : 'fall to 0 at the end'} and are the same for all policies of an optimiser.`,
    'The first crossing of an accuracy on the test set is a lucky one; it is looked at every ' +
      `${config.testEvery} images.`,
    ...(new Set(metrics.runs.map(({ seed }) => seed)).size === 1
      ? ['One seed: differences of a few tenths mean nothing.']
      : []),
  ];
}
