import { figureSvg } from '../report/figure-svg.js';
import { reportPage } from '../report/report-page.js';
import { tableCsv } from '../report/table-csv.js';
import { RunError } from '../util/errors.js';
import { prettyJson } from '../util/json.js';
import { type Claim, type Figure, holds, type RunView, type Table } from './define.js';
import type { FoundExperiment } from './find.js';
import type { Manifest } from './manifest.js';
import type { Files } from './run-folder.js';

/** A claim with its verdict. */
export type JudgedClaim = Claim & { pass: boolean };

/** All that an experiment says about a run, computed from its metrics and ledgers. */
export interface Results {
  tables: Table[];
  figures: (Figure & { svg: string })[];
  claims: JudgedClaim[];
  finding: string;
  caveats: string[];
  /** Made with --quick, in an experiment where that changes anything. */
  isSketch: boolean;
}

/** Lets the experiment make its tables, figures, claims and texts of a run. */
export function resultsOf({ experiment }: FoundExperiment, view: RunView<unknown, unknown>): Results {
  return {
    tables: experiment.tables(view),
    figures: experiment.figures(view).map((figure) => ({ ...figure, svg: figureSvg(figure) })),
    claims: experiment.claims(view).map((claim) => ({ ...claim, pass: holds(claim) })),
    finding: experiment.finding(view),
    caveats: experiment.caveats(view),
    isSketch: view.preset === 'quick' && Object.keys(experiment.presets.quick).length > 0,
  };
}

/** The files of a run folder that can be made again at any time: claims, CSVs, figures and the report. */
export function resultFiles(
  found: FoundExperiment,
  view: RunView<unknown, unknown>,
  manifest: Manifest,
): { files: Files; results: Results } {
  const results = resultsOf(found, view);
  checkNames(results.tables);
  checkNames(results.figures);
  const files: Files = new Map([['claims.json', prettyJson(results.claims)]]);
  for (const table of results.tables) files.set(`${table.name}.csv`, tableCsv(table));
  for (const figure of results.figures) {
    const keys = [...new Set(figure.rows.flatMap((row) => Object.keys(row)))];
    const columns = keys.map((key) => ({ key, label: key }));
    files.set(`figures/${figure.name}.svg`, figure.svg);
    files.set(`figures/${figure.name}.csv`, tableCsv({ columns, rows: figure.rows }));
  }
  files.set('report.html', reportPage({ experiment: found.experiment, view, manifest, results }));
  return { files, results };
}

/** Names become file names: they must be plain and differ. */
function checkNames(items: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw new RunError(`'${name}' is no name for a figure or table: use small letters, digits and dashes`);
    if (seen.has(name)) throw new RunError(`two figures or two tables are called '${name}'`);
    seen.add(name);
  }
}
