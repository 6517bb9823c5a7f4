import { relative, sep } from 'node:path';
import type { Experiment } from '../experiment/define.js';
import type { Manifest } from '../experiment/manifest.js';
import type { Results } from '../experiment/results.js';
import { type Lesson, readCourse } from './course.js';
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
 * A page with links to the reports of many runs, as a course: its lessons with their text, questions and
 * experiments in order, then the experiments of no lesson. Runs stand newest first. It tells questions and whether
 * claims hold, no findings: those are for after the prediction.
 *
 * @param base folder that the page will be in; links are relative to it
 */
export function indexPage(
  entries: readonly IndexEntry[],
  base: string,
  course: readonly Lesson[] = readCourse(),
  title = 'Experiments',
): string {
  if (entries.length === 0) return page(title, html`<h1>${title}</h1>\n<p>There is no finished run yet.</p>`);
  const inCourse = new Set(course.flatMap(({ experiments }) => experiments));
  const others = [...new Set(entries.map(({ experiment }) => experiment.id))].filter(
    (id) => !inCourse.has(id),
  );
  const lessons = course.map((lesson, i) =>
    lessonHtml(lesson, i + 1, sectionsOf(lesson.experiments, entries, base)),
  );
  const more =
    others.length > 0 && html`<h2>More experiments</h2>\n${sectionsOf(others.sort(), entries, base)}`;
  return page(title, html`<h1>${title}</h1>\n${contents(course)}\n${lessons}${more}`);
}

function contents(course: readonly Lesson[]): Html {
  return html`<ol>${course.map(({ title }, i) => html`<li><a href="#lesson-${i + 1}">${title}</a></li>`)}</ol>`;
}

function lessonHtml({ title, text, questions }: Lesson, number: number, sections: Html[]): Html {
  return html`<section class="lesson" id="lesson-${number}">
<h2>${number}. ${title}</h2>
<p>${text}</p>
<div class="questions"><strong>To ask the class</strong><ul>${questions.map((question) => html`<li>${question}</li>`)}</ul></div>
${sections.length > 0 ? sections : html`<p>No experiment of this lesson was run yet.</p>`}
</section>
`;
}

function sectionsOf(ids: readonly string[], entries: readonly IndexEntry[], base: string): Html[] {
  return ids.flatMap((id) => {
    const runs = entries.filter(({ experiment }) => experiment.id === id);
    if (runs.length === 0) return [];
    return experimentSection(
      runs.sort((a, b) => (a.manifest.started < b.manifest.started ? 1 : -1)),
      base,
    );
  });
}

function experimentSection(runs: readonly IndexEntry[], base: string): Html {
  const { title, question } = runs[0].experiment;
  return html`<section>
<h3>${title}</h3>
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
