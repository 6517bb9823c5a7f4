import { sampleStandardDeviation } from 'simple-statistics';
import { reasonsOf } from '../../src/energy/bill.js';
import type { EnergyFj } from '../../src/energy/exact.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { Table } from '../../src/index.js';
import { inPowersOfTen } from '../../src/report/log-ticks.js';
import { tCritical } from '../../src/scaling/interval.js';
import type { NetworkRow } from './metrics.js';
import { plasticityTable } from './plasticity.js';
import {
  billOf,
  brainText,
  inferenceFj,
  ledgerOf,
  meanOf,
  middleBrain,
  networksOf,
  referenceNetworks,
  tariffsOf,
  trainingFj,
  type View,
} from './view.js';

/** The tables of the report; the first one is also printed. */
export function tables(view: View): Table[] {
  return [
    results(view),
    brains(view),
    ...plasticityTable(view),
    laws(view),
    rules(view),
    bills(view),
    unpriced(view),
    networks(view),
  ];
}

const MILLION = 1e6;
const FJ_PER_PJ = 1000;
const FJ_PER_UJ = 1e9;

function results(view: View): Table {
  const { config, metrics, seeds } = view;
  const spread = seeds.length > 1;
  const plusMinus = { label: '±', unit: '%', digits: 2 };
  return {
    name: 'results',
    title: spread ? `The race (means of ${seeds.length} seeds, ± half of the 95 % interval)` : 'The race',
    columns: [
      { key: 'clade', label: 'clade' },
      { key: 'massG', label: 'brain', unit: 'g', digits: 3 },
      { key: 'neurons', label: 'M neurons', digits: 3 },
      { key: 'units', label: 'units' },
      { key: 'spiking', label: 'spiking', unit: '%', digits: 4 },
      ...(spread ? [{ key: 'spikingPm', ...plusMinus }] : []),
      { key: 'dense', label: 'dense', unit: '%', digits: 4 },
      ...(spread ? [{ key: 'densePm', ...plusMinus }] : []),
      { key: 'spikes', label: 'spikes', digits: 3 },
      { key: 'events', label: 'events', digits: 6 },
      { key: 'macs', label: 'MACs', digits: 7 },
      { key: 'pj', label: 'spiking', unit: 'pJ', digits: 3 },
    ],
    rows: metrics.brains.map((brain) => {
      const spiking = networksOf(view, brain, 'spiking');
      const dense = networksOf(view, brain, 'dense');
      const energy = inferenceFj(view, spiking, config.tariff);
      return {
        clade: brain.clade,
        massG: brain.massG,
        neurons: brain.neurons / MILLION,
        units: brain.units,
        spiking: 100 * meanOf(spiking, ({ accuracy }) => accuracy),
        ...(spread && { spikingPm: 100 * halfWidth(spiking), densePm: 100 * halfWidth(dense) }),
        dense: 100 * meanOf(dense, ({ accuracy }) => accuracy),
        spikes: meanOf(spiking, ({ hiddenSpikes }) => hiddenSpikes ?? 0),
        events: Math.round(meanOf(spiking, ({ operations }) => operations)),
        macs: Math.round(meanOf(dense, ({ operations }) => operations)),
        pj: energy && energy.valueFj / FJ_PER_PJ,
      };
    }),
  };
}

/** Half of the 95 % interval of the mean accuracy over seeds. */
function halfWidth(networks: readonly NetworkRow[]): number {
  const n = networks.length;
  return (
    (tCritical(n - 1) * sampleStandardDeviation(networks.map(({ accuracy }) => accuracy))) / Math.sqrt(n)
  );
}

/** How the brains became networks, and what an image costs each at the ends of the tariff. */
function brains(view: View): Table {
  const { config, metrics } = view;
  return {
    name: 'brains',
    title: `Brains as networks: neurons from brain mass, ${inPowersOfTen(config.neuronsPerUnit)} to a unit`,
    columns: [
      { key: 'clade', label: 'clade' },
      { key: 'massG', label: 'brain', unit: 'g', digits: 3 },
      { key: 'neurons', label: 'neurons', unit: '10⁶', digits: 3 },
      { key: 'interval', label: '95 % for one more species', unit: '10⁶' },
      { key: 'range', label: 'within the masses counted' },
      { key: 'units', label: 'units' },
      { key: 'energy', label: `low–high under ${config.tariff}`, unit: 'pJ' },
    ],
    rows: metrics.brains.map((brain) => ({
      clade: brain.clade,
      massG: brain.massG,
      neurons: brain.neurons / MILLION,
      interval: `${(brain.neuronsLow / MILLION).toPrecision(3)}–${(brain.neuronsHigh / MILLION).toPrecision(3)}`,
      range: brain.extrapolated ? 'no: extrapolated' : 'yes',
      units: brain.units,
      energy: rangeText(inferenceFj(view, networksOf(view, brain, 'spiking'), config.tariff), FJ_PER_PJ),
    })),
  };
}

function rangeText(energy: EnergyFj | null, per: number): string {
  if (!energy) return 'not priced';
  return `${(energy.lowFj / per).toPrecision(3)}–${(energy.highFj / per).toPrecision(3)}`;
}

