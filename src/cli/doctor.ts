import { Command } from 'commander';
import { prettyJson } from '../util/json.js';
import { type Finding, PROBES } from './probes.js';
import { inkFor } from './terminal.js';
import { simpleTable } from './text-table.js';

/** `femtospike doctor`: every backend, thread and meter: there or not, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('every backend, thread and meter of this machine: there or not, and why')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const findings: ({ part: string } & Finding)[] = [];
      for (const { part, look } of PROBES) findings.push({ part, ...(await safely(look)) });
      process.stdout.write(json ? prettyJson(findings) : asText(findings));
    });
}

/** A probe that breaks says so instead of hiding the others. */
async function safely(look: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return { there: false, detail: `the check itself failed: ${(error as Error).message}` };
  }
}

function asText(findings: readonly ({ part: string } & Finding)[]): string {
  const ink = inkFor(process.stdout);
  const rows = findings.map(({ part, there, detail }) => ({
    part,
    state: there ? ink.good('there') : ink.bad('not there'),
    detail,
  }));
  return `${simpleTable(['part', 'state', 'detail'], rows)}\n`;
}
