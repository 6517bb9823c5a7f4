import * as Plot from '@observablehq/plot';
import type { Ledger } from '../../src/energy/ledger.js';
import { synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { Figure } from '../../src/index.js';
import {
  allReached,
  commonAccuracy,
  lorenz,
  paretoFront,
  reached,
  runsOf,
  SHARES,
  type Share,
  type View,
} from './analysis.js';
import { POLICIES } from './run.js';

export function figures(view: View): Figure[] {
  return [pareto(view), shares(view), lorenzCurves(view), distribution(view), churn(view)];
}

const names = (view: View) => view.config.optimisers.map((optimiser) => OPTIMISER[optimiser]);
const OPTIMISER = { sgd: 'plain gradient descent', adam: 'Adam' } as const;
const COLOUR = { legend: true, label: '', domain: [...POLICIES], scheme: 'Paired' } as const;

function pareto(view: View): Figure {
  const rows = allReached(view)
    .filter((point) => point.energyUj !== null)
    .map((point) => ({
      optimiser: OPTIMISER[point.optimiser],
      policy: point.policy,
      accuracyPercent: 100 * point.accuracy,
      accuracy: point.accuracy,
      energyUj: point.energyUj,
      samples: point.samples,
      runs: `${point.runs} of ${point.of}`,
    }));
  const front = names(view).flatMap((optimiser) =>
    paretoFront(rows.filter((row) => row.optimiser === optimiser)).sort((a, b) => a.accuracy - b.accuracy),
  );
  return {
    name: 'pareto',
    title: 'Accuracy against the energy of learning it',
    caption:
      `Energy of all learning, forward and backward events and writes, under '${view.config.tariff}', to the first test ` +
      'above an accuracy; means over runs, where every run got there. Rings: the front, which no other policy beats in ' +
      'both.',
    rows,
    plot: {
      fx: { label: null, domain: names(view) },
      x: { type: 'log', label: 'energy of learning (µJ)' },
      y: { label: 'test accuracy (%)', grid: true },
      color: COLOUR,
      height: 460,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.line(rows, {
          fx: 'optimiser',
          x: 'energyUj',
          y: 'accuracyPercent',
          stroke: 'policy',
          z: 'policy',
        }),
        Plot.dot(rows, { fx: 'optimiser', x: 'energyUj', y: 'accuracyPercent', fill: 'policy', r: 3.5 }),
        Plot.dot(front, { fx: 'optimiser', x: 'energyUj', y: 'accuracyPercent', stroke: 'black', r: 6 }),
      ],
    },
  };
}

function shares(view: View): Figure {
  const told = view.config.optimisers.flatMap((optimiser) => {
    const accuracy = commonAccuracy(view, optimiser);
    return accuracy === null ? [] : [{ optimiser, accuracy }];
  });
  const title = (optimiser: keyof typeof OPTIMISER, accuracy: number) =>
    `${OPTIMISER[optimiser]}, to ${+(100 * accuracy).toFixed(1)} %`;
  const panels = told.map(({ optimiser, accuracy }) => title(optimiser, accuracy));
  const rows = told
    .flatMap(({ optimiser, accuracy }) =>
      POLICIES.flatMap((policy) => {
        const point = reached(view, optimiser, policy, accuracy);
        return (Object.keys(SHARES) as Share[]).map((share) => ({
          optimiser: title(optimiser, accuracy),
          policy,
          share: SHARE_NAMES[share],
          energyUj: point.shares[share],
        }));
      }),
    )
    .filter((row) => row.energyUj !== null);
  return {
    name: 'shares',
    title: 'Where the energy of learning goes',
    caption:
      'Forward events, backward events and writes of weights up to the highest accuracy that most policies reached in ' +
      `every run, under '${view.config.tariff}'. Competition and caching spare writes, lazy learning the backward pass as ` +
      'well; what takes more images pays for it in events.',
    rows,
    plot: {
      fy: { axis: null, padding: 0.14, domain: panels },
      x: { label: 'energy of learning (µJ)', grid: true },
      y: { label: null, domain: [...POLICIES] },
      color: { legend: true, label: '', domain: Object.values(SHARE_NAMES) },
      marginLeft: 190,
      marginRight: 40,
      height: 90 + 240 * told.length,
      marks: [
        Plot.text(panels, {
          fy: (panel) => panel,
          text: (panel) => panel,
          frameAnchor: 'top-left',
          dy: -16,
          fontWeight: 'bold',
        }),
        Plot.barX(rows, { fy: 'optimiser', x: 'energyUj', y: 'policy', fill: 'share', z: 'share' }),
        Plot.ruleX([0]),
      ],
    },
  };
}

const SHARE_NAMES: Record<Share, string> = {
  forward: 'forward events',
  backward: 'backward events',
  update: 'writes of weights',
};

