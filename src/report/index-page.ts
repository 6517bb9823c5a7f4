import { relative, sep } from 'node:path';
import type { Experiment } from '../experiment/define.js';
import type { Manifest } from '../experiment/manifest.js';
import type { Results } from '../experiment/results.js';
import { type Html, html } from './html.js';
import { page } from './page.js';

/** A run as the index page tells of it. */
export interface IndexEntry {
  folder: string;
  manifest: Manifest;
  experiment: Pick<Experiment, 'id' | 'title' | 'question'>;
  results: Pick<Results, 'claims'>;
}

/**
 * A page with links to the reports of many runs, by experiment, newest first. It tells questions and whether
 * claims hold, no findings: those are for after the prediction.
 *
 * @param base folder that the page will be in; links are relative to it
 */
export function indexPage(entries: readonly IndexEntry[], base: string, title = 'Experiments'): string {
  const ids = [...new Set(entries.map(({ experiment }) => experiment.id))].sort();
  const sections = ids.map((id) => {
    const runs = entries
      .filter(({ experiment }) => experiment.id === id)
      .sort((a, b) => (a.manifest.started < b.manifest.started ? 1 : -1));
    return experimentSection(runs, base);
  });
  const empty = html`<p>There is no finished run yet.</p>`;
  return page(title, html`<h1>${title}</h1>\n${sections.length > 0 ? sections : empty}`);
}

function experimentSection(runs: readonly IndexEntry[], base: string): Html {
  const { title, question } = runs[0].experiment;
  return html`<section>
<h2>${title}</h2>
<p>${question}</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Run</th><th scope="col">Preset</th><th scope="col">Seeds</th><th scope="col">Changed</th><th scope="col">Claims that hold</th></tr></thead>
<tbody>
${runs.map((run) => runRow(run, base))}</tbody>
</table></div>
</section>
`;
}

function runRow({ folder, manifest, results }: IndexEntry, base: string): Html {
  const href = `${relative(base, folder).split(sep).map(encodeURIComponent).join('/')}/report.html`;
  const holding = results.claims.filter((claim) => claim.pass).length;
  const settings = manifest.command.filter((_, i, words) => words[i - 1] === '--set').join(' ');
  const verdict = holding === results.claims.length ? 'pass' : 'fail';
  const started = manifest.started.slice(0, 16).replace('T', ' ');
  return html`<tr><td><a href="${href}">${started} UTC</a></td><td>${manifest.preset}</td><td>${manifest.seeds.join(', ')}</td><td>${settings || '–'}</td><td class="${verdict}">${holding} of ${results.claims.length}</td></tr>
`;
}
