import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LIBRARY_PATH, SWIFTSHADER, WITHOUT_SWIFTSHADER } from '../software-gpu.js';
import { emptyFolder, femtospike, namesIn } from './command-line.js';

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a small network experiment; what it found, and what its manifest says. */
async function run(...how: string[]) {
  const config = { neurons: 100, indegree: 20, warmupMs: 0, ms: 60 };
  const set = Object.entries(config).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const out = join(folder, how.at(-1)!);
  const { code, stderr } = await femtospike(
    ['run', 'cuba', ...set, '--seed', '2', ...how, '--out', out],
    folder,
    {
      VK_ICD_FILENAMES: join(SWIFTSHADER ?? '', 'vk_swiftshader_icd.json'),
      LD_LIBRARY_PATH: LIBRARY_PATH,
    },
  );
  expect(code, stderr).toBe(0);
  const [name, ...others] = namesIn(join(out, 'cuba'));
  expect(others).toEqual([]);
  const read = (file: string) => JSON.parse(readFileSync(join(out, 'cuba', name, file), 'utf8'));
  return { metrics: read('metrics.json'), manifest: read('manifest.json'), stderr };
}

test.skipIf(SWIFTSHADER === null)(
  `run cuba --engine tensor --backend webgpu ends by itself with the spikes of the event engine${SWIFTSHADER === null ? `, ${WITHOUT_SWIFTSHADER}` : ''}`,
  async () => {
    const event = await run('--engine', 'event');
    const tensor = await run('--engine', 'tensor', '--backend', 'webgpu');
    expect(tensor.metrics.replicates).toEqual(event.metrics.replicates);
    expect(tensor.metrics.replicates[0].spikes).toBeGreaterThan(20);
    expect(tensor.manifest.state).toBe('finished');
    expect(JSON.stringify(tensor.manifest)).toMatch(/webgpu[^"]*swiftshader/i);
    expect(JSON.stringify(tensor.manifest)).toMatch(/emulated in software/);
    expect(JSON.stringify(event.manifest)).not.toMatch(/swiftshader/i);
  },
  180_000,
);
