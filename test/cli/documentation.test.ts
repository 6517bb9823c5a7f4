import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { emptyFolder, femtospike } from './command-line.js';

/** Every experiment that is written out in a page of documentation. */
const examples = ['README.md', 'CONTRIBUTING.md']
  .filter((page) => existsSync(join(packageRoot(), page)))
  .flatMap((page) => {
    const text = readFileSync(join(packageRoot(), page), 'utf8');
    const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => ({ page, code }));
    return blocks.filter(({ code }) => code.includes('export default defineExperiment('));
  });

test('there are examples', () => expect(examples.length).toBeGreaterThan(0));

test.each(examples)('the experiment in $page runs as it stands', async ({ code }) => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'example.ts'), code);
  const run = await femtospike(['run', 'example.ts', '--json'], folder);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout).claims.length).toBeGreaterThan(0);
  rmSync(folder, { recursive: true });
});
