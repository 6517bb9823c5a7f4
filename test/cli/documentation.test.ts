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

/** Neuron models that are written out. */
const models = ['README.md', 'CONTRIBUTING.md'].flatMap((page) => {
  const text = readFileSync(join(packageRoot(), page), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => ({ page, code }));
  return blocks.filter(({ code }) => code.includes('equations:'));
});

test('there is a model', () => expect(models.length).toBeGreaterThan(0));

test.each(models)(
  'the neuron model in $page runs as it stands, and is refused when it is broken',
  async ({ code }) => {
    const folder = emptyFolder();
    const run = async (text: string) => {
      writeFileSync(join(folder, 'my-neuron.ts'), text);
      const settings = ['model=./my-neuron.ts', 'to=40', 'ms=300'];
      return femtospike(['run', 'neuron', '--json', '--set', ...settings], folder);
    };
    const good = await run(code);
    expect(good).toMatchObject({ code: 0 });
    const broken: [string, string, RegExp][] = [
      ['/tau_m + R', '/tau_x + R', /dV\/dt = \(E_L - V\)\/tau_x.*the name 'tau_x' is not known/],
      ['theta_0 - theta', 'theta_0 - tau_m', /dtheta\/dt.*do not fit: mV and ms/],
      ['(E_L - V)/tau_m', 'V*V/E_L/tau_m', /is not linear, so it cannot be integrated exactly/],
    ];
    for (const [from, to, message] of broken) {
      const bad = await run(code.replace(from, to));
      expect(bad.code).toBe(2);
      expect(bad.stderr).toMatch(message);
      expect(bad.stderr).toContain('my-neuron.ts');
    }
    rmSync(folder, { recursive: true });
  },
);

test('there are examples', () => expect(examples.length).toBeGreaterThan(0));

test.each(examples)('the experiment in $page runs as it stands', async ({ code }) => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'example.ts'), code);
  const run = await femtospike(['run', 'example.ts', '--json'], folder);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout).claims.length).toBeGreaterThan(0);
  rmSync(folder, { recursive: true });
});
