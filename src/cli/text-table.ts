import CliTable from 'cli-table3';
import type { Cell, Table } from '../experiment/define.js';
import { columnFormat } from '../util/format.js';

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table for the terminal: aligned columns under their labels, no borders, no colours. */
export function textTable({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const isNumber = (key: string) => rows.every((row) => typeof row[key] !== 'string');
  const table = new CliTable({
    head: columns.map(({ label, unit }) => (unit ? `${label} (${unit})` : label)),
    colAligns: columns.map(({ key }) => (isNumber(key) ? 'right' : 'left')),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  const formats = columns.map(({ key, digits }) =>
    columnFormat(
      rows.map((row) => row[key]),
      digits,
    ),
  );
  for (const row of rows) table.push(columns.map(({ key }, c) => formats[c](row[key])));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** As `textTable`, for rows whose keys are their labels. */
export function simpleTable(keys: readonly string[], rows: Record<string, Cell>[]): string {
  return textTable({ columns: keys.map((key) => ({ key, label: key })), rows });
}
