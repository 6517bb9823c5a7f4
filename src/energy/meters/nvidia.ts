import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Measured, MeterStatus, Stop } from '../meter.js';
import { integratePower, type PowerIntegral, type PowerSample } from './integrate.js';

/**
 * NVIDIA GPUs through nvidia-smi: the energy counter where the driver offers it as a field (few do), else power
 * sampled by one nvidia-smi that stays open, integrated with its sampling error.
 */
export interface NvidiaOptions {
  /** The program and its first arguments. Default ['nvidia-smi']. */
  command?: readonly string[];
  /** Time between two samples of power. Default 100. */
  intervalMs?: number;
  /** Milliseconds since 1970, as the time stamps of nvidia-smi. Default Date.now. */
  now?: () => number;
}

const NAME = 'NVIDIA GPU (nvidia-smi)';
const PATIENCE_MS = 10_000;
const BOARD = 'the whole board, other programs and idle power included';

/** Whether nvidia-smi is there and tells the power of a GPU. */
export async function probeNvidia(options: NvidiaOptions = {}): Promise<MeterStatus> {
  const found = await findGpus(settings(options));
  return 'reason' in found
    ? { name: NAME, available: false, reason: found.reason }
    : { name: NAME, available: true, reason: `${found.names.join(', ')} (${found.way})` };
}

/** Starts reading; resolves when the first figure is in. The child process keeps this process from nothing. */
export async function startNvidia(options: NvidiaOptions = {}): Promise<Stop> {
  const set = settings(options);
  const found = await findGpus(set);
  if ('reason' in found) return async () => ({ joules: null, reason: found.reason });
  return found.way === 'energy counter' ? startCounter(set, found.names) : startSampling(set, found.names);
}

type Settings = Required<NvidiaOptions>;

function settings({ command = ['nvidia-smi'], intervalMs = 100, now = Date.now }: NvidiaOptions): Settings {
  return { command, intervalMs, now };
}

type Found = { names: string[]; way: 'energy counter' | 'sampled power' } | { reason: string };

async function findGpus(set: Settings): Promise<Found> {
  let rows: string[][];
  try {
    rows = await query(set, ['name', 'power.draw']);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { reason: code === 'ENOENT' ? `${set.command[0]} is not installed` : message.trim() };
  }
  if (rows.length === 0) return { reason: 'nvidia-smi lists no GPU' };
  const names = rows.map(([name]) => name);
  if ((await energyCounters(set))?.length === rows.length) return { names, way: 'energy counter' };
  const silent = rows.find(([, watts]) => !isNumber(watts));
  if (silent) return { reason: `${silent[0]} does not tell its power (nvidia-smi says '${silent[1]}')` };
  return { names, way: 'sampled power' };
}

/** Energy counters of all GPUs in mJ, or undefined where the driver has no such field. */
async function energyCounters(set: Settings): Promise<number[] | undefined> {
  try {
    const rows = await query(set, ['total_energy_consumption']);
    return rows.every(([mj]) => isNumber(mj)) ? rows.map(([mj]) => Number(mj)) : undefined;
  } catch {
    return undefined;
  }
}

async function startCounter(set: Settings, names: string[]): Promise<Stop> {
  const startMs = set.now();
  const before = await energyCounters(set);
  return async () => {
    const after = await energyCounters(set);
    const seconds = (set.now() - startMs) / 1000;
    if (!before || after?.length !== before.length) {
      return { joules: null, reason: 'the energy counter could not be read at both ends' };
    }
    if (after.some((mj, i) => mj < before[i])) {
      return { joules: null, reason: 'the energy counter went back: the driver was loaded anew in between' };
    }
    return {
      joules: after.reduce((sum, mj, i) => sum + mj - before[i], 0) / 1000,
      errorJoules: null,
      seconds,
      source: `energy counter of ${names.join(', ')} (nvidia-smi); ${BOARD}`,
      resolution: 'counter in mJ; how often the driver renews it is not published',
    };
  };
}

