import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Measured, probeMeters, startMeter } from '../../src/energy/meter.js';
import { integratePower } from '../../src/energy/meters/integrate.js';
import { probeNvidia, startNvidia } from '../../src/energy/meters/nvidia.js';
import { probeRapl, startRapl } from '../../src/energy/meters/rapl.js';
import { packageRoot } from '../../src/util/package-root.js';

/** The folder of a machine with two sockets: zones that must be read, and zones that would be counted twice. */
const TWO_SOCKETS: Record<string, [name: string, uj: number, range: number]> = {
  'intel-rapl:0': ['package-0', 1_000_000, 262_143_328_850],
  'intel-rapl:0:0': ['core', 900_000, 262_143_328_850],
  'intel-rapl:0:1': ['dram', 5_000_000, 65_712_999_613],
  'intel-rapl:1': ['package-1', 2_000_000, 262_143_328_850],
  'intel-rapl:2': ['psys', 9_000_000, 262_143_328_850],
  'intel-rapl-mmio:0': ['package-0', 1_000_000, 262_143_328_850],
};

function powercap(zones = TWO_SOCKETS) {
  const root = mkdtempSync(join(tmpdir(), 'powercap-'));
  const set = (zone: string, uj: number) => writeFileSync(join(root, zone, 'energy_uj'), `${uj}\n`);
  for (const [zone, [name, uj, range]] of Object.entries(zones)) {
    mkdirSync(join(root, zone));
    writeFileSync(join(root, zone, 'name'), `${name}\n`);
    writeFileSync(join(root, zone, 'max_energy_range_uj'), `${range}\n`);
    set(zone, uj);
  }
  return { root, set };
}

function clock() {
  let ms = 0;
  return { now: () => ms, wait: (s: number) => (ms += s * 1000) };
}

const reasonOf = (measured: Measured) => ('reason' in measured ? measured.reason : undefined);

describe('RAPL', () => {
  test('adds packages and memory, and no zone that is part of another', async () => {
    const { root, set } = powercap();
    const { now, wait } = clock();
    const stop = startRapl({ root, now });
    set('intel-rapl:0', 4_000_000);
    set('intel-rapl:0:0', 800_900_000);
    set('intel-rapl:0:1', 5_500_000);
    set('intel-rapl:1', 3_000_000);
    set('intel-rapl:2', 99_000_000);
    set('intel-rapl-mmio:0', 4_000_000);
    wait(2);
    const measured = await stop();
    expect(measured).toMatchObject({ joules: 4.5, seconds: 2, errorJoules: expect.closeTo(4.5e-3, 12) });
    expect(measured).toHaveProperty('source', expect.stringContaining('package-0, dram-0, package-1'));
  });

  test('counts on when a counter comes round', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 200_000_000_000 }),
        fc.nat({ max: 100_000_000_000 }),
        async (start, used) => {
          const range = 200_000_000_000;
          const { root, set } = powercap({ 'intel-rapl:0': ['package-0', start, range] });
          const { now, wait } = clock();
          const stop = startRapl({ root, now });
          set('intel-rapl:0', (start + used) % range);
          wait(100);
          expect((await stop()).joules).toBeCloseTo(used / 1e6, 5);
          rmSync(root, { recursive: true });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('gives no figure where a counter may have come round twice', async () => {
    const { root } = powercap();
    const { now, wait } = clock();
    const stop = startRapl({ root, now });
    // The memory counter ends at 65.7 kJ: 66 s at 1000 W.
    wait(70);
    const measured = await stop();
    expect(measured.joules).toBeNull();
    expect(reasonOf(measured)).toContain('more than once');
  });

  test('reads in between, so that a long run has a figure', async () => {
    const { root, set } = powercap({ 'intel-rapl:0': ['package-0', 0, 40_000_000] });
    // A counter that ends at 40 J is read every 10 ms: 0 to 30 J, then round to 20 J.
    const stop = startRapl({ root, now: () => 0 });
    set('intel-rapl:0', 30_000_000);
    await sleep(100);
    set('intel-rapl:0', 20_000_000);
    expect((await stop()).joules).toBe(60);
  });

  test('says what is missing', async () => {
    expect(probeRapl({ root: '/nowhere' })).toMatchObject({ available: false });
    expect(probeRapl({ root: mkdtempSync(join(tmpdir(), 'powercap-')) }).reason).toContain('no RAPL package');
    const { root } = powercap({ 'intel-rapl:0': ['package-0', 0, 1e9] });
    writeFileSync(join(root, 'intel-rapl:0', 'energy_uj'), 'rubbish');
    expect(probeRapl({ root }).reason).toContain("energy_uj holds 'rubbish' instead of a number");
    expect((await startRapl({ root: '/nowhere' })()).joules).toBeNull();
  });

  test('says so when a counter goes away', async () => {
    const { root } = powercap();
    const stop = startRapl({ root });
    rmSync(join(root, 'intel-rapl:1'), { recursive: true });
    expect(reasonOf(await stop())).toContain('could not be read again');
  });

  test('says who may read a counter that only root may', () => {
    const { root } = powercap({ 'intel-rapl:0': ['package-0', 0, 1e9] });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'intel-rapl:0', 'energy_uj'), 0);
    // Root may read everything, so it becomes nobody for the moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(probeRapl({ root }).reason).toContain('may be read by root only');
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('the integral of sampled power', () => {
  test('is exact for power that changes linearly', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 100 }),
        (times, slope) => {
          const watts = (ms: number) => 50 + (slope * ms) / 1000;
          const integral = integratePower(0);
          for (const ms of [0, ...times.sort((a, b) => a - b), 10_000])
            integral.add({ ms, watts: watts(ms) });
          expect(integral.at(10_000).joules).toBeCloseTo(500 + slope * 50, 6);
        },
      ),
    );
  });

  test('has an error that holds a step between two samples, wherever it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 500 }), (stepMs, high) => {
        const integral = integratePower(0);
        integral.add({ ms: 0, watts: 10 });
        integral.add({ ms: 1000, watts: 10 + high });
        const { joules, errorJoules } = integral.at(1000);
        const truth = 10 + (high * (1000 - stepMs)) / 1000;
        expect(Math.abs(joules - truth)).toBeLessThanOrEqual(errorJoules + 1e-9);
      }),
    );
  });

  test('begins at the start, not at a sample before it, and ends at the stop', () => {
    const integral = integratePower(1000);
    integral.add({ ms: 500, watts: 100 });
    integral.add({ ms: 1500, watts: 200 });
    // 150 W at the start, 200 W at 1.5 s and from there to 2 s.
    expect(integral.at(2000).joules).toBe(0.5 * 175 + 0.5 * 200);
    expect(integral.count).toBe(1);
  });

  test('of nothing is refused', () => {
    expect(() => integratePower(0).at(1)).toThrow(RangeError);
  });
});

