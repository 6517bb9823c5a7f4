import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Measured, MeterStatus, Stop } from '../meter.js';

/**
 * RAPL: energy counters of Intel and AMD processors, as Linux shows them in /sys/class/powercap. Each zone holds
 * `energy_uj`, which counts up to `max_energy_range_uj` and starts again at 0.
 * Source: kernel documentation, "Power Capping Framework".
 */
export interface RaplOptions {
  /** Folder of the zones. Default /sys/class/powercap. */
  root?: string;
  /** Milliseconds on a clock that only goes forward. */
  now?: () => number;
}

interface Zone {
  name: string;
  folder: string;
  rangeUj: number;
}

const NAME = 'RAPL (processor and memory)';
/** No processor package or memory zone draws more: bounds how fast a counter can come round. */
const MOST_WATTS = 1000;
/** The counters are renewed about once a millisecond, so that each end is known to one. */
const RENEWAL_S = 1e-3;

/** Whether RAPL can be read here. */
export function probeRapl(options: RaplOptions = {}): MeterStatus {
  const found = findZones(options.root ?? '/sys/class/powercap');
  return 'reason' in found
    ? { name: NAME, available: false, reason: found.reason }
    : { name: NAME, available: true, reason: describe(found.zones) };
}

/**
 * Starts counting. The counters are also read now and then in between (by a timer that holds no process alive), so
 * that none comes round twice unseen.
 */
export function startRapl(options: RaplOptions = {}): Stop {
  const { root = '/sys/class/powercap', now = () => performance.now() } = options;
  const found = findZones(root);
  if ('reason' in found) return async () => ({ joules: null, reason: found.reason });
  const { zones } = found;

  const startMs = now();
  let last = { ms: startMs, counters: zones.map(readCounter) };
  let uj = 0;
  let failure: string | undefined;
  const shortestRoundMs = Math.min(...zones.map((zone) => zone.rangeUj / MOST_WATTS / 1e3));

  function advance() {
    try {
      const next = { ms: now(), counters: zones.map(readCounter) };
      if (next.ms - last.ms >= shortestRoundMs) {
        failure ??= `the counters were not read for ${Math.round((next.ms - last.ms) / 1000)} s and may have come round more than once`;
      }
      zones.forEach((zone, i) => {
        uj += difference(last.counters[i], next.counters[i], zone.rangeUj);
      });
      last = next;
    } catch (error) {
      failure ??= `a counter could not be read again (${messageOf(error)})`;
    }
  }

  const timer = setInterval(advance, Math.max(10, shortestRoundMs / 4));
  timer.unref();
  return async () => {
    clearInterval(timer);
    advance();
    if (failure) return { joules: null, reason: failure };
    return counted(uj * 1e-6, (last.ms - startMs) / 1000, zones);
  };
}

function counted(joules: number, seconds: number, zones: Zone[]): Measured {
  return {
    joules,
    errorJoules: seconds > 0 ? (2 * RENEWAL_S * joules) / seconds : null,
    seconds,
    source: `RAPL counters of ${describe(zones)}; the whole machine, other programs and idle power included`,
    resolution: 'counters in µJ, renewed about once a millisecond',
  };
}

/** From one reading to the next, over at most one return to zero. */
function difference(before: number, after: number, range: number): number {
  return after >= before ? after - before : range - before + after;
}

/**
 * Zones that do not hold one another: the packages, and memory (`dram`), which is outside its package. `core` and
 * `uncore` are parts of a package, `psys` holds the packages, and intel-rapl-mmio repeats them.
 */
function findZones(root: string): { zones: Zone[] } | { reason: string } {
  if (!existsSync(root)) {
    return {
      reason: `there is no ${root}: not Linux, or a virtual machine or container without power counters`,
    };
  }
  try {
    const zones = readdirSync(root)
      .filter((folder) => /^intel-rapl:\d+(:\d+)?$/.test(folder))
      .sort()
      .map((folder) => ({
        folder: join(root, folder),
        name: readFileSync(join(root, folder, 'name'), 'utf8').trim(),
        socket: folder.split(':')[1],
      }))
      .filter(({ name }) => /^package|^dram$/.test(name));
    if (zones.length === 0) return { reason: `${root} holds no RAPL package (intel-rapl:0)` };
    return { zones: zones.map(openZone) };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

function openZone({ folder, name, socket }: { folder: string; name: string; socket: string }): Zone {
  const rangePath = join(folder, 'max_energy_range_uj');
  const zone = { folder, name: name === 'dram' ? `dram-${socket}` : name, rangeUj: readNumber(rangePath) };
  if (zone.rangeUj === 0) throw new Error(`${rangePath} holds 0: where the counter comes round is not known`);
  readCounter(zone);
  return zone;
}

function readCounter(zone: Zone): number {
  return readNumber(join(zone.folder, 'energy_uj'));
}

function readNumber(path: string): number {
  const text = readFileSync(path, 'utf8').trim();
  if (!/^\d+$/.test(text)) throw new Error(`${path} holds '${text}' instead of a number`);
  return Number(text);
}

function describe(zones: Zone[]): string {
  return zones.map(({ name }) => name).join(', ');
}

function messageOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    const all = join(dirname(dirname(path ?? '')), 'intel-rapl:*', 'energy_uj');
    return `${path} may be read by root only; 'sudo chmod a+r ${all}' opens all counters until the next start`;
  }
  return message;
}