async function startSampling(set: Settings, names: string[]): Promise<Stop> {
  const { child, ended, complaint } = openSampler(set);
  const latest = new Map<string, PowerSample>();
  let integrals: Map<string, PowerIntegral> | undefined;
  const unread: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const firstOfAll = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const [stamp, index, watts] = cells(line);
      const ms = parseStamp(stamp);
      if (ms === undefined || !isNumber(watts)) {
        if (integrals) unread.push(watts ?? line);
        return;
      }
      const sample = { ms, watts: Number(watts) };
      if (integrals) integrals.get(index)?.add(sample);
      else latest.set(index, sample);
      if (latest.size === names.length) resolve();
    });
  });
  await Promise.race([firstOfAll, ended, delay(PATIENCE_MS)]);
  if (latest.size < names.length) {
    child.kill();
    return async () => ({ joules: null, reason: `nvidia-smi does not tell the power${complaint()}` });
  }

  const startMs = set.now();
  integrals = new Map([...latest].map(([index, sample]) => [index, startIntegral(startMs, sample)]));
  letGo(child, true);
  return async () => {
    const stopMs = set.now();
    const early = child.exitCode !== null || child.signalCode !== null;
    letGo(child, false);
    child.kill();
    await ended;
    if (early) return { joules: null, reason: `nvidia-smi stopped before the end${complaint()}` };
    return integrated([...integrals.values()], startMs, stopMs, names, unread);
  };
}

type Sampler = ChildProcessByStdio<null, Readable, Readable>;

function openSampler(set: Settings): { child: Sampler; ended: Promise<void>; complaint: () => string } {
  const [program, ...first] = set.command;
  const child = spawn(
    program,
    [...first, ...fields(['timestamp', 'index', 'power.draw']), `--loop-ms=${set.intervalMs}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-500);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  return { child, ended, complaint: () => (said ? `: ${said.trim()}` : '') };
}

/** Whether the child keeps this process alive: it must not while it samples, and must while it is waited for. */
function letGo(child: Sampler, free: boolean): void {
  for (const held of [child, child.stdout, child.stderr] as { ref?(): void; unref?(): void }[]) {
    if (free) held.unref?.();
    else held.ref?.();
  }
}

function startIntegral(startMs: number, sample: PowerSample): PowerIntegral {
  const integral = integratePower(startMs);
  integral.add(sample);
  return integral;
}

function integrated(
  gpus: PowerIntegral[],
  startMs: number,
  stopMs: number,
  names: string[],
  unread: readonly string[],
): Measured {
  const parts = gpus.map((integral) => integral.at(stopMs));
  const seconds = (stopMs - startMs) / 1000;
  const samples = Math.min(...gpus.map((integral) => integral.count));
  if (unread.length > 0 && samples === 0) {
    return { joules: null, reason: `nvidia-smi ceased to tell the power (it says '${unread[0]}')` };
  }
  const bridged = unread.length === 0 ? '' : `; ${unread.length} more said '${unread[0]}' and were bridged`;
  return {
    joules: parts.reduce((sum, part) => sum + part.joules, 0),
    errorJoules: parts.reduce((sum, part) => sum + part.errorJoules, 0),
    seconds,
    source: `power of ${names.join(', ')}, sampled by nvidia-smi and integrated; ${BOARD}`,
    resolution:
      `${samples} samples a GPU in ${seconds.toFixed(1)} s${bridged}; the error is that of sampling, and leaves out that ` +
      'the driver averages power over up to a second',
  };
}

/** One row a GPU, one cell a field. */
async function query(set: Settings, names: string[]): Promise<string[][]> {
  const [program, ...first] = set.command;
  const { stdout } = await promisify(execFile)(program, [...first, ...fields(names)], {
    timeout: PATIENCE_MS,
  });
  return stdout.split('\n').filter(Boolean).map(cells);
}

function fields(names: string[]): string[] {
  return [`--query-gpu=${names.join(',')}`, '--format=csv,noheader,nounits'];
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text);
}

/** '2026/11/22 02:03:04.567', local time. */
function parseStamp(stamp: string): number | undefined {
  const parts = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+):(\d+)\.(\d+)$/.exec(stamp);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second, ms] = parts.slice(1).map(Number);
  return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