/** What each synapse's writes cost in the first seed's run, layer after layer. */
function paidBySynapse(view: View, ledger: Ledger): Float64Array | null {
  const tariff = loadTariff(view.config.tariff);
  const layers = ledger.layers.map((layer) =>
    synapseEnergies(layer, tariff, { phases: ['update'], shared: 'apart' }),
  );
  if (layers.some((layer) => layer === null)) return null;
  return Float64Array.from(layers.flatMap((layer) => Array.from(layer!.energyFj)));
}

function paid(view: View) {
  return view.ledgers.flatMap((ledger) => {
    const energies = paidBySynapse(view, ledger);
    const { optimiser, policy } = ledger.labels as { optimiser: keyof typeof OPTIMISER; policy: string };
    return energies === null ? [] : [{ optimiser: OPTIMISER[optimiser], policy, energies }];
  });
}

function lorenzCurves(view: View): Figure {
  const rows = paid(view).flatMap(({ optimiser, policy, energies }) => {
    const { curve, gini } = lorenz(energies);
    return curve.map(({ share, paid }) => ({
      optimiser,
      policy,
      synapsesPercent: 100 * share,
      paidPercent: 100 * paid,
      gini,
    }));
  });
  return {
    name: 'lorenz',
    title: 'Which synapses were paid for',
    caption:
      'Share of the energy of writing that the dearest synapses took, whole run, first seed. On the diagonal all synapses ' +
      'would cost the same. Competition writes few synapses again and again.',
    rows,
    plot: {
      fx: { label: null, domain: names(view) },
      x: { label: 'synapses, the dearest first (%)' },
      y: { label: 'energy of writing (%)', grid: true },
      color: COLOUR,
      height: 420,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.line(
          [
            { x: 0, y: 0 },
            { x: 100, y: 100 },
          ],
          { x: 'x', y: 'y', stroke: '#999', strokeDasharray: '6,4' },
        ),
        Plot.line(rows, {
          fx: 'optimiser',
          x: 'synapsesPercent',
          y: 'paidPercent',
          stroke: 'policy',
          z: 'policy',
        }),
      ],
    },
  };
}

function distribution(view: View): Figure {
  const rows = view.ledgers.flatMap((ledger) => {
    const { optimiser, policy } = ledger.labels as { optimiser: keyof typeof OPTIMISER; policy: string };
    const bins = new Map<number, number>();
    let synapses = 0;
    for (const { changes } of ledger.layers) {
      if (changes === null) continue;
      synapses += changes.l0.length;
      for (const writes of changes.l0) {
        if (writes === 0) continue;
        const bin = Math.floor(Math.log2(writes));
        bins.set(bin, (bins.get(bin) ?? 0) + 1);
      }
    }
    return [...bins]
      .sort(([a], [b]) => a - b)
      .map(([bin, count]) => ({
        optimiser: OPTIMISER[optimiser],
        policy,
        writes: 2 ** (bin + 0.5),
        percent: (100 * count) / synapses,
      }));
  });
  return {
    name: 'writes-per-synapse',
    title: 'How often single synapses were written',
    caption:
      'Persistent writes of a synapse over the whole run, first seed, a bin an octave; synapses that were never ' +
      'written are left of the picture. Pixels at the margin of an image never spike.',
    rows,
    plot: {
      fx: { label: null, domain: names(view) },
      x: { type: 'log', label: 'writes of a synapse' },
      y: { label: 'synapses (%)', grid: true },
      color: COLOUR,
      height: 420,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.line(rows, { fx: 'optimiser', x: 'writes', y: 'percent', stroke: 'policy', z: 'policy' }),
      ],
    },
  };
}

function churn(view: View): Figure {
  const rows = view.config.optimisers.flatMap((optimiser) =>
    POLICIES.flatMap((policy) =>
      runsOf(view, optimiser, policy)
        .slice(0, 1)
        .flatMap((run) =>
          run.looks
            .filter((look) => look.overlap !== null)
            .map((look) => ({
              optimiser: OPTIMISER[optimiser],
              policy,
              samples: look.samples,
              overlapPercent: 100 * look.overlap!,
            })),
        ),
    ),
  );
  return {
    name: 'churn',
    title: 'How many of the synapses that change now changed one step before',
    caption:
      'Share of the synapses written in a step, transient or persistent, that were also written in the step before; ' +
      'first seed. 100 %: always the same synapses. Steps that wrote nothing are left out.',
    rows,
    plot: {
      fx: { label: null, domain: names(view) },
      x: { label: 'images shown', tickFormat: '~s', ticks: 4 },
      y: { label: 'written in the step before, too (%)', domain: [0, 100], grid: true },
      color: COLOUR,
      height: 420,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.line(rows, {
          fx: 'optimiser',
          x: 'samples',
          y: 'overlapPercent',
          stroke: 'policy',
          z: 'policy',
        }),
      ],
    },
  };
}
