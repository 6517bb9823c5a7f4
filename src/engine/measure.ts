import { z } from 'zod';
import type { BenchContext } from '../cli/define-bench.js';
import type { BackendChoice, EngineName } from '../experiment/define.js';
import type { Network } from '../network/network.js';
import { engineChoice, engineOf } from './choose.js';
import { firingStatistics, spikeHash } from './statistics.js';

/** Options that all benches of networks have. */
export const benchOptions = {
  ...engineChoice,
  threads: z.int().min(1).max(256).default(1).describe('worker threads; the spikes do not depend on it'),
  ms: z.number().positive().default(1000).describe('biological time that is measured, in ms'),
  warmupMs: z.number().min(0).default(200).describe('biological time before that, in ms'),
  seed: z.int().min(0).default(1).describe('seed of connections, initial values and input'),
};

/** What a bench prints with --json. */
export interface BenchResult extends Record<string, unknown> {
  network: string;
  engine: string;
  /** What computed, and why that; null for the event engine, which has no choice. */
  backend: string | null;
  neurons: number;
  synapses: number;
  buildS: number;
  /** Time of the processor, over all threads: what a busy machine does not stretch. So also cpuS below. */
  buildCpuS: number;
  warmupMs: number;
  simulatedMs: number;
  wallS: number;
  cpuS: number;
  /** Wall seconds for a second of biology. */
  realTimeFactor: number;
  events: number;
  eventsPerS: number;
  nsPerNeuronStep: number;
  peakRssMb: number;
  bytesPerSynapse: number;
  threads: number;
  seed: number;
  spikes: number;
  rateHz: Record<string, number>;
  cvIsi: Record<string, number | null>;
  spikeHash: string;
}

export interface MeasureOptions {
  threads: number;
  ms: number;
  warmupMs: number;
  sleep?: boolean;
  engine?: EngineName;
  backend?: BackendChoice;
}

/** Builds a network, warms it up, runs it and says how long that took and what the neurons did. */
export async function measure(
  describe: () => Network,
  { threads, ms, warmupMs, sleep = false, engine = 'event', backend = 'auto' }: MeasureOptions,
  { signal, progress }: BenchContext,
): Promise<BenchResult> {
  const cpuBegun = process.cpuUsage();
  const begun = performance.now();
  const network = describe();
  const { name, build } = await engineOf(engine, backend);
  const simulation = await build(network, {
    threads,
    sleep,
    signal,
    progress: (done, total) => progress(done, total, `simulating ${network.name}`),
  });
  try {
    const built = performance.now();
    const buildCpuS = cpuSeconds(cpuBegun);
    await simulation.run(warmupMs);
    await simulation.forgetSpikes();
    const cpu = process.cpuUsage();
    const start = performance.now();
    await simulation.run(ms);
    const wallS = (performance.now() - start) / 1000;
    const cpuS = cpuSeconds(cpu);
    const spikes = await simulation.spikes();
    const statistics = [...firingStatistics(spikes, ms)];
    const { neurons, synapses, tableBytes } = simulation.size;
    const { outDegrees } = simulation;
    const events = spikes.neurons.reduce((sum, neuron) => sum + outDegrees[neuron], 0);
    const round = (value: number, digits: number) => Number(value.toPrecision(digits));
    return {
      network: network.name,
      engine: name,
      backend: simulation.backend?.why ?? null,
      neurons,
      synapses,
      buildS: round((built - begun) / 1000, 4),
      buildCpuS: round(buildCpuS, 4),
      warmupMs,
      simulatedMs: ms,
      wallS: round(wallS, 4),
      cpuS: round(cpuS, 4),
      realTimeFactor: round(wallS / (ms / 1000), 4),
      events,
      eventsPerS: round(events / wallS, 4),
      nsPerNeuronStep: round((1e9 * wallS) / (neurons * (ms / network.dtMs)), 4),
      peakRssMb: round(process.resourceUsage().maxRSS / 1024, 4),
      bytesPerSynapse: round(tableBytes / synapses, 4),
      threads,
      seed: network.seed,
      spikes: spikes.steps.length,
      rateHz: Object.fromEntries(statistics.map(([{ name }, { rateHz }]) => [name, round(rateHz, 5)])),
      cvIsi: Object.fromEntries(
        statistics.map(([{ name }, { cvIsi }]) => [name, cvIsi === null ? null : round(cvIsi, 4)]),
      ),
      spikeHash: spikeHash(spikes),
    };
  } finally {
    await simulation.close();
  }
}

/** Seconds of processor time since `start`. */
function cpuSeconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
