import type { Table } from '../experiment/define.js';
import { formatCell } from '../util/format.js';
import { type Html, html } from './html.js';

/** A table for the report; numbers stand to the right, with the digits that their column asks for. */
export function tableHtml({ title, columns, rows }: Table): Html {
  const isNumber = (key: string) => rows.every((row) => typeof row[key] !== 'string');
  const kind = new Map(columns.map(({ key }) => [key, isNumber(key) ? 'number' : 'text']));
  return html`<div class="scroll"><table>
<caption>${title}</caption>
<thead><tr>${columns.map(({ key, label, unit }) => html`<th scope="col" class="${kind.get(key)}">${label}${unit ? ` (${unit})` : ''}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map(({ key, digits }) => html`<td class="${kind.get(key)}">${formatCell(row[key], digits)}</td>`)}</tr>\n`)}</tbody>
</table></div>
`;
}
