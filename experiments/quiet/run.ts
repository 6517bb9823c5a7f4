import { quiet as describe } from '../../models/networks/quiet.js';
import { ledgerCounts } from '../../src/energy/counts.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { type RunContext, z } from '../../src/index.js';

export const config = z.strictObject({
  neurons: z.int().min(1000).default(1_000_000).describe('neurons'),
  indegree: z.int().min(1).default(100).describe('synapses onto each'),
  active: z
    .array(z.number().positive().max(1))
    .min(2)
    .default([1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2])
    .describe('shares of the neurons that fire, at about 10 Hz'),
  pieces: z
    .int()
    .min(1)
    .default(4)
    .describe('pieces of 200 ms measured, and more where they are short; the fastest counts'),
});
export type Config = z.output<typeof config>;

/** Share at which the two ways of simulating are compared. */
export const COMPARED = 1e-3;

export const PIECE_MS = 200;
const WARMUP_MS = 200;

/** Short pieces are disturbed by whatever else the process does: they are repeated for so much processor time. */
const ENOUGH_MS = 200;

const MOST_PIECES = 40;

export async function compute(config: Config, context: RunContext) {
  const shares = [...new Set([...config.active, COMPARED])].sort((a, b) => a - b);
  const jobs = [...shares.map((active) => ({ active, sleep: true })), { active: COMPARED, sleep: false }];
  const points: Point[] = [];
  const ledgers = [];
  const cpuMs: Record<string, number> = {};
  for (const [i, job] of jobs.entries()) {
    context.progress(i, jobs.length, nameOf(job));
    const { point, ledger, fastestMs } = await measure(config, job, context);
    points.push(point);
    ledgers.push(ledger);
    cpuMs[nameOf(job)] = fastestMs;
  }
  context.record('cpuMs', cpuMs);
  return { metrics: { points }, ledgers };
}

export interface Point {
  active: number;
  sleep: boolean;
  events: number;
  neuronUpdates: number;
}

/** Builds a network and times pieces of it. */
async function measure(
  { neurons, indegree, pieces }: Config,
  { active, sleep }: { active: number; sleep: boolean },
  { seed, signal }: Pick<RunContext, 'seed' | 'signal'>,
) {
  const network = describe({ neurons, indegree, active, seed });
  // One thread: the time that others wait for each other is no work.
  const simulation = await eventEngine.build(network, { threads: 1, sleep, signal });
  try {
    await simulation.run(WARMUP_MS);
    const timesMs: number[] = [];
    const name = `quiet, ${nameOf({ active, sleep })}`;
    let ledger: Ledger | null = null;
    for (let piece = 0; piece < pieces || (piece < MOST_PIECES && sumOf(timesMs) < ENOUGH_MS); piece++) {
      await simulation.forgetSpikes();
      const cpu = process.cpuUsage();
      await simulation.run(PIECE_MS);
      const { user, system } = process.cpuUsage(cpu);
      timesMs.push((user + system) / 1000);
      // Counts are those of the first piece: how many there are is a matter of time.
      ledger ??= await simulation.ledger();
    }
    const { transmission, neuronUpdate } = ledgerCounts(ledger!, 'inference');
    const counts = { events: Number(transmission), neuronUpdates: Number(neuronUpdate) };
    return {
      point: { active, sleep, ...counts },
      fastestMs: Math.min(...timesMs),
      ledger: { ...ledger!, network: name, labels: { active, simulatedMs: PIECE_MS } },
    };
  } finally {
    await simulation.close();
  }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** "0.1 % active". */
export function nameOf({ active, sleep }: Pick<Point, 'active' | 'sleep'>): string {
  return `${Number((100 * active).toPrecision(6))} % active${sleep ? '' : ', all updated'}`;
}
