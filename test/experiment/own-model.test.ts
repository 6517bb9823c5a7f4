import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { emptyFolder } from '../cli/command-line.js';

const model = {
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
};
const text = JSON.stringify(model);

const GOOD = {
  'mine.json': text,
  'mine.js': `export default ${text};`,
  'mine.mjs': `const model = ${text};\nexport { model as default };`,
  'mine.ts': `const model: object = ${text};\nexport default model;`,
};
const BAD = {
  'common.js': [`module.exports = ${text};`, 'Write it as a module: "export default …" in place of'],
  'named.js': [`export const model = ${text};`, 'the file has no default export. Export { name,'],
  'half.json': ['{"name":', 'it is no JSON'],
  'list.json': ['[1]', 'the model is not complete'],
  'mine.txt': [text, "it ends in '.txt'. It must be one of .ts, .mts, .js, .mjs, .json"],
};

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true }));
let read: Record<string, { model?: object; error?: string }>;

/** All in one process of its own: reading a script registers loaders. */
beforeAll(async () => {
  for (const [name, content] of Object.entries(GOOD)) writeFileSync(join(folder, name), content);
  for (const [name, [content]] of Object.entries(BAD)) writeFileSync(join(folder, name), content);
  const built = pathToFileURL(join(packageRoot(), 'dist', 'src', 'experiment', 'own-model.js')).href;
  const script = `
    const { readOwnModel } = await import('${built}');
    const read = {};
    for (const name of ${JSON.stringify([...Object.keys(GOOD), ...Object.keys(BAD)])})
      read[name] = await readOwnModel(name).then((model) => ({ model }), (error) => ({ error: error.message }));
    console.log(JSON.stringify(read));
  `;
  writeFileSync(join(folder, 'read.mjs'), script);
  const { stdout } = await promisify(execFile)(process.execPath, ['read.mjs'], { cwd: folder });
  read = JSON.parse(stdout);
});

test.each(Object.keys(GOOD))('a model in %s is read', (name) => {
  expect(read[name]).toEqual({ model });
});

test.each(Object.entries(BAD))('%s is refused in one line', (name, [, message]) => {
  expect(read[name].error).toContain(message);
  expect(read[name].error).toContain(name);
  expect(read[name].error).not.toContain('\n');
});
