import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { min } from 'simple-statistics';
import { z } from 'zod';
import { defineBench } from '../../src/cli/define-bench.js';
import { didYouMean } from '../../src/util/closest.js';
import { RunError, UsageError } from '../../src/util/errors.js';

interface Case {
  name: string;
  bench: string;
  args?: string[];
  /** Biological time before the measurement and measured, as for the other simulators; 200 and 1000 ms if left out. */
  stretch?: { warmupMs: number; ms: number };
  /** Seconds of wall clock for a second of biology: two simulators on one thread, and what is asked of this one. */
  genn: number | null;
  nest: number | null;
  atMost: number | null;
  aim: number | null;
  /** Measured with two threads as well. */
  twoThreads?: boolean;
  full?: boolean;
}

const STRETCH = { warmupMs: 200, ms: 1000 };

/** What a second thread has to bring. */
const SPEEDUP = 1.7;

/** GeNN 5.4 (float32, one thread) and NEST 3.10 (one thread) on the machine on which this engine was first measured. */
const CASES: Case[] = [
  {
    name: 'cuba4k',
    bench: 'cuba',
    stretch: { warmupMs: 200, ms: 2000 },
    genn: 0.063,
    nest: 1.09,
    atMost: 0.03,
    aim: 0.02,
  },
  {
    name: 'coba4k',
    bench: 'coba',
    stretch: { warmupMs: 200, ms: 2000 },
    genn: 0.24,
    nest: 7.05,
    atMost: 0.12,
    aim: 0.08,
  },
  {
    name: 'cubaK80_40k',
    bench: 'cuba',
    args: ['--neurons', '40000'],
    genn: 0.65,
    nest: 14.6,
    atMost: 0.33,
    aim: 0.2,
  },
  {
    name: 'cuba40k',
    bench: 'cuba',
    args: ['--neurons', '40000', '--indegree', '1000'],
    genn: 0.66,
    nest: 16.1,
    atMost: 0.33,
    aim: 0.2,
  },
  {
    name: 'cuba100k',
    bench: 'cuba',
    args: ['--neurons', '100000', '--indegree', '1000'],
    genn: 1.72,
    nest: null,
    atMost: 0.9,
    aim: 0.6,
    twoThreads: true,
  },
  { name: 'brunel', bench: 'brunel', genn: 3.08, nest: 19, atMost: 1.2, aim: 0.6, twoThreads: true },
  {
    name: 'mc01',
    bench: 'microcircuit',
    stretch: { warmupMs: 500, ms: 2000 },
    genn: 0.65,
    nest: 3.7,
    atMost: 0.3,
    aim: 0.15,
  },
  { name: 'hpc-stdp', bench: 'hpc-stdp', genn: 8.6, nest: 25, atMost: 3, aim: 1.5 },
  {
    name: 'microcircuit',
    bench: 'microcircuit',
    args: ['--scale', '1'],
    stretch: { warmupMs: 500, ms: 1000 },
    genn: 23.5,
    nest: 140,
    atMost: 5,
    aim: 3,
    twoThreads: true,
    full: true,
  },
  { name: 'quiet', bench: 'quiet', genn: null, nest: null, atMost: null, aim: null },
  {
    name: 'quiet-awake',
    bench: 'quiet',
    args: ['--sleep', 'false'],
    genn: null,
    nest: null,
    atMost: null,
    aim: null,
  },
];

/** All networks of the comparison, each in a process of its own, beside the figures of other simulators. */
export default defineBench({
  description: 'every reference network beside GeNN and NEST: seconds for a second of biology, build, memory',
  options: z.strictObject({
    repeats: z.int().min(1).default(3).describe('runs of each network; the fastest counts'),
    ms: z
      .number()
      .min(0)
      .default(0)
      .describe('biological time that is measured, in ms; 0: as for the other simulators'),
    full: z.boolean().default(true).describe('whether the full microcircuit is run (3 GiB)'),
    only: z.string().default('').describe('names of networks, separated by commas; empty: all'),
  }),
  async run({ repeats, ms, full, only }, { progress, signal }) {
    const names = only === '' ? null : chosen(only);
    const cases = CASES.filter(({ name, full: large }) => names?.includes(name) ?? (full || large !== true));
    const rows: Record<string, string | number | null>[] = [];
    for (const [i, { name, bench, args = [], stretch = STRETCH, twoThreads, ...limits }] of cases.entries()) {
      const measuredMs = ms > 0 ? ms : stretch.ms;
      const times = ['--warmup-ms', `${stretch.warmupMs}`, '--ms', `${measuredMs}`];
      const threadCounts = twoThreads ? [1, 2] : [1];
      const runs = threadCounts.map((): Measured[] => []);
      // By turns, so that what else the machine does meets one thread and two alike.
      for (let k = 0; k < repeats; k++)
        for (const [t, threads] of threadCounts.entries()) {
          const doing = `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
          progress(i + (k + t / threadCounts.length) / repeats, cases.length, doing);
          runs[t].push(await measured([bench, ...args, '--threads', `${threads}`, ...times], signal));
        }
      const fastest = runs.map((own) => min(own.map(({ realTimeFactor }) => realTimeFactor)));
      for (const [t, threads] of threadCounts.entries()) {
        const [own, realTimeFactor] = [runs[t], fastest[t]];
        rows.push({
          network: name,
          threads,
          measuredMs,
          realTimeFactor,
          cpuPerS: min(own.map(({ cpuS }) => cpuS / (measuredMs / 1000))),
          // The limits are for one thread.
          atMost: threads === 1 ? limits.atMost : null,
          aim: threads === 1 ? limits.aim : null,
          GeNN: limits.genn,
          NEST: limits.nest,
          timesGeNN: limits.genn === null ? null : limits.genn / realTimeFactor,
          speedup: threads === 1 ? null : fastest[0] / realTimeFactor,
          speedupAtLeast: threads === 1 ? null : SPEEDUP,
          buildS: min(own.map(({ buildS }) => buildS)),
          peakRssMb: own[0].peakRssMb,
          bytesPerSynapse: own[0].bytesPerSynapse,
          nsPerNeuronStep: min(own.map(({ nsPerNeuronStep }) => nsPerNeuronStep)),
          spikeHash: [...new Set(own.map(({ spikeHash }) => spikeHash))].join(' '),
        });
      }
    }
    return { repeats, rows };
  },
});

/** Names of networks from --only. @throws UsageError naming one that there is not */
function chosen(only: string): string[] {
  const known = CASES.map(({ name }) => name);
  const names = only.split(',').map((name) => name.trim());
  for (const name of names)
    if (!known.includes(name)) {
      const todo = `${didYouMean(name, known)}Choose from ${known.join(', ')}`;
      throw new UsageError(`there is no network '${name}'`, '--only', todo);
    }
  return names;
}

interface Measured {
  realTimeFactor: number;
  cpuS: number;
  buildS: number;
  peakRssMb: number;
  bytesPerSynapse: number;
  nsPerNeuronStep: number;
  spikeHash: string;
}

/** What `femtospike bench … --json` prints, in a process of its own: memory and compiled code are those of one run. */
async function measured(args: readonly string[], signal: AbortSignal): Promise<Measured> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], 'bench', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new RunError(`femtospike bench ${args.join(' ')} failed: ${errors.trim()}`);
  return JSON.parse(output);
}
