import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, ended, femtospike, inProcess, mainPath, namesIn } from './command-line.js';

let folder: string;
let [first, second] = ['', ''];
beforeAll(async () => {
  folder = emptyFolder('two-layers.ts');
  const run = async (...args: string[]) =>
    JSON.parse((await femtospike(['run', 'two-layers.ts', '--json', ...args], folder)).stdout).folder;
  first = await run();
  second = await run('--seed', '2', '--set', 'pace=slow');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer = async (...args: string[]) => {
  const { code, stdout, stderr } = await inProcess(args, folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('list', () => {
  test('has every experiment with its question', async () => {
    expect(await answer('list')).toContain('lif-fi  How fast');
    expect(JSON.parse(await answer('list', '--json'))).toContainEqual(
      expect.objectContaining({ id: 'lif-fi' }),
    );
  });
});

describe('--help', () => {
  test('of the program names every command', async () => {
    const help = await answer('--help');
    for (const name of ['list', 'run', 'price', 'report', 'compare', 'bench', 'doctor'])
      expect(help).toContain(`  ${name}`);
  });

  test('of an experiment is made from its schema', async () => {
    const help = await answer('run', 'lif-fi', '--help');
    expect(help).toContain('driveMv\n      input current times membrane resistance');
    expect(help).toContain('list of number >= 0 (at least 2); default 5,10,14');
    expect(help).toContain('whole number >= 1; default 20; --quick 5; --full 200');
    const { stdout } = await femtospike(['run', 'two-layers.ts', '-h'], folder);
    expect(stdout).toContain('slow | fast; default fast');
  });

  test('of a bench is made from its schema', async () => {
    expect(await answer('bench', 'ledger-file', '--help')).toMatch(/--sources <value> +presynaptic neurons/);
    expect(await answer('bench', '--help')).toContain('ledger-file');
  });

  test('stands behind the word help as well', async () => {
    expect(await answer('help', 'report')).toBe(await answer('report', '--help'));
    expect(await answer('help')).toBe(await answer('--help'));
  });

  test('of run alone tells the options', async () => {
    expect(await answer('run', '--help')).toContain('--set <key=value>');
  });
});

describe('report', () => {
  test('makes the same files again', async () => {
    const files = ['report.html', 'figures/values.svg', 'values.csv'];
    const before = files.map((file) => readFileSync(join(first, file), 'utf8'));
    for (const file of files) rmSync(join(first, file));
    const { code, stdout } = await femtospike(['report', first], folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('report.html') });
    expect(files.map((file) => readFileSync(join(first, file), 'utf8'))).toEqual(before);
  });

  test('--all writes an index of every run', async () => {
    const path = (await femtospike(['report', '--all'], folder)).stdout.trim();
    const index = readFileSync(join(folder, path), 'utf8');
    expect(index.match(/href="two-layers\/[^"]+\/report\.html"/g)).toHaveLength(2);
    expect(index).toContain('pace=slow');
  });

  test('--all leaves out a run that it cannot show, and says so', async () => {
    const own = emptyFolder('two-layers.ts');
    for (const seed of ['1', '2']) await femtospike(['run', 'two-layers.ts', '--seed', seed], own);
    const [broken] = namesIn(join(own, 'runs', 'two-layers'));
    writeFileSync(join(own, 'runs', 'two-layers', broken, 'metrics.json'), '{');
    const { code, stdout, stderr } = await femtospike(['report', '--all'], own);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^femtospike: left out runs\/two-layers\/.*metrics\.json: it cannot be read.*\n$/);
    expect(readFileSync(join(own, stdout.trim()), 'utf8').match(/report\.html/g)).toHaveLength(1);
    rmSync(own, { recursive: true });
  });
});

describe('report of a run that was made by something else', () => {
  const reportOf = async (change: (manifest: { git: unknown; femtospike: string }) => void) => {
    const own = emptyFolder('two-layers.ts');
    const { folder: run } = JSON.parse((await femtospike(['run', 'two-layers.ts', '--json'], own)).stdout);
    const path = join(run, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
    // As an older experiment would have left it: without what the one of today reads.
    writeFileSync(join(run, 'metrics.json'), '{}');
    const ended = await femtospike(['report', run], own);
    rmSync(own, { recursive: true });
    return ended;
  };

  test('says in one line what made it, and how to run it again', async () => {
    const { code, stderr } = await reportOf((manifest) => {
      manifest.femtospike = '0.0.9';
      manifest.git = null;
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^femtospike: .*: experiment 'two-layers' cannot show it \(.*\)\. It was made by femtospike 0\.0\.9; this is .*\. Run it again: femtospike run two-layers\.ts --seed 1\n$/,
    );
  });

  test('tells the fault itself where nothing has changed', async () => {
    const { code, stderr } = await reportOf(() => {});
    expect(code).toBe(1);
    expect(stderr).not.toContain('Run it again');
  });
});

describe('compare', () => {
  test('shows settings that differ, and metrics side by side', async () => {
    const text = await answer('compare', first, second);
    expect(text).toMatch(/^pace +fast +slow$/m);
    expect(text).toMatch(/^\(seeds\) +1 +2$/m);
    expect(text).toMatch(/^values\[0\] /m);
    expect(text).not.toMatch(/^hidden /m);
  });

  test('as JSON has every metric', async () => {
    const document = JSON.parse(await answer('compare', first, second, '--json'));
    expect(document.metrics.map((row: { key: string }) => row.key)).toEqual([
      'total',
      'values[0]',
      'values[1]',
      'values[2]',
    ]);
    expect(document.config).toContainEqual({ key: 'pace', a: 'fast', b: 'slow' });
  });

  test('of a run with itself finds nothing', async () => {
    const text = await answer('compare', first, first);
    expect(text).toContain('The settings are the same.');
    expect(text).toContain('All 4 metrics are the same.');
  });
});

describe('price', () => {
  test('prices each layer, and the layers add up to the network', async () => {
    const { networks } = JSON.parse(await answer('price', first, '--tariff', '45nm-fp32', '--json'));
    const [network] = networks;
    // Readout: 3 × 2 synapses, one multiply-accumulate each (4.6 pJ).
    expect(network.layers[1].perInference.valueFj).toBeCloseTo(6 * 4600, 6);
    for (const phase of ['perInference', 'training']) {
      const sum = network.layers[0][phase].valueFj + network.layers[1][phase].valueFj;
      expect(Math.abs(sum / network[phase].valueFj - 1)).toBeLessThan(1e-15);
    }
  });

  test('as text says what is not priced', async () => {
    expect(await answer('price', first, '--tariff', 'loihi')).toMatch(
      /mac: not priced because the chip computes with spikes/,
    );
  });

  test('without a tariff names them all', async () => {
    const { code, stderr } = await femtospike(['price', first], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('45nm-fp32');
  });
});

describe('doctor', () => {
  test('says of everything whether it is there, and why not', async () => {
    const findings = JSON.parse(await answer('doctor', '--json'));
    const parts = findings.map((finding: { part: string }) => finding.part);
    for (const part of ['Node', 'threads', 'WASM SIMD']) expect(parts).toContain(part);
    for (const { there, detail } of findings) {
      expect(typeof there).toBe('boolean');
      expect(detail).not.toBe('');
    }
    expect(findings.find(({ part }: { part: string }) => part === 'WASM SIMD').there).toBe(true);
  });
});

describe('bench', () => {
  test('names those that there are, and not the files that help them', async () => {
    const { code, stderr } = await inProcess(['bench', 'evntprop'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean 'eventprop'?");
    expect(stderr).not.toMatch(/stopwatch|vogels-abbott/);
  });

  test('all refuses the name of a network that it does not have', async () => {
    const { code, stderr } = await inProcess(['bench', 'all', '--only', 'brunel,cuba'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--only: there is no network 'cuba'\..*Choose from cuba4k, /);
  });

  test('prints what was measured as one JSON document', async () => {
    const text = await answer(
      'bench',
      'ledger-file',
      '--sources',
      '10',
      '--targets',
      '7',
      '--repeats',
      '1',
      '--json',
    );
    expect(JSON.parse(text)).toMatchObject({ synapses: 70, repeats: 1, seed: 1 });
  });
});

describe('a narrow terminal', () => {
  test.each([['list'], ['run', 'lif-fi', '--help'], ['bench'], ['doctor']])(
    'breaks the lines of %s at words',
    async (...args) => {
      const { stdout } = await femtospike(args, folder, { COLUMNS: '60' });
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    },
  );
});

describe('a wrong call', () => {
  test.each([
    [['list', '--frob'], "unknown option '--frob'. See 'femtospike list --help'"],
    [['tariffs', 'loihi'], "See 'femtospike tariffs --help'"],
    [['price'], "missing required argument 'run'. See 'femtospike price --help'"],
    [['bench', 'perceptron', '--frob'], "See 'femtospike bench perceptron --help'"],
    [['frobnicate'], "unknown command 'frobnicate'. See 'femtospike --help'"],
    [['report', '--all', 'two-layers.ts'], 'two-layers.ts: there is no such folder. Run an experiment first'],
  ])('%j says where to look', async (args, part) => {
    const { code, stdout, stderr } = await inProcess(args, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(part);
  });
});

describe('colours', () => {
  const hasScript = spawnSync('script', ['--version']).status === 0;
  const onTerminal = (env: Record<string, string>) => {
    const command = `"${process.execPath}" "${mainPath}" run lif-fi --quick`;
    return ended(
      spawn('script', ['-qec', command, '/dev/null'], {
        cwd: folder,
        env: { ...process.env, TERM: 'xterm', ...env },
      }),
    );
  };

  test('none in a pipe', async () => {
    expect((await femtospike(['run', 'lif-fi', '--quick'], folder)).stdout).not.toContain('\x1b');
  });

  test.skipIf(!hasScript)('on a terminal, unless NO_COLOR is set (needs the program script)', async () => {
    expect((await onTerminal({ NO_COLOR: '' })).stdout).toContain('\x1b[32mpass\x1b[0m');
    expect((await onTerminal({ NO_COLOR: '1' })).stdout).not.toContain('\x1b');
  });
});
