import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptyFolder, femtospike } from '../cli/command-line.js';

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const model = JSON.stringify({
  name: 'mine',
  equations: 'dV/dt = (E_L - V)/tau_m + R*I/tau_m',
  threshold: 'V >= V_th',
  reset: 'V = E_L',
  parameters: {
    tau_m: [20, 'ms'],
    E_L: [-65, 'mV'],
    V_th: [-50, 'mV'],
    R: [1, 'Gohm'],
    I: [0, 'pA'],
  },
  state: { V: [-65, 'mV'] },
  receptors: { input: { adds: 'V', unit: 'mV' } },
  integrator: 'exact',
});

async function drive(file: string, text: string) {
  writeFileSync(join(folder, file), text);
  return femtospike(['run', 'neuron', '--json', '--set', `model=./${file}`, 'to=40', 'ms=300'], folder);
}

test("a model of one's own runs as JSON, JavaScript and TypeScript, and does the same", async () => {
  const runs = [
    await drive('mine.json', model),
    await drive('mine.js', `export default ${model};`),
    await drive('mine.ts', `const model: object = ${model};\nexport default model;`),
  ];
  const metrics = runs.map(({ code, stdout }) => {
    expect(code).toBe(0);
    return JSON.parse(stdout).metrics;
  });
  expect(metrics[1]).toEqual(metrics[0]);
  expect(metrics[2]).toEqual(metrics[0]);
});

test.each([
  ['common.js', `module.exports = ${model};`, 'Write it as a module: "export default …" in place of'],
  ['named.js', `export const model = ${model};`, 'named.js: the file has no default export. Export { name,'],
  ['half.json', '{"name":', 'half.json: it is no JSON'],
  ['list.json', '[1]', 'list.json: the model is not complete'],
  ['mine.txt', model, "mine.txt: it ends in '.txt'. It must be one of .ts, .mts, .js, .mjs, .json"],
])('%s is refused in one line', async (file, text, message) => {
  const { code, stderr } = await drive(file, text);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
