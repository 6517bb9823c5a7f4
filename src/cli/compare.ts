import { Command } from 'commander';
import type { Cell } from '../experiment/define.js';
import { readRun, type StoredRun } from '../experiment/read-run.js';
import { UsageError } from '../util/errors.js';
import { formatCell, formatNumber } from '../util/format.js';
import { isRecord, prettyJson } from '../util/json.js';
import { simpleTable } from './text-table.js';

/** A place where two runs have something to compare: a key of the configuration or of the metrics. */
interface Row {
  key: string;
  a: Cell;
  b: Cell;
}

const MOST_ROWS = 60;

/** `femtospike compare RUN RUN`: where the configurations differ, and the metrics side by side. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('two runs of one experiment: configurations that differ, metrics side by side')
    .argument('<run>', 'run folder')
    .argument('<other>', 'another run folder')
    .option('--json', 'print one JSON document')
    .action((first: string, second: string, { json }: { json?: boolean }) => {
      const [a, b] = [readRun(first), readRun(second)];
      const [idA, idB] = [a.manifest.experiment.id, b.manifest.experiment.id];
      if (idA !== idB)
        throw new UsageError(
          `they are runs of '${idA}' and '${idB}'`,
          'compare',
          'Choose two of one experiment',
        );
      const config = sideBySide(settingsOf(a), settingsOf(b)).filter((row) => row.a !== row.b);
      const metrics = sideBySide(a.metrics, b.metrics);
      const document = { experiment: idA, a: a.folder, b: b.folder, config, metrics };
      process.stdout.write(json ? prettyJson(document) : asText(document));
    });
}

/** What a run was asked for: its configuration, and what was given beside it. */
function settingsOf({ config, manifest }: StoredRun): Record<string, unknown> {
  const { preset, seeds, engine, backend, threads, femtospike } = manifest;
  return {
    ...config,
    '(preset)': preset,
    '(seeds)': seeds.join(','),
    '(engine)': engine?.used ?? null,
    '(backend)': backend.used,
    '(threads)': threads,
    '(version)': femtospike,
  };
}

/** Every leaf of two JSON values by its path. */
function sideBySide(a: unknown, b: unknown): Row[] {
  const [inA, inB] = [leaves(a), leaves(b)];
  const keys = new Set([...inA.keys(), ...inB.keys()]);
  return [...keys].map((key) => ({ key, a: inA.get(key) ?? null, b: inB.get(key) ?? null }));
}

/** What a value holds, by path; undefined for a plain one. */
function entriesOf(value: unknown, path: string): [string, unknown][] | undefined {
  if (Array.isArray(value)) return value.map((item, i) => [`${path}[${i}]`, item]);
  if (!isRecord(value)) return undefined;
  return Object.entries(value).map(([key, item]) => [path ? `${path}.${key}` : key, item]);
}

function leaves(value: unknown, path = '', found = new Map<string, Cell>()): Map<string, Cell> {
  const entries = entriesOf(value, path);
  if (entries === undefined) found.set(path, typeof value === 'number' ? value : String(value));
  else for (const [key, item] of entries) leaves(item, key, found);
  return found;
}

function asText({ a, b, config, metrics }: { a: string; b: string; config: Row[]; metrics: Row[] }): string {
  const differing = metrics.filter((row) => row.a !== row.b);
  const rows = differing.slice(0, MOST_ROWS).map((row) => ({
    ...plain(row),
    'b / a':
      typeof row.a === 'number' && typeof row.b === 'number' && row.a !== 0
        ? formatNumber(row.b / row.a)
        : null,
  }));
  const more = differing.length > MOST_ROWS ? `… and ${differing.length - MOST_ROWS} more: see --json\n` : '';
  return [
    `a: ${a}\nb: ${b}\n`,
    config.length > 0
      ? `Settings that differ\n${simpleTable(['key', 'a', 'b'], config.map(plain))}\n`
      : 'The settings are the same.\n',
    differing.length > 0
      ? `Metrics that differ (${differing.length} of ${metrics.length})\n${simpleTable(['key', 'a', 'b', 'b / a'], rows)}\n${more}`
      : `All ${metrics.length} metrics are the same.\n`,
  ].join('\n');
}

/** Each row is another quantity: cells are written one by one, not alike down the column. */
function plain({ key, a, b }: Row): Record<string, Cell> {
  return { key, a: formatCell(a), b: formatCell(b) };
}
