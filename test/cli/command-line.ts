import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import { packageRoot } from '../../src/util/package-root.js';

/** The command line as it was built: `npm test` builds it first. */
const MAIN = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `femtospike ...args` in `folder`. */
export function start(args: string[], folder: string, env: Record<string, string> = {}): ChildProcess {
  const clean = { ...process.env, NO_COLOR: '', FEMTOSPIKE_DEBUG: '', ...env };
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: clean,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Lines of progress appear in a pipe when a machine is slow: whether they do is no property of the program. */
const PROGRESS = /^(\[[#·]+\] +\d+ %|\d[\d.]* (s|min)) .*\n/gmu;

/** Waits for a process, with all that it printed but progress. */
export function ended(child: ChildProcess): Promise<Ended> {
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...withoutProgress(out) })));
}

function withoutProgress<T extends { stderr: string }>(out: T): T {
  return { ...out, stderr: out.stderr.replace(PROGRESS, '') };
}

/** Runs `femtospike ...args` in `folder` to its end. */
export function femtospike(args: string[], folder: string, env?: Record<string, string>): Promise<Ended> {
  return ended(start(args, folder, env));
}

/** As `femtospike`, from the sources and within this process: quicker, for calls that end before they run. */
export async function inProcess(args: string[], folder: string): Promise<Ended> {
  const out = { stdout: '', stderr: '' };
  const back = process.cwd();
  process.chdir(folder);
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text, ...rest) => {
      out[name] += text;
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    }),
  );
  try {
    const code = await runCommandLine(args);
    return { code, ...withoutProgress(out) };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(back);
  }
}

/** An empty folder outside the repository, with some of test/fixtures/ copied into it. */
export function emptyFolder(...fixtures: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'femtospike-test-'));
  for (const name of fixtures) cpSync(join(packageRoot(), 'test', 'fixtures', name), join(folder, name));
  return folder;
}

/** Everything in a folder, hidden or not. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

export const mainPath = MAIN;
