import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyFolder, ended, femtospike, namesIn, start } from './command-line.js';

let folder: string;
beforeEach(() => {
  folder = emptyFolder('endless.ts');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Waits until the experiment has begun to run. */
function begun(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stderr!.on('data', (text) => String(text).includes('started') && resolve());
  });
}

function theRun(): { name: string; state: string } {
  const [name, ...others] = namesIn(join(folder, 'runs', 'endless'));
  expect(others).toEqual([]);
  const manifest = readFileSync(join(folder, 'runs', 'endless', name, 'manifest.json'), 'utf8');
  return { name, state: JSON.parse(manifest).state };
}

describe('Ctrl-C', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '(%s) stops the run and leaves a folder marked interrupted',
    async (signal) => {
      const child = start(['run', 'endless.ts'], folder);
      const end = ended(child);
      await begun(child);
      child.kill(signal);
      const { code, stdout, stderr } = await end;
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
      expect(stderr).toContain('femtospike: interrupted (what is left of the run: ');
      expect(theRun()).toEqual({ name: expect.stringMatching(/\.interrupted$/), state: 'interrupted' });
      expect(existsSync(`/proc/${child.pid}`)).toBe(false);

      const { name } = theRun();
      const again = await femtospike(['report', join('runs', 'endless', name)], folder);
      expect(again.code).toBe(2);
      expect(again.stderr).toContain('its run is marked interrupted');
    },
  );

  test('ends a run that does not listen after some seconds', async () => {
    const child = start(['run', 'endless.ts', '--set', 'deaf=true'], folder);
    const end = ended(child);
    await begun(child);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(theRun().state).toBe('interrupted');
  });

  test('twice ends it at once, and the folder stays hidden and unfinished', async () => {
    const child = start(['run', 'endless.ts', '--set', 'deaf=true'], folder);
    const end = ended(child);
    await begun(child);
    child.kill('SIGINT');
    await new Promise((resolve) =>
      child.stderr!.on('data', (text) => String(text).includes('stopping') && resolve(0)),
    );
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    // Had it waited for the run, the folder would be marked interrupted.
    expect(theRun()).toEqual({ name: expect.stringMatching(/^\..*\.unfinished$/), state: 'unfinished' });
  });
});

test('a killed process leaves a hidden folder that no report takes for a run', async () => {
  const child = start(['run', 'endless.ts'], folder);
  const end = ended(child);
  await begun(child);
  child.kill('SIGKILL');
  await end;
  const { name, state } = theRun();
  expect({ name, state }).toEqual({ name: expect.stringMatching(/^\..*\.unfinished$/), state: 'unfinished' });
  const { stdout, code } = await femtospike(['report', '--all'], folder);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, stdout.trim()), 'utf8')).toContain('There is no finished run yet');
});
