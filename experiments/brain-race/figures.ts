import * as Plot from '@observablehq/plot';
import { energyHistogram, synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { Figure } from '../../src/index.js';
import type { RuleRow } from './metrics.js';
import {
  brainText,
  inferenceFj,
  type Kind,
  ledgerOf,
  meanOf,
  middleBrain,
  networksOf,
  tariffsOf,
  type View,
} from './view.js';

const KINDS: readonly Kind[] = ['spiking', 'dense'];
const COLOUR = { legend: true, type: 'categorical' } as const;

/** The pictures of the report, in the order of the story. */
export function figures(view: View): Figure[] {
  return [
    speciesFigure(view),
    massFigure(view),
    neuronsFigure(view),
    energyFigure(view),
    synapseFigure(view),
    tariffFigure(view),
  ];
}

const sizingRules = ({ metrics }: View): RuleRow[] => metrics.rules.filter(({ sizes }) => sizes);

const neuronsAt = ({ slope, intercept }: RuleRow, massG: number) =>
  10 ** (intercept + slope * Math.log10(massG));

/** Masses from `low` to `high`, evenly on a logarithmic axis. */
function masses(low: number, high: number, n = 40): number[] {
  return Array.from({ length: n + 1 }, (_, i) => low * (high / low) ** (i / n));
}

function speciesFigure(view: View): Figure {
  const { species, brains } = view.metrics;
  const lines = sizingRules(view).flatMap((rule) => {
    const low = Math.min(rule.rangeLow, ...view.config.massesG);
    const high = Math.max(rule.rangeHigh, ...view.config.massesG);
    const on = (from: number, to: number, part: string) =>
      masses(from, to).map((massG) => ({ clade: rule.clade, massG, neurons: neuronsAt(rule, massG), part }));
    return [
      ...on(low, rule.rangeLow, 'below the range'),
      ...on(rule.rangeLow, rule.rangeHigh, 'in range'),
      ...on(rule.rangeHigh, high, 'above the range'),
    ];
  });
  const z = (row: { clade: string; part: string }) => `${row.clade}/${row.part}`;
  return {
    name: 'species',
    title: 'Counted brains, and the rule of each clade',
    caption:
      'Dots: species whose cortical (mammals) or pallial (birds) neurons were counted. Lines: least squares of ' +
      'log neurons on log brain mass, dashed where no counted species reaches. Squares: the brains that race.',
    plot: {
      x: { type: 'log', label: 'brain mass (g)', tickFormat: '~g' },
      y: { type: 'log', label: 'neurons of cortex or pallium', tickFormat: '~s' },
      color: COLOUR,
      marks: [
        Plot.dot(species, { x: 'brainMassG', y: 'neurons', fill: 'clade', r: 3.5, fillOpacity: 0.6 }),
        Plot.line(
          lines.filter(({ part }) => part === 'in range'),
          { x: 'massG', y: 'neurons', stroke: 'clade', z, strokeWidth: 2 },
        ),
        Plot.line(
          lines.filter(({ part }) => part !== 'in range'),
          {
            x: 'massG',
            y: 'neurons',
            stroke: 'clade',
            z,
            strokeDasharray: '4 4',
            strokeWidth: 1.5,
          },
        ),
        Plot.dot(brains, {
          x: 'massG',
          y: 'neurons',
          stroke: 'clade',
          symbol: 'square',
          r: 7,
          strokeWidth: 2.5,
          fill: 'white',
        }),
      ],
    },
    rows: species.map(({ clade, name, brainMassG, neurons, citation, doi }) => ({
      clade,
      name,
      brainMassG,
      neurons,
      citation,
      doi,
    })),
  };
}

/** Mean, smallest and largest error of each brain's networks, in per cent. */
function errorRows(view: View) {
  return KINDS.flatMap((kind) =>
    view.metrics.brains.map((brain) => {
      const networks = networksOf(view, brain, kind);
      const errors = networks.map(({ error }) => 100 * error);
      return {
        kind,
        clade: brain.clade,
        massG: brain.massG,
        neurons: networks[0].neurons,
        errorPercent: meanOf(networks, ({ error }) => 100 * error),
        lowest: Math.min(...errors),
        highest: Math.max(...errors),
      };
    }),
  );
}

/** The fitted law of a kind, as a function of neurons, in per cent. */
function lawOf({ metrics }: View, kind: Kind): ((neurons: number) => number) | null {
  const law = metrics.powerLaws.find((row) => row.kind === kind);
  return law ? (neurons) => 100 * (law.floor.value + law.coefficient * neurons ** -law.exponent.value) : null;
}

const ERROR_AXIS = { type: 'log', label: 'test error (%)', tickFormat: '~g' } as const;

function massFigure(view: View): Figure {
  const rows = errorRows(view);
  const [low, high] = [Math.min(...view.config.massesG), Math.max(...view.config.massesG)];
  const curves = KINDS.flatMap((kind) => {
    const law = lawOf(view, kind);
    if (!law) return [];
    return sizingRules(view).flatMap((rule) =>
      masses(low, high).map((massG) => ({
        kind,
        clade: rule.clade,
        massG,
        errorPercent: law(neuronsAt(rule, massG)),
      })),
    );
  });
  return {
    name: 'error-by-mass',
    title: 'What a gram of brain buys',
    caption:
      'Test error of the networks that brains of each clade and mass are worth. Lines: one power law with floor ' +
      'over all networks of a kind, seen through the neurons that each clade packs into its mass.',
    plot: {
      fx: { label: null, domain: KINDS },
      x: { type: 'log', label: 'brain mass (g)', ticks: view.config.massesG, tickFormat: '~g' },
      y: { ...ERROR_AXIS, grid: true },
      color: COLOUR,
      marks: [
        Plot.line(curves, { fx: 'kind', x: 'massG', y: 'errorPercent', stroke: 'clade', strokeOpacity: 0.7 }),
        Plot.ruleX(rows, {
          fx: 'kind',
          x: 'massG',
          y1: 'lowest',
          y2: 'highest',
          stroke: 'clade',
          strokeWidth: 2,
        }),
        Plot.dot(rows, { fx: 'kind', x: 'massG', y: 'errorPercent', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}

function neuronsFigure(view: View): Figure {
  const rows = errorRows(view);
  const sizes = rows.map(({ neurons }) => neurons);
  const curves = KINDS.flatMap((kind) => {
    const law = lawOf(view, kind);
    if (!law) return [];
    return masses(Math.min(...sizes), Math.max(...sizes)).map((neurons) => ({
      kind,
      neurons,
      errorPercent: law(neurons),
    }));
  });
  return {
    name: 'error-by-neurons',
    title: 'Neurons are what counts: the clades fall on one line',
    caption:
      'The same errors against the number of neurons. Networks know nothing of clades, so all lie on one curve, ' +
      'error = E + A·N^-α (line); the clades differ in how far along it a gram takes them.',
    plot: {
      fx: { label: null, domain: KINDS },
      x: { type: 'log', label: 'neurons of cortex or pallium', tickFormat: '~s', ticks: 4 },
      y: { ...ERROR_AXIS, grid: true },
      color: COLOUR,
      marks: [
        Plot.line(curves, { fx: 'kind', x: 'neurons', y: 'errorPercent', strokeWidth: 1.5 }),
        Plot.dot(rows, { fx: 'kind', x: 'neurons', y: 'errorPercent', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}

const FJ_PER_PJ = 1000;

function energyFigure(view: View): Figure {
  const { config, metrics } = view;
  const tariff = loadTariff(config.tariff);
  const rows = metrics.brains.flatMap((brain) => {
    const energy = inferenceFj(view, networksOf(view, brain, 'spiking'), config.tariff);
    if (!energy) return [];
    const { valueFj, lowFj, highFj } = energy;
    return [
      {
        clade: brain.clade,
        massG: brain.massG,
        pj: valueFj / FJ_PER_PJ,
        lowPj: lowFj / FJ_PER_PJ,
        highPj: highFj / FJ_PER_PJ,
      },
    ];
  });
  return {
    name: 'energy-by-mass',
    title: 'The price of one look',
    caption:
      `Energy of one image through the spiking network under the tariff '${tariff.name}' (${tariff.basis}, ` +
      `${tariff.substrate}). Bars: the low and the high end of the tariff, not an error of measurement.`,
    plot: {
      x: { type: 'log', label: 'brain mass (g)', ticks: config.massesG, tickFormat: '~g' },
      y: { type: 'log', label: 'energy per image (pJ)', grid: true, tickFormat: '~g' },
      color: COLOUR,
      marks: [
        Plot.line(rows, { x: 'massG', y: 'pj', stroke: 'clade' }),
        Plot.ruleX(rows, {
          x: 'massG',
          y1: 'lowPj',
          y2: 'highPj',
          stroke: 'clade',
          strokeOpacity: 0.5,
          strokeWidth: 3,
        }),
        Plot.dot(rows, { x: 'massG', y: 'pj', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}

/** Energy of each synapse per image, spiking networks of the largest mass, first seed. */
function synapseFigure(view: View): Figure {
  const { config, seeds } = view;
  const massG = Math.max(...config.massesG);
  const tariff = loadTariff(config.tariff);
  const brains = view.metrics.brains.filter((brain) => brain.massG === massG);
  const rows = brains.flatMap((brain) => {
    const network = networksOf(view, brain, 'spiking').find(({ seed }) => seed === seeds[0])!;
    const ledger = ledgerOf(view, network);
    const energies = ledger.layers.flatMap((layer) => {
      const priced = synapseEnergies(layer, tariff, { phases: ['inference'] });
      return priced ? Array.from(priced.energyFj, (fj) => fj / ledger.inferences) : [];
    });
    const { bins, zero } = energyHistogram(Float64Array.from(energies), 4);
    const share = (synapses: number) => (100 * synapses) / energies.length;
    const silent = { clade: brain.clade, fromFj: 0, toFj: 0, fj: 0, percent: share(zero), synapses: zero };
    const counted = bins.map(({ fromFj, toFj, synapses }) => ({
      clade: brain.clade,
      fromFj,
      toFj,
      fj: Math.sqrt(fromFj * toFj),
      percent: share(synapses),
      synapses,
    }));
    return energies.length === 0 ? [] : [silent, ...counted];
  });
  const silent = rows.filter(({ fj }) => fj === 0);
  return {
    name: 'energy-per-synapse',
    title: `Few synapses do most of the work (${massG} g)`,
    caption:
      `Histogram of the mean energy of a synapse per image, four bins a decade, tariff '${tariff.name}'. Synapses ` +
      `that never saw a spike cost nothing and are left of the picture: ${silent.map(({ clade, percent }) => `${clade} ${percent.toFixed(0)} %`).join(', ')}.`,
    plot: {
      x: { type: 'log', label: 'energy of a synapse per image (fJ)', tickFormat: '~g' },
      y: { label: 'synapses (%)', grid: true, zero: true },
      color: COLOUR,
      marks: [
        Plot.line(
          rows.filter(({ fj }) => fj > 0),
          { x: 'fj', y: 'percent', stroke: 'clade', curve: 'step', strokeWidth: 2 },
        ),
        Plot.ruleY([0]),
      ],
    },
    rows,
  };
}

/** Spiking and dense side by side under every tariff, for the brain in the middle of the race. */
function tariffFigure(view: View): Figure {
  const brain = middleBrain(view);
  const rows = tariffsOf(view).flatMap((tariff) =>
    KINDS.map((kind) => {
      const energy = inferenceFj(view, networksOf(view, brain, kind), tariff);
      return {
        tariff,
        basis: loadTariff(tariff).basis,
        kind,
        pj: energy && energy.valueFj / FJ_PER_PJ,
        lowPj: energy && energy.lowFj / FJ_PER_PJ,
        highPj: energy && energy.highFj / FJ_PER_PJ,
      };
    }),
  );
  const priced = rows.filter(({ pj }) => pj !== null);
  const smallest = Math.min(...priced.map(({ lowPj, pj }) => lowPj || pj!));
  return {
    name: 'tariffs',
    title: `Who is cheaper depends on the tariff (${brainText(brain)}, ${brain.units} hidden units)`,
    caption:
      'Energy of one image, from the low to the high end of each tariff. Tariffs rest on different bases (arithmetic ' +
      'alone, with memory, a whole chip, a living synapse): compare within a row, not between rows.',
    plot: {
      marginLeft: 150,
      height: 90 + 60 * tariffsOf(view).length,
      x: { type: 'log', label: 'energy per image (pJ)', grid: true, tickFormat: '~g' },
      y: { label: null, domain: KINDS, axis: null },
      fy: { label: null, domain: tariffsOf(view), axis: 'left' },
      color: { ...COLOUR, domain: KINDS },
      marks: [
        Plot.ruleY(priced, {
          fy: 'tariff',
          y: 'kind',
          x1: (row) => row.lowPj || row.pj,
          x2: 'highPj',
          stroke: 'kind',
          strokeWidth: 4,
          strokeOpacity: 0.5,
        }),
        Plot.dot(priced, { fy: 'tariff', y: 'kind', x: 'pj', fill: 'kind', r: 6 }),
        Plot.text(
          rows.filter(({ pj }) => pj === null),
          {
            fy: 'tariff',
            y: 'kind',
            x: () => smallest,
            text: (row) => `${row.kind}: no price for its work`,
            textAnchor: 'start',
            fill: '#555',
          },
        ),
      ],
    },
    rows,
  };
}
