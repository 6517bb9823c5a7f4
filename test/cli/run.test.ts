import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyFolder, ended, femtospike, inProcess, mainPath, namesIn } from './command-line.js';

let folder: string;
beforeEach(() => {
  folder = emptyFolder('two-layers.ts');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('run', () => {
  test('prints a table, claims, finding and report, and leaves a whole folder', async () => {
    const { code, stdout, stderr } = await femtospike(['run', 'lif-fi', '--quick'], folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('R·I (mV)');
    expect(stdout).toMatch(/^ {2}pass {2}No interval is too short/m);
    expect(stdout).toContain('The neuron is silent up to R·I = 15 mV');
    expect(stdout).toContain('--quick: a sketch');
    const report = join(folder, stdout.match(/^Report: (.+)$/m)![1]);
    expect(readFileSync(report, 'utf8')).toContain('A sketch: made with');

    const [name, ...others] = namesIn(join(folder, 'runs', 'lif-fi'));
    expect(others).toEqual([]);
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{8}$/);
    const run = join(folder, 'runs', 'lif-fi', name);
    expect(namesIn(run)).toEqual([
      'claims.json',
      'config.json',
      'figures',
      'ledger.json',
      'manifest.json',
      'metrics.json',
      'rates.csv',
      'report.html',
    ]);
    const manifest = json(join(run, 'manifest.json'));
    expect(manifest).toMatchObject({
      state: 'finished',
      preset: 'quick',
      seed: 1,
      seeds: [1],
      node: process.version,
    });
    expect(manifest.configHash).toMatch(new RegExp(`^${name.slice(-8)}`));
    expect(manifest.measuredJoules.cpu).toHaveProperty('joules');
    if (manifest.measuredJoules.gpu.joules === null) expect(manifest.measuredJoules.gpu.reason).not.toBe('');
  });

  test("runs a file of somebody's own from an empty folder, which imports femtospike and Plot", async () => {
    const { code, stdout, stderr } = await femtospike(
      ['run', './two-layers.ts', '--json', '--seeds', '3'],
      folder,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['experiment', 'folder', 'claims', 'metrics']);
    expect(document.claims).toEqual([
      { name: 'Total', value: 0, expected: 0, tolerance: 0, pass: true, source: 'made up' },
    ]);
    const manifest = json(join(document.folder, 'manifest.json'));
    expect(manifest.seeds).toEqual([1, 2, 3]);
    expect(manifest.backend).toEqual({ asked: 'auto', used: 'none at all' });
    expect(manifest.experiment.file.path).toBe(join(folder, 'two-layers.ts'));
    expect(readFileSync(join(document.folder, 'report.html'), 'utf8')).toContain(
      'made-up counts &#60;&#38;&#62;',
    );
  });

  test("runs a .mjs and a .js file of somebody's own", async () => {
    const options = { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } };
    const text = ts.transpileModule(readFileSync(join(folder, 'two-layers.ts'), 'utf8'), options).outputText;
    for (const name of ['own.mjs', 'own.js']) {
      writeFileSync(join(folder, name), text);
      const { code, stderr } = await femtospike(['run', name], folder);
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
    }
  });

  test('gives the same bytes for the same configuration and seed, other ones for another seed', async () => {
    const read = async (...args: string[]) => {
      const { stdout } = await femtospike(['run', 'two-layers.ts', '--json', ...args], folder);
      const run = JSON.parse(stdout).folder;
      const files = [
        'metrics.json',
        'config.json',
        'ledger.json',
        'ledger/00-spiking-seed-1.npz',
        'figures/values.svg',
      ];
      return files.map((file) => readFileSync(join(run, file)).toString('base64'));
    };
    const first = await read('--seed', '7');
    expect(await read('--seed', '7', '--threads', '1')).toEqual(first);
    expect((await read('--seed', '8'))[0]).not.toBe(first[0]);
  });

  test('exits 1 when a claim fails, and says which', async () => {
    const { code, stdout } = await femtospike(['run', 'two-layers.ts', '--set', 'claimed=3'], folder);
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  Total: 0 (expected 3; made up)');
  });

  test.each([
    [['--set', 'claimed=3']],
    [['--claimed', '3']],
    [['--claimed=3', '--quick']],
    [['--set', 'claimed=2', 'claimed=3']],
  ])('%j sets a key of the configuration', async (words) => {
    const { stdout } = await femtospike(['run', 'two-layers.ts', '--json', ...words], folder);
    expect(JSON.parse(stdout)).toMatchObject({ claims: [{ expected: 3 }] });
  });

  test('exits 1 when the run fails, and leaves a folder marked so', async () => {
    const text = readFileSync(join(folder, 'two-layers.ts'), 'utf8').replace('total: 0', 'total: 0 / 0');
    writeFileSync(join(folder, 'broken.ts'), text);
    const { code, stdout, stderr } = await femtospike(['run', 'broken.ts'], folder);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^femtospike: the metrics .* total is NaN .*\n$/);
    const [name] = namesIn(join(folder, 'runs', 'two-layers'));
    expect(name).toMatch(/\.failed$/);
    const manifest = json(join(folder, 'runs', 'two-layers', name, 'manifest.json'));
    expect(manifest).toMatchObject({ state: 'failed', error: expect.stringContaining('total is NaN') });
  });

  test('leaves nothing when the run finds its input to be wrong', async () => {
    const text = readFileSync(join(folder, 'two-layers.ts'), 'utf8')
      .replace('{ defineExperiment,', '{ UsageError, defineExperiment,')
      .replace(
        'async run({ hidden }',
        "async run() { throw new UsageError('it is cut short', 'digits.idx', 'Get it again'); }, async unused({ hidden }",
      );
    writeFileSync(join(folder, 'wrong-data.ts'), text);
    const { code, stdout, stderr } = await femtospike(['run', 'wrong-data.ts', '--out', 'new/runs'], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('femtospike: digits.idx: it is cut short. Get it again\n');
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  test('keeps what was measured when drawing it fails, and report completes it', async () => {
    const path = join(folder, 'two-layers.ts');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.replace("name: 'values',", "name: '../values',"));
    const { code, stderr } = await femtospike(['run', path], folder);
    expect(code).toBe(1);
    expect(stderr).toContain("'../values' is no name for a figure or table");
    const [name] = namesIn(join(folder, 'runs', 'two-layers'));
    expect(name).toMatch(/\.failed$/);

    writeFileSync(path, good);
    const again = await femtospike(['report', join('runs', 'two-layers', name)], folder);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const whole = name.replace('.failed', '');
    expect(namesIn(join(folder, 'runs', 'two-layers'))).toEqual([whole]);
    expect(json(join(folder, 'runs', 'two-layers', whole, 'manifest.json')).state).toBe('finished');
  });

  test('is quiet when its reader has seen enough', async () => {
    const shell = spawn(
      'sh',
      ['-c', `"${process.execPath}" "${mainPath}" run two-layers.ts --json | head -c 1`],
      { cwd: folder },
    );
    expect(await ended(shell)).toEqual({ code: 0, stdout: '{', stderr: '' });
  });

  test('run all ends with one table of all claims', async () => {
    const { code, stdout, stderr } = await inProcess(['run', 'all', '--quick', '--set', 'a=1'], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("'all' cannot be combined with --set");
  });
});

describe('what is wrong', () => {
  test.each([
    ['no experiment', ['run'], 'no experiment is named'],
    ['an unknown command', ['runn'], "unknown command 'runn'"],
    ['an unknown option', ['run', 'lif-fi', '--sede', '3'], "unknown option '--sede'"],
    ['an option without its value', ['run', 'lif-fi', '--seed'], '--seed <n>'],
    ['a seed that is none', ['run', 'lif-fi', '--seed', 'x'], "--seed: 'x'"],
    ['no threads', ['run', 'lif-fi', '--threads', '0'], "--threads: '0'"],
    [
      'a backend that is none',
      ['run', 'lif-fi', '--backend', 'abacus'],
      'auto, tensorflow, webgpu, wasm, cpu',
    ],
    ['both presets', ['run', 'lif-fi', '--quick', '--full'], 'both --quick and --full'],
    ['an unknown experiment', ['run', 'lif-fy'], "Did you mean 'lif-fi'"],
    ['an unknown key', ['run', 'lif-fi', '--set', 'tauMS=3'], "Did you mean 'tauMs'"],
    ['an unknown key as an option', ['run', 'lif-fi', '--tauMS', '3'], "Did you mean '--tauMs'"],
    ['a key without its value', ['run', 'lif-fi', '--tau-ms'], "'--tau-ms' has no value"],
    ['a key before the experiment', ['run', '--tau-ms', '3', 'lif-fi'], "unknown option '--tau-ms'"],
    [
      'a value that is not allowed as an option',
      ['run', 'lif-fi', '--tau-ms', '-3'],
      'tauMs must be: number > 0',
    ],
    ['a setting without --set', ['run', 'lif-fi', 'tauMs=3'], 'one word too many'],
    ['a value that is not allowed', ['run', 'lif-fi', '--set', 'tauMs=-3'], 'tauMs must be: number > 0'],
    ['a file that is not there', ['run', './none.ts'], 'there is no such file'],
    ['an output folder below a file', ['run', 'lif-fi', '--out', 'a-file/runs'], '--out'],
    ['an output folder that nobody can write to', ['run', 'lif-fi', '--out', '/proc/nowhere'], '--out'],
    ['a folder that is no run', ['report', '.'], 'it is no run folder'],
    ['a run that is not there', ['report', 'runs/none'], 'there is no such folder'],
    ['no run to compare with', ['compare', '.'], "missing required argument 'other'"],
    ['no run to price', ['price', '.', '--tariff', 'loihi'], 'it is no run folder'],
    ['an unknown bench', ['bench', 'ledger-fill'], "Did you mean 'ledger-file'"],
    ['an unknown option of a bench', ['bench', 'ledger-file', '--suorces', '3'], '--suorces'],
    ['a wrong value of a bench', ['bench', 'ledger-file', '--sources', 'x'], "--sources: 'x'"],
  ])('%s ends in one line and exit code 2', async (_, args, part) => {
    writeFileSync(join(folder, 'a-file'), '');
    const { code, stdout, stderr } = await inProcess(args, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^femtospike: [^\n]+\n$/);
    expect(stderr).toContain(part);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  test.each([
    ['a file that is no experiment', ['run', 'empty.ts'], 'no experiment as its default export'],
    ['a file with an error', ['run', 'wrong.ts'], 'the file cannot be loaded'],
    ['a file that lacks a part', ['run', 'part.ts'], "'question' is undefined"],
    ['an unknown option', ['run', 'lif-fi', '--sede', '3'], "unknown option '--sede'"],
    ['an unknown key', ['run', 'lif-fi', '--set', 'tauMS=3'], "Did you mean 'tauMs'"],
  ])('%s ends the process with one line and exit code 2', async (_, args, part) => {
    writeFileSync(join(folder, 'empty.ts'), 'export {};\n');
    writeFileSync(join(folder, 'wrong.ts'), 'export default {\n');
    writeFileSync(join(folder, 'part.ts'), "export default { id: 'part', title: 'Part' };\n");
    const { code, stdout, stderr } = await femtospike(args, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^femtospike: [^\n]+\n$/);
    expect(stderr).toContain(part);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  test('no command at all prints the help, with exit code 2', async () => {
    const { code, stdout, stderr } = await inProcess([], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: femtospike');
  });
});

test('half a run is left by none of the wrong calls', async () => {
  await inProcess(['run', 'lif-fi', '--out', 'out', '--set', 'tauMs=0'], folder);
  expect(readdirSync(folder)).toEqual(['two-layers.ts']);
});
