import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Measured } from '../../src/energy/meter.js';
import { probeNvidia, startNvidia } from '../../src/energy/meters/nvidia.js';
import { probeRapl, startRapl } from '../../src/energy/meters/rapl.js';
import { packageRoot } from '../../src/util/package-root.js';

// What the files are and where their layouts come from: test/fixtures/meters/README.md.
const FIXTURES = join(packageRoot(), 'test', 'fixtures', 'meters');
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/**
 * The counter tree of a machine: zones nested below devices/, and class/powercap with a link to each of them, the
 * control types (intel-rapl) too, as Linux has it. `turn` writes the second readings.
 */
function recorded(machine: string) {
  const top = mkdtempSync(join(tmpdir(), 'powercap-'));
  made.push(top);
  const root = join(top, 'class', 'powercap');
  mkdirSync(root, { recursive: true });
  const later: (() => void)[] = [];
  for (const line of readFileSync(join(FIXTURES, `${machine}.powercap`), 'utf8')
    .trim()
    .split('\n')) {
    const [, zone, file, value, second] = /^(.+)\/(\w+):([^|]+)(?:\|(.+))?$/.exec(line)!;
    const parts = zone.split(':');
    const parent = parts.length === 3 ? [`${parts[0]}:${parts[1]}`] : [];
    const folder = join(top, 'devices', 'virtual', 'powercap', parts[0], ...parent, zone);
    mkdirSync(folder, { recursive: true });
    link(join(root, parts[0]), join(top, 'devices', 'virtual', 'powercap', parts[0]));
    link(join(root, zone), folder);
    writeFileSync(join(folder, file), `${value}\n`);
    if (second !== undefined) later.push(() => writeFileSync(join(folder, file), `${second}\n`));
  }
  return {
    root,
    turn: () => {
      for (const write of later) write();
    },
  };
}

function link(path: string, target: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const reasonOf = (measured: Measured) => ('reason' in measured ? measured.reason : undefined);

describe('RAPL on recorded counters', () => {
  test.each([
    // 20 J of the package; memory comes round: 1 J to its end and 1.5 J from 0.
    ['laptop', 20 + 2.5, ['package-0', 'dram-0']],
    ['desktop-2013', 100 + 5, ['package-0', 'dram-0']],
    // 50 to 53 J of the packages, of which the third comes round, and 4 to 7 J of their memory.
    [
      'four-sockets',
      50 + 51 + 52 + 53 + (4 + 5 + 6 + 7),
      [0, 1, 2, 3].flatMap((i) => [`package-${i}`, `dram-${i}`]),
    ],
    // 2 J each, the last one over its end.
    ['many-packages', 16 * 2, Array.from({ length: 16 }, (_, i) => `package-${i}`)],
  ])('%s: %f J, each zone once', async (machine, joules, zones) => {
    const { root, turn } = recorded(machine);
    let ms = 0;
    const stop = startRapl({ root, now: () => ms });
    turn();
    ms = 1000;
    const measured = await stop();
    if (measured.joules === null) throw new Error(measured.reason);
    expect(measured.joules).toBeCloseTo(joules, 6);
    const named = /^RAPL counters of (.+?);/.exec(measured.source)![1].split(', ');
    expect(named.sort()).toEqual(zones.sort());
    expect(probeRapl({ root }).available).toBe(true);
  });

  test('a counter that only root may read is named, with what opens all of them', () => {
    const { root } = recorded('four-sockets');
    for (let folder = root; folder !== tmpdir(); folder = dirname(folder)) chmodSync(folder, 0o755);
    chmodSync(join(realpathSync(join(root, 'intel-rapl:2:0')), 'energy_uj'), 0o400);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    else chmodSync(join(root, 'intel-rapl:2:0', 'energy_uj'), 0);
    try {
      const { available, reason } = probeRapl({ root });
      expect(available).toBe(false);
      expect(reason).toContain(`${join(root, 'intel-rapl:2:0', 'energy_uj')} may be read by root only`);
      expect(reason).toContain(`sudo chmod a+r ${join(root, 'intel-rapl:*', 'energy_uj')}`);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('a counter whose end is not told is not used', async () => {
    const { root } = recorded('desktop-2013');
    writeFileSync(join(root, 'intel-rapl:0', 'max_energy_range_uj'), '0\n');
    expect(reasonOf(await startRapl({ root })())).toContain('where the counter comes round is not known');
  });
});

describe('nvidia-smi as recorded', () => {
  const smi = (machine: string, ...how: string[]) => ({
    command: [
      process.execPath,
      join(packageRoot(), 'test', 'energy', 'recorded-nvidia-smi.mjs'),
      join(FIXTURES, `${machine}.smi`),
      ...how,
    ],
    intervalMs: 20,
  });

  test('two A100 tell their power', async () => {
    const stop = await startNvidia(smi('two-a100'));
    await sleep(100);
    const measured = await stop();
    if (measured.joules === null) throw new Error(measured.reason);
    expect(measured.joules / measured.seconds).toBeCloseTo(53.48 + 54.29, 6);
    expect(measured.resolution).toMatch(/^\d+ samples a GPU in [\d.]+ s; the error is that of sampling/);
  });

  test.each([
    ['geforce-without-sensor', "NVIDIA GeForce RTX 3080 does not tell its power (nvidia-smi says '[N/A]')"],
    ['old-driver', "GeForce GTX 770 does not tell its power (nvidia-smi says '[Not Supported]')"],
    ['mixed', "GeForce GTX 1050 Ti does not tell its power (nvidia-smi says '[N/A]')"],
    ['failing', "NVIDIA GeForce RTX 2080 Ti does not tell its power (nvidia-smi says '[Unknown Error]')"],
  ])('%s has no figure, and the reason', async (machine, reason) => {
    expect(await probeNvidia(smi(machine))).toMatchObject({ available: false, reason });
    expect(await (await startNvidia(smi(machine)))()).toEqual({ joules: null, reason });
  });

  test('a sensor that fails for good in the middle of a run leaves no figure', async () => {
    const stop = await startNvidia(smi('two-a100', '--fails-after=1'));
    // Time for some lines on a busy machine too.
    await sleep(1500);
    const reason = "nvidia-smi ceased to tell the power (it says '[Unknown Error]')";
    expect(await stop()).toEqual({ joules: null, reason });
  });
});