describe('nvidia-smi', () => {
  const fake = (machine: string) => ({
    command: [process.execPath, join(packageRoot(), 'test', 'energy', 'fake-nvidia-smi.mjs'), machine],
    intervalMs: 20,
  });

  test('samples the power of two GPUs and adds their energy', async () => {
    const stop = await startNvidia(fake('two'));
    await sleep(200);
    const measured = await stop();
    if (measured.joules === null) throw new Error(measured.reason);
    expect(measured.joules).toBeCloseTo(250 * measured.seconds, 6);
    expect(measured.errorJoules).toBe(0);
    expect(measured.source).toContain('NVIDIA Test 0, NVIDIA Test 1, sampled');
  });

  test('uses the energy counter where there is one', async () => {
    expect(await probeNvidia(fake('counter'))).toMatchObject({ available: true, reason: /energy counter/ });
    const stop = await startNvidia(fake('counter'));
    await sleep(100);
    const measured = await stop();
    if (measured.joules === null) throw new Error(measured.reason);
    // The fake counts 100 W from the moment it is asked; asking takes a process start at each end.
    expect(measured.joules).toBeGreaterThan(100 * 0.1 * 0.5);
    expect(measured.joules).toBeLessThan(100 * (measured.seconds + 0.01));
    expect(measured.source).toContain('energy counter');
  });

  test.each([
    ['broken', "couldn't communicate with the NVIDIA driver"],
    ['silent', "does not tell its power (nvidia-smi says '[N/A]')"],
  ])('that is %s has no figure, with the reason', async (machine, reason) => {
    expect(await probeNvidia(fake(machine))).toMatchObject({ available: false });
    expect(reasonOf(await (await startNvidia(fake(machine)))())).toContain(reason);
  });

  test('that is not installed is named so', async () => {
    const options = { command: ['no-such-nvidia-smi'] };
    expect((await probeNvidia(options)).reason).toBe('no-such-nvidia-smi is not installed');
  });

  test('that dies in between has no figure', async () => {
    const stop = await startNvidia(fake('dies'));
    // Long enough for its process to have ended on a busy machine too.
    await sleep(3000);
    expect(reasonOf(await stop())).toContain('stopped before the end');
  });

  test('keeps no process alive that forgets to stop it', () => {
    const script = `
      import { startMeter } from './src/energy/meter.ts';
      await startMeter({ nvidia: ${JSON.stringify(fake('two'))} });
      console.log('started');
    `;
    const { stdout, status, signal } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: packageRoot(), encoding: 'utf8', timeout: 20_000 },
    );
    expect({ stdout, status, signal }).toEqual({ stdout: 'started\n', status: 0, signal: null });
  });
});

test('a host without meters has null and two reasons, and stopping twice is harmless', async () => {
  const stop = await startMeter({ rapl: { root: '/nowhere' }, nvidia: { command: ['no-such-nvidia-smi'] } });
  const energy = await stop();
  expect(energy.cpu).toEqual({ joules: null, reason: expect.stringContaining('/nowhere') });
  expect(energy.gpu).toEqual({ joules: null, reason: expect.stringContaining('not installed') });
  expect(await stop()).toBe(energy);
});

test('doctor is told of every meter, with a reason', async () => {
  const meters = await probeMeters({
    rapl: { root: '/nowhere' },
    nvidia: { command: ['no-such-nvidia-smi'] },
  });
  expect(meters.map(({ available }) => available)).toEqual([false, false, false, false, false]);
  for (const { name, reason } of meters) expect(`${name}${reason}`.length).toBeGreaterThan(name.length + 10);
});
