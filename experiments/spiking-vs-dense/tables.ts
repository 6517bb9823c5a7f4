import { UNITS } from '../../src/energy/counts.js';
import { publishedCrossover } from '../../src/energy/crossover.js';
import { loadTariff, priceOf } from '../../src/energy/tariff.js';
import type { Table } from '../../src/index.js';
import { ACCOUNTS } from './accounts.js';
import { crossovers, equalAccuracy, type View, workOf } from './analysis.js';

const ENERGY_COLUMNS = [
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

export function tables(view: View): Table[] {
  return [
    {
      name: 'verdicts',
      title: 'Energy of one inference at equal accuracy (ratio above 1: the spiking network costs less)',
      columns: ENERGY_COLUMNS,
      rows: equalAccuracy(view, 'inference').map((row) => ({ ...row })),
      filters: [{ key: 'task', label: 'task' }],
    },
    {
      name: 'learning',
      title: 'Energy of learning up to that accuracy (where a tariff prices learning)',
      columns: ENERGY_COLUMNS,
      rows: equalAccuracy(view, 'training').map((row) => ({ ...row })),
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
        verdict: crossoverVerdict(row),
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
}

/** What each tariff of the accounts charges for each unit of work. */
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

function crossoverVerdict({ rate, crossover }: { rate: number; crossover: number }): string {
  if (crossover <= 0) return 'never: neuron updates alone cost more';
  return rate < crossover ? 'it costs less' : 'it costs more';
}
