import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvParseRows } from 'd3-dsv';
import { UsageError } from '../util/errors.js';
import { packageRoot } from '../util/package-root.js';
import type { Column } from './column.js';

/** What a CSV file must look like: its columns in order, and for shipped files the number of rows. */
export interface TableSchema<Row> {
  readonly columns: { readonly [Key in keyof Row]: Column<Row[Key]> };
  /** Number of rows of a file that never changes; fewer means that the file was cut short. */
  readonly rows?: number;
}

/** The type of a row that a schema reads. */
export type RowOf<Schema> = Schema extends TableSchema<infer Row> ? Row : never;

/** States a schema; the row type follows from the columns. */
export function tableSchema<Row>(schema: TableSchema<Row>): TableSchema<Row> {
  return schema;
}

/** Path of a table that is shipped with the package. */
export function shippedData(file: string): string {
  return join(packageRoot(), 'experiments', 'data', file);
}

/**
 * Reads a CSV file. Lines that begin with # are citations and are skipped.
 *
 * @throws UsageError naming file, line and column if the file cannot be read, has another header, is cut
 *   short, or holds a cell that its column refuses
 */
export function readTable<Row>(path: string, schema: TableSchema<Row>): Row[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new UsageError(reason, path, 'Give the path of a CSV file that can be read.');
  }
  return parseTable(text, schema, path);
}

/** Parses the text of a CSV file; `path` is only used in messages. */
export function parseTable<Row>(text: string, schema: TableSchema<Row>, path: string): Row[] {
  const records = numberedRecords(text);
  const header = records.shift();
  if (header === undefined) throw new UsageError('the file is empty', path, RESTORE);
  const keys = Object.keys(schema.columns) as (keyof Row & string)[];
  checkHeader(header, keys, path);
  const rows = records.map((record) => readRow(record, keys, schema, path));
  if (schema.rows !== undefined && rows.length !== schema.rows) {
    const what = rows.length < schema.rows ? 'the file is cut short' : 'the file has rows too many';
    throw new UsageError(
      `${what}: ${rows.length} rows instead of ${schema.rows}`,
      `${path} line ${records.at(-1)?.line ?? header.line}`,
      RESTORE,
    );
  }
  return rows;
}

const RESTORE = 'Restore the file from the package or its source.';

interface NumberedRecord {
  /** Line of the file on which the record begins, from 1. */
  line: number;
  cells: string[];
}

/** Records with the line they begin on: a quoted cell may hold line breaks. Comments and blank lines go. */
function numberedRecords(text: string): NumberedRecord[] {
  // Leading comments go before parsing, since a quotation mark in one would swallow the lines after it.
  const comments = /^(?:#[^\n]*\n)*/.exec(text)![0];
  let line = 1 + newlines(comments);
  const records: NumberedRecord[] = [];
  for (const cells of csvParseRows(text.slice(comments.length).replace(/^\uFEFF/, ''))) {
    const blank = cells.length === 1 && cells[0].trim() === '';
    if (!blank && !cells[0].startsWith('#')) records.push({ line, cells });
    line += 1 + cells.reduce((sum, cell) => sum + newlines(cell), 0);
  }
  return records;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

function checkHeader(header: NumberedRecord, keys: string[], path: string): void {
  const count = Math.max(header.cells.length, keys.length);
  for (let i = 0; i < count; i++) {
    if (header.cells[i] === keys[i]) continue;
    throw new UsageError(
      `the header has ${quoted(header.cells[i])} where ${quoted(keys[i])} is expected`,
      `${path} line ${header.line} column ${i + 1}`,
      `Expected header: ${keys.join(',')}`,
    );
  }
}

function readRow<Row>(
  { line, cells }: NumberedRecord,
  keys: (keyof Row & string)[],
  schema: TableSchema<Row>,
  path: string,
): Row {
  if (cells.length !== keys.length) {
    throw new UsageError(
      `the row has ${cells.length} cells instead of ${keys.length}; the file may be cut short`,
      `${path} line ${line} column ${keys[Math.min(cells.length, keys.length) - 1]}`,
      RESTORE,
    );
  }
  const row = {} as Row;
  keys.forEach((key, i) => {
    const { expects, parse } = schema.columns[key];
    const value = parse(cells[i]);
    if (value === undefined) {
      throw new UsageError(
        `${quoted(cells[i])} is not ${expects}`,
        `${path} line ${line} column ${key}`,
        'Correct the cell, or restore the file.',
      );
    }
    row[key] = value;
  });
  return row;
}

function quoted(cell: string | undefined): string {
  return cell === undefined ? 'nothing' : `'${cell}'`;
}
