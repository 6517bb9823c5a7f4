import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { emptyFolder } from '../cli/command-line.js';

/** The script of the README, in a folder where the built package is installed. */
const [script] = [
  ...readFileSync(join(packageRoot(), 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm),
]
  .map(([, code]) => code)
  .filter((code) => code.includes("from 'femtospike/models'"));
const folder = emptyFolder();
mkdirSync(join(folder, 'node_modules'));
symlinkSync(packageRoot(), join(folder, 'node_modules', 'femtospike'));
writeFileSync(join(folder, 'balanced.mjs'), script);
writeFileSync(join(folder, 'balanced.mts'), script);
afterAll(() => rmSync(folder, { recursive: true }));

const run = promisify(execFile);

test('the script of the README runs against the built package', async () => {
  const { stdout, stderr } = await run(process.execPath, ['balanced.mjs'], { cwd: folder });
  expect(stderr).toBe('');
  const [, rateHz] = /^E fires at ([\d.]+) Hz$/m.exec(stdout)!;
  expect(Number(rateHz)).toBeGreaterThan(0.5);
  expect(Number(rateHz)).toBeLessThan(60);
  const [, atMs] = /^first: neuron \d+ at ([\d.]+) ms$/m.exec(stdout)!;
  expect(Number(atMs)).toBeLessThan(200);
  const [, endMv] = /^V of neuron 0 at the end: (-[\d.]+) mV$/m.exec(stdout)!;
  expect(Number(endMv)).toBeLessThan(-50);
  expect(stdout).toMatch(/^all synapses: [\d.]+ [fpn]J$/m);
});

test('it is TypeScript as well, with the types that are shipped', async () => {
  const tsc = join(packageRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022'];
  const check = (file: string) =>
    run(process.execPath, [tsc, ...flags, file], { cwd: folder }).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  expect(await check('balanced.mts')).toBe('');
  writeFileSync(join(folder, 'wrong.mts'), script.replace('rateHz: 6000', "rateHz: 'often'"));
  expect(await check('wrong.mts')).toContain("Type 'string' is not assignable to type 'number'");
});
