import * as Plot from '@observablehq/plot';
import { energyHistogram, synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff, type Tariff } from '../../src/energy/tariff.js';
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

/** Neurons are drawn in millions. */
const MILLION = 1e6;

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
      masses(from, to).map((massG) => ({
        clade: rule.clade,
        massG,
        neurons: neuronsAt(rule, massG) / MILLION,
        part,
      }));
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
      x: { type: 'log', label: 'brain mass (g)', tickFormat: '~f' },
      y: { type: 'log', label: 'neurons of cortex or pallium (millions)', tickFormat: '~f' },
      color: COLOUR,
      marks: [
        Plot.dot(species, {
          x: 'brainMassG',
          y: ({ neurons }) => neurons / MILLION,
          fill: 'clade',
          r: 3.5,
          fillOpacity: 0.6,
        }),
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
          y: ({ neurons }) => neurons / MILLION,
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
        neurons: networks[0].neurons / MILLION,
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
        Plot.line(curves, {
          fx: 'kind',
          x: 'massG',
          y: 'errorPercent',
          stroke: 'clade',
          z: 'clade',
          strokeOpacity: 0.7,
        }),
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
      errorPercent: law(neurons * MILLION),
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
      x: { type: 'log', label: 'neurons of cortex or pallium (millions)', tickFormat: '~f', ticks: 4 },
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
const FJ_PER_JOULE = 1e15;

function energyFigure(view: View): Figure {
  const { config, metrics } = view;
  const tariff = loadTariff(config.tariff);
  const rows = metrics.brains.flatMap((brain) => {
    const energy = inferenceFj(view, networksOf(view, brain, 'spiking'), config.tariff);
    if (!energy) return [];
    return [
      {
        clade: brain.clade,
        massG: brain.massG,
        pj: energy.valueFj / FJ_PER_PJ,
        lowPj: energy.lowFj / FJ_PER_PJ,
        highPj: energy.highFj / FJ_PER_PJ,
      },
    ];
  });
  const clades = [...new Set(rows.map(({ clade }) => clade))];
  // Set apart a little, so that the bars of two clades do not hide each other.
  const x = ({ clade, massG }: { clade: string; massG: number }) =>
    massG * 1.05 ** (clades.indexOf(clade) - (clades.length - 1) / 2);
  return {
    name: 'energy-by-mass',
    title: 'The price of one look',
    caption:
      `Energy of one image through the spiking network under the tariff '${tariff.name}' (${tariff.basis}, ` +
      `${tariff.substrate}). Bars: the low and the high end of the tariff, not an error of measurement.`,
    plot: {
      x: { type: 'log', label: 'brain mass (g)', ticks: config.massesG, tickFormat: '~f' },
      y: { type: 'log', label: 'energy per image (pJ)', grid: true, tickFormat: '~f' },
      color: COLOUR,
      marks: [
        Plot.line(rows, { x, y: 'pj', stroke: 'clade', z: 'clade' }),
        Plot.ruleX(rows, {
          x,
          y1: 'lowPj',
          y2: 'highPj',
          stroke: 'clade',
          strokeOpacity: 0.5,
          strokeWidth: 3,
        }),
        Plot.dot(rows, { x, y: 'pj', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}

/** Energy of each synapse per image, for the brain in the middle of the race, first seed. */
function synapseFigure(view: View): Figure {
  const brain = middleBrain(view);
  const tariff = tariffsOf(view)
    .map((name) => loadTariff(name))
    .find(({ name }) => KINDS.every((kind) => inferenceFj(view, networksOf(view, brain, kind), name)));
  const rows = tariff ? KINDS.flatMap((kind) => synapseRows(view, kind, tariff)) : [];
  const spiking = rows.filter(({ kind }) => kind === 'spiking');
  const silent = spiking
    .filter(({ fj }) => fj === 0)
    .map(({ layer, percent }) => `${layer} ${percent.toFixed(0)} %`);
  const dense = rows.find(({ kind, fj }) => kind === 'dense' && fj > 0);
  return {
    name: 'energy-per-synapse',
    title: `What single synapses cost (${brainText(brain)}, ${brain.units} hidden units)`,
    caption: tariff
      ? `Histograms of the mean energy of a synapse per image in the spiking network, four bins a decade, under ` +
        `'${tariff.name}', without the cost of the neurons. Synapses that never passed a spike cost nothing and are ` +
        `left of the picture: ${silent.join(', ') || 'none'}. In the dense network all synapses cost the same (grey line).`
      : 'No tariff of the comparison prices both networks.',
    plot: {
      x: { type: 'log', label: 'energy of a synapse per image (fJ)', tickFormat: '~f' },
      y: { label: 'synapses of the layer (%)', grid: true, zero: true },
      color: COLOUR,
      marks: [
        Plot.ruleX(dense ? [dense] : [], { x: 'exactFj', stroke: '#7F7F7F', strokeWidth: 3 }),
        Plot.text(dense ? [dense] : [], {
          x: 'exactFj',
          text: () => 'dense: all',
          frameAnchor: 'top',
          textAnchor: 'end',
          dx: -6,
        }),
        Plot.rect(
          spiking.filter(({ fj }) => fj > 0),
          {
            x1: 'fromFj',
            x2: 'toFj',
            y1: 0,
            y2: 'percent',
            fill: 'layer',
            fillOpacity: 0.55,
            mixBlendMode: 'multiply',
          },
        ),
        Plot.ruleY([0]),
      ],
    },
    rows,
  };
}

/** Histogram of each layer of the middle brain's network of a kind. */
function synapseRows(view: View, kind: Kind, tariff: Tariff) {
  const network = networksOf(view, middleBrain(view), kind).find(({ seed }) => seed === view.seeds[0])!;
  const { layers, inferences } = ledgerOf(view, network);
  return layers.flatMap((layer) => {
    const energies = synapseEnergies(layer, tariff, { phases: ['inference'], shared: 'apart' })!.energyFj.map(
      (fj) => fj / inferences,
    );
    const { bins, zero } = energyHistogram(energies, 4);
    const row = (fromFj: number, toFj: number, exactFj: number, synapses: number) => ({
      kind,
      layer: layer.name,
      fromFj,
      toFj,
      fj: Math.sqrt(fromFj * toFj),
      exactFj,
      synapses,
      percent: (100 * synapses) / energies.length,
    });
    const silent = zero > 0 ? [row(0, 0, 0, zero)] : [];
    return [
      ...silent,
      ...bins.map(({ fromFj, toFj, synapses, energyFj }) => row(fromFj, toFj, energyFj / synapses, synapses)),
    ];
  });
}

/** Spiking and dense side by side under every tariff, for the brain in the middle of the race. */
function tariffFigure(view: View): Figure {
  const brain = middleBrain(view);
  const joules = (fj: number | undefined) => (fj === undefined ? null : fj / FJ_PER_JOULE);
  const rows = tariffsOf(view).flatMap((tariff) =>
    KINDS.map((kind) => {
      const energy = inferenceFj(view, networksOf(view, brain, kind), tariff);
      return {
        tariff,
        basis: loadTariff(tariff).basis,
        kind,
        joules: joules(energy?.valueFj),
        // A low end of zero has no place on a logarithmic axis: the bar then starts at the value.
        low: joules(energy?.lowFj || energy?.valueFj),
        high: joules(energy?.highFj),
      };
    }),
  );
  const priced = rows.filter(({ joules }) => joules !== null);
  const smallest = Math.min(...priced.map(({ low }) => low!));
  return {
    name: 'tariffs',
    title: `Who is cheaper depends on the tariff (${brainText(brain)}, ${brain.units} hidden units)`,
    caption:
      'Energy of one image, from the low to the high end of each tariff. Tariffs rest on different bases (arithmetic ' +
      'alone, with memory, a whole chip, a living synapse): compare within a row, not between rows.',
    plot: {
      marginLeft: 150,
      height: 90 + 60 * tariffsOf(view).length,
      x: { type: 'log', label: 'energy per image (J)', grid: true, tickFormat: '~s', ticks: 6 },
      y: { label: null, domain: KINDS, axis: null },
      fy: { label: null, domain: tariffsOf(view), axis: 'left' },
      color: { ...COLOUR, domain: KINDS },
      marks: [
        Plot.ruleY(priced, {
          fy: 'tariff',
          y: 'kind',
          x1: 'low',
          x2: 'high',
          stroke: 'kind',
          strokeWidth: 4,
          strokeOpacity: 0.5,
        }),
        Plot.dot(priced, { fy: 'tariff', y: 'kind', x: 'joules', fill: 'kind', r: 6 }),
        Plot.text(
          rows.filter(({ joules }) => joules === null),
          {
            fy: 'tariff',
            y: 'kind',
            x: () => smallest,
            text: ({ kind }) => `${kind}: no price for its work`,
            textAnchor: 'start',
            fill: '#555',
          },
        ),
      ],
    },
    rows,
  };
}
