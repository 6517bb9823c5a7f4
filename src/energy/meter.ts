import { type NvidiaOptions, probeNvidia, startNvidia } from './meters/nvidia.js';
import { probeRapl, type RaplOptions, startRapl } from './meters/rapl.js';

/**
 * Joules measured on this host, or why there are none; never a guess, and never mixed with a bill, which is modelled.
 * A meter sees the whole device: other programs and the idle power are in the figure.
 */
export type Measured =
  | {
      joules: number;
      /** How far the figure may be off by the way it was read; null if nothing bounds it. */
      errorJoules: number | null;
      seconds: number;
      source: string;
      resolution: string;
    }
  | { joules: null; reason: string };

/** A meter that `femtospike doctor` can name. */
export interface MeterStatus {
  name: string;
  available: boolean;
  reason: string;
}

/** What the meters of this host saw between start and stop. CPU and GPU are different devices: not added. */
export interface HostEnergy {
  cpu: Measured;
  gpu: Measured;
}

export interface MeterOptions {
  rapl?: RaplOptions;
  nvidia?: NvidiaOptions;
}

/** Stops a meter and tells what it saw. */
export type Stop = () => Promise<Measured>;

/**
 * Starts every meter there is: RAPL for the processor, nvidia-smi for NVIDIA GPUs. Never rejects for the lack of a
 * meter; keeps no process alive, so that forgetting to stop it does not hang the program.
 * @returns a function that stops them and gives the joules since the start; the second call gives the same answer
 */
export async function startMeter(options: MeterOptions = {}): Promise<() => Promise<HostEnergy>> {
  const stopCpu = startRapl(options.rapl);
  const stopGpu = await startNvidia(options.nvidia);
  let result: Promise<HostEnergy> | undefined;
  return () => {
    result ??= Promise.all([stopCpu(), stopGpu()]).then(([cpu, gpu]) => ({ cpu, gpu }));
    return result;
  };
}

/** Every meter that femtospike knows of, and whether it works here. */
export async function probeMeters(options: MeterOptions = {}): Promise<MeterStatus[]> {
  return [probeRapl(options.rapl), await probeNvidia(options.nvidia), ...UNSUPPORTED];
}

const UNSUPPORTED: MeterStatus[] = [
  'Apple silicon (powermetrics)',
  'AMD GPU (rocm-smi)',
  'Windows (EMI)',
].map((name) => ({ name, available: false, reason: 'not available: femtospike does not read it' }));