function laws({ metrics }: View): Table {
  const end = (value: number | null) => (value === null ? 'unbounded' : value.toPrecision(3));
  return {
    name: 'power-laws',
    title: 'error = E + A·N^-α, and what it makes of a gram: α/b',
    columns: [
      { key: 'kind', label: 'network' },
      { key: 'quantity', label: 'quantity' },
      { key: 'value', label: 'value', digits: 3 },
      { key: 'low', label: '95 % low' },
      { key: 'high', label: '95 % high' },
    ],
    rows: metrics.powerLaws.flatMap(({ kind, floor, exponent, inMass }) => [
      {
        kind,
        quantity: 'floor E (%)',
        value: 100 * floor.value,
        low: end(floor.low && 100 * floor.low),
        high: end(floor.high && 100 * floor.high),
      },
      {
        kind,
        quantity: 'α, in neurons',
        value: exponent.value,
        low: end(exponent.low),
        high: end(exponent.high),
      },
      ...inMass.map(({ clade, exponent: e }) => ({
        kind,
        quantity: `α/b, in mass: ${clade}`,
        value: e.value,
        low: end(e.low),
        high: end(e.high),
      })),
    ]),
  };
}

function rules({ metrics }: View): Table {
  return {
    name: 'rules',
    title: 'Scaling rules: mass = k · neurons^b',
    columns: [
      { key: 'clade', label: 'clade' },
      { key: 'structure', label: 'structure' },
      { key: 'relation', label: 'regression of log' },
      { key: 'method', label: 'line' },
      { key: 'b', label: 'b', digits: 4 },
      { key: 'low', label: '95 % low', digits: 4 },
      { key: 'high', label: '95 % high', digits: 4 },
      { key: 'residualSd', label: 'residual SD', unit: 'log10', digits: 3 },
      { key: 'r2', label: 'r²', digits: 3 },
      { key: 'n', label: 'species' },
      { key: 'rangeLow', label: 'from', digits: 3 },
      { key: 'rangeHigh', label: 'to', digits: 3 },
      { key: 'use', label: 'use' },
    ],
    rows: metrics.rules.map(
      ({ clade, structure, relation, method, exponent, residualSd, r2, n, rangeLow, rangeHigh, sizes }) => ({
        clade,
        structure,
        relation,
        method,
        b: exponent.value,
        low: exponent.low,
        high: exponent.high,
        residualSd,
        r2,
        n,
        rangeLow,
        rangeHigh,
        use: sizes ? 'sizes the networks' : 'for comparison',
      }),
    ),
  };
}

/** Inference and training of the middle brain's networks, layer by layer and in total, under every tariff. */
function bills(view: View): Table {
  const brain = middleBrain(view);
  return {
    name: 'bills',
    title: `Bills under each tariff: ${brainText(brain)}, ${brain.units} hidden units`,
    columns: [
      { key: 'tariff', label: 'tariff' },
      { key: 'basis', label: 'basis' },
      { key: 'kind', label: 'network' },
      { key: 'inference', label: 'an image', unit: 'pJ', digits: 3 },
      { key: 'inferenceRange', label: 'low–high', unit: 'pJ' },
      { key: 'training', label: 'training', unit: 'µJ', digits: 3 },
      { key: 'trainingRange', label: 'low–high', unit: 'µJ' },
    ],
    rows: tariffsOf(view).flatMap((tariff) =>
      (['spiking', 'dense'] as const).map((kind) => {
        const networks = networksOf(view, brain, kind);
        const inference = inferenceFj(view, networks, tariff);
        const training = trainingFj(view, networks, tariff);
        return {
          tariff,
          basis: loadTariff(tariff).basis,
          kind,
          inference: inference && inference.valueFj / FJ_PER_PJ,
          inferenceRange: rangeText(inference, FJ_PER_PJ),
          training: training && training.valueFj / FJ_PER_UJ,
          trainingRange: rangeText(training, FJ_PER_UJ),
        };
      }),
    ),
  };
}

/** What each tariff leaves out of the middle brain's bills, or cannot price, and why. */
function unpriced(view: View): Table {
  const brain = middleBrain(view);
  return {
    name: 'left-out',
    title: 'What the tariffs leave at zero or cannot price, of work that was done',
    columns: [
      { key: 'tariff', label: 'tariff' },
      { key: 'kind', label: 'network' },
      { key: 'unit', label: 'work' },
      { key: 'status', label: 'price' },
      { key: 'reason', label: 'because' },
    ],
    rows: tariffsOf(view).flatMap((tariff) =>
      (['spiking', 'dense'] as const).flatMap((kind) => {
        const bill = billOf(ledgerOf(view, networksOf(view, brain, kind)[0]), tariff);
        return (['zero', 'not priced'] as const).flatMap((status) =>
          reasonsOf(bill, status).map(({ unit, reason }) => ({ tariff, kind, unit, status, reason })),
        );
      }),
    ),
  };
}

/** Every network, one by one. */
function networks(view: View): Table {
  const all = [
    ...view.metrics.networks.filter(({ massG }) => massG !== null),
    ...referenceNetworks(view, 'spiking'),
    ...referenceNetworks(view, 'dense'),
  ];
  return {
    name: 'networks',
    title: 'Every network',
    columns: [
      { key: 'clade', label: 'clade' },
      { key: 'massG', label: 'brain', unit: 'g', digits: 3 },
      { key: 'kind', label: 'network' },
      { key: 'seed', label: 'seed' },
      { key: 'units', label: 'units' },
      { key: 'accuracy', label: 'accuracy', unit: '%', digits: 4 },
      { key: 'inputSpikes', label: 'input spikes', digits: 4 },
      { key: 'hiddenSpikes', label: 'hidden spikes', digits: 4 },
      { key: 'operations', label: 'events or MACs', digits: 7 },
    ],
    rows: all.map(({ clade, massG, kind, seed, units, accuracy, inputSpikes, hiddenSpikes, operations }) => ({
      clade,
      massG,
      kind,
      seed,
      units,
      accuracy: 100 * accuracy,
      inputSpikes,
      hiddenSpikes,
      operations,
    })),
  };
}
