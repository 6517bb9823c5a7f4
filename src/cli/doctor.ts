import { Command } from 'commander';
import { prettyJson } from '../util/json.js';
import { type Finding, PROBES, type Probe } from './probes.js';
import { inkFor, widthOf, wrapped } from './terminal.js';
import { simpleTable } from './text-table.js';

/** `femtospike doctor`: every backend, thread and meter: there or not, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('every backend, thread and meter of this machine: there or not, and why')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const findings: NamedFinding[] = [];
      for (const probe of PROBES) findings.push(...(await findingsOf(probe)));
      process.stdout.write(json ? prettyJson(findings) : asText(findings));
    });
}

type NamedFinding = { part: string } & Finding;

/** What a probe found; one that breaks says so instead of hiding the others. */
async function findingsOf(probe: Probe): Promise<NamedFinding[]> {
  try {
    return 'group' in probe ? await probe.lookAll() : [{ part: probe.part, ...(await probe.look()) }];
  } catch (error) {
    const part = 'group' in probe ? probe.group : probe.part;
    return [{ part, there: false, detail: `the check itself failed: ${(error as Error).message}` }];
  }
}

function asText(findings: readonly NamedFinding[]): string {
  const ink = inkFor(process.stdout);
  const rows = findings.map(({ part, there, detail }) => ({
    part,
    state: there ? ink.good('there') : ink.bad('not there'),
    detail,
  }));
  const table = simpleTable(['part', 'state', 'detail'], rows);
  const width = widthOf(process.stdout);
  if (table.split('\n').every((line) => line.length <= width)) return `${table}\n`;
  return rows
    .map(({ part, state, detail }) => `${part}: ${state}\n${wrapped(detail, width, '    ')}\n`)
    .join('');
}
