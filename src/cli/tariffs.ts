import { Command } from 'commander';
import { UNITS, type Unit } from '../energy/counts.js';
import { formatFj, formatRangeFj } from '../energy/format-energy.js';
import { BASES, listTariffs, loadTariff, type Price, priceOf, type Tariff } from '../energy/tariff.js';
import { prettyJson } from '../util/json.js';
import { simpleTable } from './text-table.js';

/** `femtospike tariffs`: what a unit of work costs on each substrate, and where the numbers come from. */
export function tariffsCommand(): Command {
  const tariffs = new Command('tariffs')
    .description('the tariffs: what a unit of work costs on each substrate')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: boolean }) => {
      print(json ? prettyJson(listTariffs()) : tariffList(listTariffs()));
    });
  tariffs
    .command('show')
    .description('explain every line of a tariff')
    .argument('<name>', "a tariff's name, or the path of a file of your own")
    .option('--json', 'print the tariff as JSON, to start a file of your own from')
    .action((name: string, _, command: Command) => {
      const tariff = loadTariff(name);
      print(command.optsWithGlobals().json ? prettyJson(tariff) : explain(tariff));
    });
  return tariffs;
}

/** One line a tariff: name, basis, and what a spike at a synapse and a multiply-accumulate cost. */
export function tariffList(tariffs: readonly Tariff[]): string {
  const rows = tariffs.map((tariff) => ({
    tariff: tariff.name,
    basis: tariff.basis,
    transmission: brief(tariff, 'transmission'),
    mac: brief(tariff, 'mac'),
    'what it is': tariff.title,
  }));
  const table = simpleTable(Object.keys(rows[0]), rows);
  return `${table}\n\nEnergies of different bases are different things. 'femtospike tariffs show NAME' explains one.\n`;
}

function brief(tariff: Tariff, unit: Unit): string {
  const priced = priceOf(tariff, unit);
  return priced.status === 'priced' ? formatFj(priced.price.valueFj) : priced.status;
}

/** Every unit of work of a tariff: its price with range, conditions and source, or why it is zero or has none. */
export function explain(tariff: Tariff): string {
  const head = [
    `${tariff.name}: ${tariff.title}`,
    `substrate: ${tariff.substrate}`,
    `basis: ${tariff.basis} (${BASES[tariff.basis]})`,
    ...(tariff.note ? [tariff.note] : []),
  ];
  return `${[head.join('\n'), ...UNITS.map((unit) => explainUnit(tariff, unit))].join('\n\n')}\n`;
}

function explainUnit(tariff: Tariff, unit: Unit): string {
  const priced = priceOf(tariff, unit);
  if (priced.status === 'zero') return `${unit}: zero because ${priced.reason}`;
  if (priced.status === 'not priced') return `${unit}: not priced because ${priced.reason}`;
  return explainPrice(priced.price);
}

function explainPrice(price: Price): string {
  const { unit, valueFj, lowFj, highFj, conditions, source, doi, confidence, from } = price;
  const noRange = lowFj === null && highFj === null ? ' (no range given)' : '';
  const lines = [
    `${unit}: ${formatRangeFj(valueFj, lowFj, highFj)}${noRange}`,
    conditions,
    `source: ${source}${doi ? `, ${doi}` : ''}`,
    `number: ${READ[confidence]}`,
  ];
  if (from) {
    const sum = from.map(({ row, times }) => (times === 1 ? row : `${times} × ${row}`)).join(' + ');
    lines.push(`made of rows of experiments/data: ${sum}`);
  }
  return lines.join('\n    ');
}

const READ: Record<Price['confidence'], string> = {
  read: 'read in the source',
  secondary: 'read in a secondary source, or derived from numbers that were read',
  recalled: 'recalled, or derived from recalled numbers; check it before you print it',
};

function print(text: string): void {
  process.stdout.write(text);
}
