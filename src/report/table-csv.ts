import { csvFormatBody, csvFormatRow } from 'd3-dsv';
import type { Table } from '../experiment/define.js';

/** A table as CSV: a head of labels with units, numbers in full, and nothing where a cell is null. */
export function tableCsv({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const head = csvFormatRow(columns.map(({ label, unit }) => (unit ? `${label} (${unit})` : label)));
  const keys = columns.map(({ key }) => key);
  return `${head}\n${csvFormatBody(rows as Record<string, string>[], keys)}\n`;
}
