import { type Gpu, readGpus } from '../../src/data/machines.js';
import { z } from '../../src/index.js';
import { inPowersOfTen } from '../../src/report/log-ticks.js';
import {
  type BrainAccount,
  energyRatio,
  eventsPerS,
  joulesPerEvent,
  type MachineAccount,
} from '../../src/scaling/energy-gap.js';

export const config = z.strictObject({
  brainWatts: z.number().positive().default(20).describe('power of the brain (W)'),
  neurons: z.number().positive().default(86e9).describe('neurons of the brain'),
  synapsesPerNeuron: z.number().positive().default(7000).describe('synapses of each neuron'),
  rateHz: z.number().positive().default(0.16).describe('mean firing rate (Hz)'),
  claimedEventsPerS: z
    .number()
    .positive()
    .default(1e18)
    .describe('operations a second that essays give the brain'),
  marginalFj: z
    .array(z.number().positive())
    .min(1)
    .default([1, 10])
    .describe('cost of one more synaptic event (fJ)'),
  facilityWatts: z
    .number()
    .positive()
    .default(1500)
    .describe('power of one GPU with its share of the building (W)'),
});
export type Config = z.output<typeof config>;

export const ROUNDED_FP32 = 'FP32 without tensor cores, rounded to 10¹¹ FLOP/J';
export const BF16 = 'BF16 tensor cores, peak';

export async function compute(config: Config) {
  const h100 = readGpus().find(({ gpu }) => gpu === 'H100 SXM5 80GB')!;
  const brains = brainAccounts(config);
  const machines = machineAccounts(h100, config);
  const events = eventsPerS(config.neurons, config.synapsesPerNeuron, config.rateHz);
  return {
    metrics: {
      brains: brains.map((account) => ({ ...account, fj: account.joulesPerEvent * 1e15 })),
      machines: machines.map((account) => ({ ...account, fj: account.joulesPerOperation * 1e15 })),
      ratios: brains.flatMap((brain) =>
        machines.map((machine) => ({
          brain: brain.name,
          machine: machine.name,
          ratio: energyRatio(brain, machine),
        })),
      ),
      eventsPerS: events,
      wattsOfEvents: events * brains[0].joulesPerEvent,
      wattsOfClaim: config.claimedEventsPerS * 0.2e-12,
      rateOfClaimHz: config.claimedEventsPerS / (config.neurons * config.synapsesPerNeuron),
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

function brainAccounts(config: Config): BrainAccount[] {
  const { brainWatts, neurons, synapsesPerNeuron, rateHz, claimedEventsPerS, marginalFj } = config;
  return [
    {
      name: 'all power over synaptic events',
      joulesPerEvent: joulesPerEvent(brainWatts, eventsPerS(neurons, synapsesPerNeuron, rateHz)),
      because: `${brainWatts} W / (${inPowersOfTen(neurons, 2)} neurons · ${synapsesPerNeuron} synapses · ${rateHz} Hz)`,
    },
    ...[...marginalFj]
      .sort((a, b) => b - a)
      .map((fj) => ({
        name: `${fj} fJ for one more event`,
        joulesPerEvent: fj * 1e-15,
        because: 'marginal ATP of one spike at one synapse, the range that is quoted',
      })),
    {
      name: `${claimedEventsPerS.toExponential(0).replace('e+', 'e')} operations a second`,
      joulesPerEvent: joulesPerEvent(brainWatts, claimedEventsPerS),
      because: `${brainWatts} W over a number from essays`,
    },
  ];
}

function machineAccounts(
  { tdp_w, bf16_tflops, fp32_tflops }: Gpu,
  { facilityWatts }: Config,
): MachineAccount[] {
  const watts = tdp_w!;
  return [
    {
      name: BF16,
      joulesPerOperation: watts / (bf16_tflops * 1e12),
      because: `${watts} W / ${bf16_tflops} TFLOP/s`,
    },
    {
      name: 'BF16 with the building',
      joulesPerOperation: facilityWatts / (bf16_tflops * 1e12),
      because: `${facilityWatts} W / ${bf16_tflops} TFLOP/s`,
    },
    {
      name: 'FP32 without tensor cores',
      joulesPerOperation: watts / (fp32_tflops! * 1e12),
      because: `${watts} W / ${fp32_tflops} TFLOP/s`,
    },
    { name: ROUNDED_FP32, joulesPerOperation: 1e-11, because: 'the last one, rounded' },
  ];
}
