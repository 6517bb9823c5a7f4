import { defineExperiment, type Table } from '../src/index.js';
import { withInterval } from '../src/report/columns.js';
import { claims } from './spiking-scaling/claims.js';
import { config, presets } from './spiking-scaling/config.js';
import { figures } from './spiking-scaling/figures.js';
import { lawOf, lawsOf } from './spiking-scaling/laws.js';
import { run } from './spiking-scaling/run.js';
import { type Configuration, configurations, type View } from './spiking-scaling/view.js';

export default defineExperiment({
  id: 'spiking-scaling',
  title: 'Does spending energy follow a power law?',
  question:
    'How does the error of spiking and dense classifiers fall with synapses, digits, operations and joules, and which of them ' +
    'is best for its energy?',
  prediction:
    'Twice the joules for training: does the error fall by a fixed factor, for spiking as for dense networks? Under which ' +
    'tariff does each of the two win, and for a large or for a small budget?',
  config,
  presets,
  run,
  tables: (view) => [lawTable(view), frontierTable(view), networkTable(view)],
  figures,
  claims,
  finding,
  caveats: (view) => [
    'Energies are modelled, integer counts times a published price, and were not measured on this computer.',
    'Tariffs rest on different bases (arithmetic alone, with memory, a whole chip at its peak): compare within one of them.',
    'A tariff that does not price all work of a kind, as chips that cannot learn, draws no frontier for it.',
    'The axis is test error, which has a floor for this task and this code, not a loss in nats; its scatter is that of 10,000 digits too.',
    'Both kinds see the same digits as often, but differ in optimiser, learning rate and loss; none was tuned for each size.',
    'The frontier holds among the networks that were trained; others could move it.',
    ...lawsOf(view).flatMap(({ axis, kind, caveats }) =>
      caveats.map((text) => `Law of the ${kind} networks in ${axis.label}: ${text}.`),
    ),
  ],
});

function lawTable(view: View): Table {
  return {
    name: 'laws',
    title: `error = E + A·x^-exponent, 95 % intervals (joules: ${view.config.tariffs[0]})`,
    columns: [
      { key: 'axis', label: 'in' },
      { key: 'kind', label: 'kind' },
      ...withInterval({ key: 'exponent', label: 'exponent', digits: 3 }),
      ...withInterval({ key: 'floor', label: 'E', unit: '%', digits: 3 }, 'floorLow', 'floorHigh'),
      { key: 'plain', label: 'exponent without floor', digits: 3 },
      { key: 'r2', label: 'its r²', digits: 3 },
    ],
    rows: lawsOf(view).map(({ axis, kind, exponent, floor, plainExponent, r2 }) => ({
      axis: axis.label,
      kind,
      exponent: exponent.value,
      low: exponent.low,
      high: Number.isFinite(exponent.high) ? exponent.high : null,
      floor: 100 * floor.value,
      floorLow: 100 * floor.low,
      floorHigh: 100 * floor.high,
      plain: plainExponent,
      r2,
    })),
  };
}

function frontierTable(view: View): Table {
  const rows = view.config.tariffs.flatMap((tariff) =>
    (['training', 'inference'] as const).flatMap((spending) =>
      configurations(view, tariff, spending)
        .filter(({ onFrontier }) => onFrontier)
        .map(({ kind, units, samples, epochs, error, joules }) => ({
          tariff,
          spending,
          kind,
          units,
          samples,
          epochs,
          error: 100 * error,
          joules,
        })),
    ),
  );
  return {
    name: 'frontier',
    title: 'Networks that no cheaper one beats',
    filters: [
      { key: 'tariff', label: 'tariff' },
      { key: 'spending', label: 'energy of' },
    ],
    columns: [
      { key: 'tariff', label: 'tariff' },
      { key: 'spending', label: 'energy of' },
      { key: 'kind', label: 'kind' },
      { key: 'units', label: 'units' },
      { key: 'samples', label: 'digits' },
      { key: 'epochs', label: 'times shown' },
      { key: 'error', label: 'error', unit: '%', digits: 3 },
      { key: 'joules', label: 'energy', unit: 'J', digits: 3 },
    ],
    rows,
  };
}

function networkTable({ metrics }: View): Table {
  return {
    name: 'networks',
    title: 'The networks',
    filters: [
      { key: 'kind', label: 'kind' },
      { key: 'law', label: 'law' },
    ],
    columns: [
      { key: 'kind', label: 'kind' },
      { key: 'law', label: 'law' },
      { key: 'seed', label: 'seed' },
      { key: 'units', label: 'units' },
      { key: 'samples', label: 'digits' },
      { key: 'epochs', label: 'times shown' },
      { key: 'error', label: 'error', unit: '%', digits: 3 },
      { key: 'trainingOperations', label: 'operations of the training', digits: 3 },
      { key: 'operations', label: 'of an image', digits: 3 },
    ],
    rows: metrics.networks.map((network) => ({ ...network, error: 100 * network.error })),
  };
}

/** "spiking up to 9.1 % error, then dense" */
function holders(rows: readonly Configuration[]): string {
  const frontier = rows.filter(({ onFrontier }) => onFrontier);
  const kinds = [...new Set(frontier.map(({ kind }) => kind))];
  if (kinds.length === 1) return `${kinds[0]} networks alone`;
  const changes = frontier.flatMap(({ kind, error }, i) =>
    i === 0 || frontier[i - 1].kind !== kind ? [`${kind} from ${(100 * error).toFixed(1)} %`] : [],
  );
  return changes.length > 4
    ? `both kinds in turn, ending with ${frontier[frontier.length - 1].kind} at ${(100 * frontier[frontier.length - 1].error).toFixed(1)} %`
    : changes.join(', then ');
}

function finding(view: View): string {
  const laws = lawsOf(view);
  const [tariff] = view.config.tariffs;
  const energy = (['spiking', 'dense'] as const).flatMap((kind) => {
    const law = lawOf(laws, 'training-energy', kind);
    if (!law) return [];
    const floor = `${(100 * law.floor.value).toFixed(1)} %`;
    const bend =
      law.floor.low > 0 ? `and bends to a floor near ${floor}` : 'with no floor that could be told';
    return [`${law.plainExponent.toFixed(2)} for ${kind} networks (r² ${law.r2.toFixed(2)}), ${bend}`];
  });
  const frontiers = view.config.tariffs.map(
    (name) => `${name}: ${holders(configurations(view, name, 'training'))}`,
  );
  return (
    `${energy.length === 0 ? '' : `With the energy of the training error falls nearly as a power law, under ${tariff} with exponent ${energy.join('; ')}. `}` +
    `Frontier of training energy and error, from the cheapest network on: ${frontiers.join('; ')}.`
  );
}
