import type { Measured } from '../energy/meter.js';
import type { Experiment, RunView } from '../experiment/define.js';
import type { Manifest } from '../experiment/manifest.js';
import type { JudgedClaim, Results } from '../experiment/results.js';
import { keysOf } from '../experiment/schema.js';
import { formatNumber, formatSeconds } from '../util/format.js';
import { expectation } from './claim-text.js';
import { type Html, html, raw } from './html.js';
import { page } from './page.js';
import { tableHtml } from './table-html.js';

/** What a report is made of. */
export interface ReportSource {
  // biome-ignore lint/suspicious/noExplicitAny: the metrics of an experiment are known to itself alone
  experiment: Experiment<any, any>;
  view: RunView<unknown, unknown>;
  manifest: Manifest;
  results: Results;
}

/**
 * The report of a run as one HTML document: question, prediction, then (folded, so that one can guess first)
 * finding, figures, tables and claims; caveats, how to run it again, and the facts of the run.
 */
export function reportPage({ experiment, view, manifest, results }: ReportSource): string {
  const body = html`
<header>
<h1>${experiment.title}</h1>
<p class="question">${experiment.question}</p>
${results.isSketch && SKETCH_NOTE}
</header>
<section>
<h2>Predict first</h2>
<p>${experiment.prediction}</p>
</section>
<p class="reveal"><input type="checkbox" id="reveal"><label for="reveal">I have made my prediction: show the result</label></p>
<div class="result">
<section>
<h2>Finding</h2>
<p class="finding">${results.finding}</p>
</section>
<section>
<h2>Figures</h2>
${results.figures.map(figureHtml)}
</section>
<section>
<h2>Tables</h2>
${results.tables.map(tableHtml)}
</section>
<section>
<h2>Claims</h2>
${claimsHtml(results.claims)}
</section>
<section>
<h2>What not to conclude</h2>
<ul>${results.caveats.map((caveat) => html`<li>${caveat}</li>`)}</ul>
</section>
</div>
<section>
<h2>Run it again</h2>
<pre><code>${commandLine(manifest.command)}</code></pre>
<p>The same configuration and seeds give the same numbers.</p>
${configHtml(experiment, view.config as Record<string, unknown>)}
</section>
<section>
<h2>How this run was made</h2>
${factsHtml(manifest)}
</section>
`;
  return page(experiment.title, body);
}

const SKETCH_NOTE = html`<p class="sketch">A sketch: made with <code>--quick</code>, on less data and for less time
than the experiment asks for. Look at the shapes, not at the last digits.</p>`;

function figureHtml({ title, caption, svg }: Results['figures'][number]): Html {
  return html`<figure>
<h3>${title}</h3>
<div class="scroll">${raw(svg)}</div>
<figcaption>${caption}</figcaption>
</figure>
`;
}

function claimsHtml(claims: readonly JudgedClaim[]): Html {
  if (claims.length === 0) return html`<p>This experiment checks no number.</p>`;
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Claim</th><th scope="col" class="number">Found</th><th scope="col">Expected</th><th scope="col">Verdict</th><th scope="col">Source</th></tr></thead>
<tbody>
${claims.map(
  (
    claim,
  ) => html`<tr><td>${claim.name}</td><td class="number">${formatNumber(claim.value, 5)}</td><td class="nowrap">${expectation(claim)}</td>${verdict(claim)}<td>${claim.source}</td></tr>
`,
)}</tbody>
</table></div>`;
}

function verdict({ pass }: JudgedClaim): Html {
  return pass ? html`<td class="pass">✓ pass</td>` : html`<td class="fail">✗ fail</td>`;
}

function configHtml(experiment: Experiment, config: Record<string, unknown>): Html {
  const keys = keysOf(experiment.config);
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Key</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${Object.entries(config).map(
  ([
    key,
    value,
  ]) => html`<tr><td><code>${key}</code></td><td>${valueText(value)}</td><td>${keys[key]?.description}</td></tr>
`,
)}</tbody>
</table></div>`;
}

function factsHtml(manifest: Manifest): Html {
  const { git, engine, backend, measuredJoules, durationsS, os, cpu, experiment } = manifest;
  const facts: [string, string][] = [
    ['Started', manifest.started],
    ['Took', durationsS.run === undefined ? 'unknown' : formatSeconds(durationsS.run)],
    ['Preset', manifest.preset],
    ['Seeds', manifest.seeds.join(', ')],
    ['Threads', String(manifest.threads)],
    ...(engine?.used ? [['Engine', engine.used] as [string, string]] : []),
    [
      'Backend',
      `asked ${backend.asked}, used ${backend.used ?? 'none'}${backend.why ? `: ${backend.why}` : ''}`,
    ],
    ['Measured on the CPU', measuredText(measuredJoules.cpu)],
    ['Measured on the GPU', measuredText(measuredJoules.gpu)],
    [
      'femtospike',
      `${manifest.femtospike}${git ? `, revision ${git.revision.slice(0, 10)}${git.dirty ? ' with changes' : ''}` : ''}`,
    ],
    ['Node', manifest.node],
    [
      'Machine',
      `${cpu.model}, ${cpu.cores} cores, ${cpu.memoryGib} GiB; ${os.platform} ${os.release} ${os.arch}`,
    ],
    ['Configuration', `SHA-256 ${manifest.configHash}`],
    ...(experiment.file
      ? [
          ['Experiment file', `${experiment.file.path}, SHA-256 ${experiment.file.sha256}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...Object.entries(manifest.recorded).map(([key, value]): [string, string] => [key, valueText(value)]),
  ];
  return html`<div class="scroll"><table class="facts"><tbody>
${facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody></table></div>`;
}

function measuredText(measured: Measured): string {
  if (measured.joules === null) return `no joules: ${measured.reason}`;
  const { joules, errorJoules, source } = measured;
  const error = errorJoules === null ? '' : ` ± ${formatNumber(errorJoules, 2)}`;
  return `${formatNumber(joules)}${error} J (${source}; the whole device, idle power included)`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A command as one types it: words with anything but plain letters in single quotes. */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
