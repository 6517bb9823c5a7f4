import type { Cell, Table } from '../experiment/define.js';
import { type Html, html, raw } from './html.js';

/** What lets a reader choose the rows of a table by the values of one key. */
export interface TableFilter {
  /** Radio buttons, one for each value, and the style rules that hide the other rows. */
  readonly controls: Html;
  /** Attribute that tells the rules which value a row has. */
  mark(row: Record<string, Cell>): Html;
}

/**
 * A filter without a script: each button, while it is chosen, hides the rows that carry another value. Several
 * filters of a table work together, since a row is seen only if none of them hides it.
 */
export function tableFilter(
  table: string,
  { key, label }: NonNullable<Table['filters']>[number],
  rows: Table['rows'],
): TableFilter {
  const values = [...new Set(rows.map((row) => row[key] ?? null))];
  const group = `filter-${table}-${key}`;
  const attribute = `data-${key.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  const count = (value: Cell) => rows.filter((row) => (row[key] ?? null) === value).length;
  const button = (id: string, text: string, isChosen: boolean) =>
    html`<input type="radio" name="${group}" id="${id}"${isChosen && raw(' checked')}><label for="${id}">${text}</label>`;
  const rules = values.map(
    (_, i) => `.filtered:has(#${group}-${i}:checked) tbody tr:not([${attribute}="${i}"]) { display: none; }`,
  );
  const controls = html`<fieldset class="filter"><legend>${label}</legend>
${button(`${group}-all`, `all (${rows.length})`, true)}
${values.map((value, i) => html`${button(`${group}-${i}`, `${value ?? '–'} (${count(value)})`, false)}\n`)}</fieldset>
<style>${raw(rules.join('\n'))}</style>
`;
  return { controls, mark: (row) => raw(` ${attribute}="${values.indexOf(row[key] ?? null)}"`) };
}
