import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { emptyFolder, inProcess } from '../cli/command-line.js';

/** A figure that nothing else in a run can come to. */
const JOULES = { cpu: 90909.125, gpu: 70707.375 };

vi.mock('../../src/energy/meter.js', async (original) => ({
  ...(await original<typeof import('../../src/energy/meter.js')>()),
  startMeter: async () => async () => ({ cpu: measured(JOULES.cpu), gpu: measured(JOULES.gpu) }),
}));

function measured(joules: number) {
  return { joules, errorJoules: null, seconds: 1, source: 'a meter of this test', resolution: 'exact' };
}

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Contents of all files below a folder, by their path. */
function contents(below: string): Map<string, Buffer> {
  const files = readdirSync(below, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(below, path), readFileSync(path)]),
  );
}

test('joules that were measured stand in the manifest and in two lines of the report; no bill depends on them', async () => {
  const small = ['massesG=2', 'clades=rodent', 'samples=100', 'epochs=1', 'denseEpochs=1'];
  const { code, stderr } = await inProcess(['run', 'brain-race', '--quick', '--set', ...small], folder);
  // The claims of so short a training may fail.
  expect([0, 1], stderr).toContain(code);
  const [name] = readdirSync(join(folder, 'runs', 'brain-race'));
  const run = join(folder, 'runs', 'brain-race', name);
  const manifestPath = join(run, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  expect(manifest.measuredJoules.cpu.joules).toBe(JOULES.cpu);
  expect(manifest.measuredJoules.gpu.joules).toBe(JOULES.gpu);

  // Drawn again with other joules: every bill, table and figure is the same to the byte.
  const before = contents(run);
  manifest.measuredJoules = { cpu: measured(1), gpu: { joules: null, reason: 'there was none' } };
  writeFileSync(manifestPath, JSON.stringify(manifest));
  expect((await inProcess(['report', run], folder)).code).toBe(0);
  const after = contents(run);
  const changed = [...before.keys()].filter((file) => !before.get(file)!.equals(after.get(file)!));
  expect(changed.sort()).toEqual(['manifest.json', 'report.html']);
  expect([...before.keys()].filter((file) => file.endsWith('.csv')).length).toBeGreaterThan(3);

  // And in the report only the two lines that say where they come from.
  const lines = (of: Map<string, Buffer>) => of.get('report.html')!.toString().split('\n');
  const [was, is] = [lines(before), lines(after)];
  expect(is).toHaveLength(was.length);
  const different = was.filter((line, i) => line !== is[i]);
  expect(different).toHaveLength(2);
  expect(different[0]).toMatch(/Measured on the CPU.*a meter of this test/);
  expect(different[1]).toMatch(/Measured on the GPU.*a meter of this test/);
}, 120_000);

test('what counts, prices, learns or simulates does not know of meters', () => {
  const MAY = [
    'src/cli/probes.ts',
    'src/energy/meter.ts',
    'src/experiment/manifest.ts',
    'src/experiment/run.ts',
    'src/report/report-page.ts',
  ];
  const importers = ['kernels', 'src', 'models', 'experiments'].flatMap((room) => {
    const files = readdirSync(join(packageRoot(), room), { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${room}/${file}`)
      .filter((file) => {
        const text = readFileSync(join(packageRoot(), file), 'utf8');
        return /from '[^']*(\/meter\.js|\/meters\/[^']*)'/.test(text);
      })
      .filter((file) => !file.startsWith('src/energy/meters/'));
  });
  expect(importers.sort()).toEqual(MAY);
});
