import { Command } from 'commander';
import { UNITS, type Unit } from '../energy/counts.js';
import { formatFj, formatRangeFj } from '../energy/format-energy.js';
import { BASES, listTariffs, loadTariff, type Price, priceOf, type Tariff } from '../energy/tariff.js';
import { prettyJson } from '../util/json.js';
import { widthOf, wrapped } from './terminal.js';
import { simpleTable } from './text-table.js';

/** `femtospike tariffs`: what a unit of work costs on each substrate, and where the numbers come from. */
export function tariffsCommand(): Command {
  const tariffs = new Command('tariffs')
    .description('the tariffs: what a unit of work costs on each substrate')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: boolean }) => {
      print(json ? prettyJson(listTariffs()) : tariffList(listTariffs(), widthOf(process.stdout)));
    });
  tariffs
    .command('show')
    .description('explain every line of a tariff')
    .argument('<name>', "a tariff's name, or the path of a file of your own")
    .option('--json', 'print the tariff as JSON, to start a file of your own from')
    .action((name: string, _, command: Command) => {
      const tariff = loadTariff(name);
      print(command.optsWithGlobals().json ? prettyJson(tariff) : explain(tariff, widthOf(process.stdout)));
    });
  return tariffs;
}

/**
 * What a spike at a synapse and a multiply-accumulate cost under each tariff: a table with one line a tariff, or where
 * `width` columns cannot hold that, a short paragraph each.
 */
export function tariffList(tariffs: readonly Tariff[], width = Number.POSITIVE_INFINITY): string {
  const rows = tariffs.map((tariff) => ({
    tariff: tariff.name,
    basis: tariff.basis,
    transmission: brief(tariff, 'transmission'),
    mac: brief(tariff, 'mac'),
    'what it is': tariff.title,
  }));
  const table = simpleTable(Object.keys(rows[0]), rows);
  const fits = table.split('\n').every((line) => line.length <= width);
  const narrow = rows.map(({ tariff, basis, transmission, mac, 'what it is': title }) =>
    [
      `${tariff}, ${basis}`,
      wrapped(title, width, '    '),
      `    transmission ${transmission}, mac ${mac}`,
    ].join('\n'),
  );
  const last =
    "A transmission is a spike at a synapse, a mac a multiply-accumulate. Energies of different bases are different things. 'femtospike tariffs show NAME' explains one.";
  return `${fits ? table : narrow.join('\n')}\n\n${wrapped(last, width)}\n`;
}

function brief(tariff: Tariff, unit: Unit): string {
  const priced = priceOf(tariff, unit);
  return priced.status === 'priced' ? formatFj(priced.price.valueFj) : priced.status;
}

/** Every unit of work of a tariff: its price with range, conditions and source, or why it is zero or has none. */
export function explain(tariff: Tariff, width = Number.POSITIVE_INFINITY): string {
  const head = [
    `${tariff.name}: ${tariff.title}`,
    `substrate: ${tariff.substrate}`,
    `basis: ${tariff.basis} (${BASES[tariff.basis]})`,
    ...(tariff.note ? [tariff.note] : []),
  ].map((line) => wrapped(line, width));
  return `${[head.join('\n'), ...UNITS.map((unit) => explainUnit(tariff, unit, width))].join('\n\n')}\n`;
}

function explainUnit(tariff: Tariff, unit: Unit, width: number): string {
  const priced = priceOf(tariff, unit);
  if (priced.status === 'zero') return wrapped(`${unit}: zero because ${priced.reason}`, width);
  if (priced.status === 'not priced') return wrapped(`${unit}: not priced because ${priced.reason}`, width);
  return explainPrice(priced.price, width);
}

function explainPrice(price: Price, width: number): string {
  const { unit, valueFj, lowFj, highFj, conditions, source, doi, confidence, from } = price;
  const noRange = lowFj === null && highFj === null ? ' (no range given)' : '';
  const lines = [
    conditions,
    `source: ${source}${doi ? `, ${doi}` : ' (no DOI)'}`,
    `number: ${READ[confidence]}`,
  ];
  if (from) {
    const sum = from
      .map(({ row, times }) => (times === 1 ? row : `${Number(times.toPrecision(6))} × ${row}`))
      .join(' + ');
    lines.push(`made of rows of experiments/data: ${sum}`);
  }
  const first = `${unit}: ${formatRangeFj(valueFj, lowFj, highFj)}${noRange}`;
  return [first, ...lines.map((line) => wrapped(line, width, '    '))].join('\n');
}

const READ: Record<Price['confidence'], string> = {
  read: 'read in the source',
  secondary: 'read in a secondary source, or derived from numbers that were read',
  recalled: 'recalled, or derived from recalled numbers; check it before you print it',
};

function print(text: string): void {
  process.stdout.write(text);
}
