import { mean, sampleStandardDeviation } from 'simple-statistics';
import { type NetworkActivity, networkActivity } from '../../src/analysis/network-activity.js';
import { type VoltageTrace, voltageTraces } from '../../src/analysis/voltage.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { engineOf } from '../../src/engine/choose.js';
import { observe } from '../../src/engine/observe.js';
import type { RunContext, Table } from '../../src/experiment/define.js';
import type { Network } from '../../src/network/network.js';

/** A network that was run once for each seed: figures show the first that is awake at the end, claims use all. */
export interface NetworkMetrics {
  activity: NetworkActivity;
  voltages: VoltageTrace[];
  replicates: Replicate[];
}

export interface Replicate {
  seed: number;
  synapses: number;
  spikes: number;
  /** Mean over all neurons; and that of the last tenth of the time. */
  rateHz: number;
  endRateHz: number;
  populations: { name: string; rateHz: number; cvIsi: number | null; synchrony: number | null }[];
}

export interface Stretch {
  warmupMs: number;
  ms: number;
}

const TRACE = { warmupMs: 100, ms: 200 };

/** Runs a network for every seed, and a short piece of the one shown once more to record membrane potentials. */
export async function runReplicates(
  describe: (seed: number) => Network,
  { warmupMs, ms }: Stretch,
  { seeds, threads, signal, progress, record: note, ...wanted }: RunContext,
  traced: readonly string[],
): Promise<{ metrics: NetworkMetrics; ledgers: Ledger[] }> {
  const engine = await engineOf(wanted.engine, wanted.backend);
  note('engine', engine.name);
  const ledgers: Ledger[] = [];
  const replicates: Replicate[] = [];
  let activity: NetworkActivity | undefined;
  let shown = seeds[0];
  const total = seeds.length * (warmupMs + ms) + TRACE.warmupMs + TRACE.ms;
  for (const [i, seed] of seeds.entries()) {
    const network = describe(seed);
    const observation = await observe(engine, network, {
      warmupMs,
      ms,
      threads,
      signal,
      progress: (done) => progress(i * (warmupMs + ms) + done, total, `${network.name}, seed ${seed}`),
      name: `${network.name}, seed ${seed}`,
      labels: { seed },
      onBackend: (backend) => note('backend', backend),
    });
    const of = networkActivity(observation, { seed });
    ledgers.push(observation.ledger);
    const { steps } = observation.spikes;
    const spikes = steps.length;
    const lastStep = observation.firstStep + (0.9 * ms) / network.dtMs;
    const late = steps.reduce((n, step) => n + Number(step >= lastStep), 0);
    if (activity === undefined || (late > 0 && replicates.every(({ endRateHz }) => endRateHz === 0))) {
      activity = of;
      shown = seed;
    }
    replicates.push({
      seed,
      synapses: of.synapses,
      spikes,
      rateHz: (1000 * spikes) / ms / of.neurons,
      endRateHz: (1000 * late) / (0.1 * ms) / of.neurons,
      populations: of.populations.map(({ name, rateHz, cvIsi, synchrony }) => ({
        name,
        rateHz,
        cvIsi,
        synchrony,
      })),
    });
  }
  const network = describe(shown);
  const record = network.populations
    .filter(({ name }) => traced.includes(name))
    .map((population) => ({ population, state: 'V', neurons: [0] }));
  const recorded = await observe(engine, network, { ...TRACE, threads, signal, record });
  return { metrics: { activity: activity!, voltages: voltageTraces(recorded), replicates }, ledgers };
}

/** Mean and standard deviation over the seeds; null where there is one seed, or a seed without a value. */
function spread(values: readonly (number | null)[]): { mean: number | null; sd: number | null } {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return { mean: null, sd: null };
  return { mean: mean(known), sd: known.length > 1 ? sampleStandardDeviation(known) : null };
}

/** Rates and irregularity over the seeds: what tolerances are taken from. */
export function seedTable(replicates: readonly Replicate[]): Table {
  const names = replicates[0]?.populations.map(({ name }) => name) ?? [];
  return {
    name: 'seeds',
    title: `Mean and standard deviation over ${replicates.length} seed${replicates.length > 1 ? 's' : ''}`,
    columns: [
      { key: 'population', label: 'population' },
      { key: 'rateHz', label: 'rate', unit: 'Hz' },
      { key: 'rateSdHz', label: 'sd', unit: 'Hz', digits: 2 },
      { key: 'cvIsi', label: 'CV of intervals' },
      { key: 'cvSd', label: 'sd', digits: 2 },
    ],
    rows: names.map((population, p) => {
      const rate = spread(replicates.map(({ populations }) => populations[p].rateHz));
      const cv = spread(replicates.map(({ populations }) => populations[p].cvIsi));
      return { population, rateHz: rate.mean, rateSdHz: rate.sd, cvIsi: cv.mean, cvSd: cv.sd };
    }),
  };
}
