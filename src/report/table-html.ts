import type { Cell, Table } from '../experiment/define.js';
import { columnFormat } from '../util/format.js';
import { type Html, html } from './html.js';
import { tableFilter } from './table-filter.js';

/** Longer tables are for the CSV file; a page with all their rows could not be read. */
const MOST_ROWS = 200;
/** Texts up to this length are kept on one line. */
const SHORT = 28;

/** A table for the report; numbers stand to the right, with the digits that their column asks for. */
export function tableHtml({ name, title, columns, rows, filters = [] }: Table): Html {
  const cells = columns.map(({ key, digits }) =>
    columnCells(
      rows.map((row) => row[key] ?? null),
      digits,
    ),
  );
  const choices = filters.map((filter) => tableFilter(name, filter, rows));
  const head = columns.map(
    ({ label, unit }, c) =>
      html`<th scope="col" class="${cells[c].kind}">${unit ? `${label} (${unit})` : label}</th>`,
  );
  const body = rows
    .slice(0, MOST_ROWS)
    .map(
      (row, r) =>
        html`<tr${choices.map((choice) => choice.mark(row))}>${cells.map(({ kind, texts }) => html`<td class="${kind}">${texts[r]}</td>`)}</tr>\n`,
    );
  const more = rows.length > MOST_ROWS && moreRows(rows.length, name);
  const table = html`<div class="scroll"><table>
<caption>${title}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
${more}`;
  if (choices.length === 0) return table;
  return html`<div class="filtered">${choices.map(({ controls }) => controls)}${table}</div>`;
}

/** The cells of a column as texts, and what kind of column it is. */
function columnCells(values: readonly Cell[], digits?: number): { kind: string; texts: string[] } {
  const texts = values.map(columnFormat(values, digits));
  if (!values.some((value) => typeof value === 'string')) return { kind: 'number', texts };
  return { kind: texts.every((text) => text.length <= SHORT) ? 'short' : 'text', texts };
}

function moreRows(count: number, name: string): Html {
  return html`<p>The first ${MOST_ROWS} of ${count} rows; all are in ${name}.csv.</p>`;
}
