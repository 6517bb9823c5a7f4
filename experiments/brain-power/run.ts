import { cuba } from '../../models/networks/vogels-abbott.js';
import {
  allInPriceFj,
  brainPowerW,
  eventsPerSecond,
  exactly,
  type Range,
} from '../../src/energy/brain-power.js';
import { ledgerCounts } from '../../src/energy/counts.js';
import { loadTariff, priceOf } from '../../src/energy/tariff.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { observe } from '../../src/engine/observe.js';
import { type RunContext, z } from '../../src/index.js';
import { animals } from './animals.js';
import { contradictions } from './quoted.js';

/** A number with the ends of its range, as [value, low, high]. */
const range = (value: number, low: number, high: number) =>
  z
    .array(z.number().positive())
    .length(3)
    .refine(
      ([middle, least, most]) => least <= middle && middle <= most,
      'write value, low, high with low ≤ value ≤ high',
    )
    .default([value, low, high]);

/** The three accounts: the price of an event, and whether it is for a vesicle or for a spike that arrives. */
export const ACCOUNTS = [
  { basis: 'marginal ATP', tariff: 'biology-vesicle', perVesicle: true },
  { basis: 'signalling', tariff: 'biology-signalling', perVesicle: false },
  { basis: 'all-in', tariff: 'biology-all-in', perVesicle: false },
] as const;

export const config = z.strictObject({
  clade: z.string().default('primate').describe('clade of a brain of your own choice'),
  massG: z.number().positive().default(1500).describe('its mass (g)'),
  synapsesPerNeuron: range(7000, 2300, 29800).describe('synapses onto a neuron: value, low, high'),
  rateHz: range(0.16, 0.1, 4).describe('mean firing rate (Hz): value, low, high'),
  releaseProbability: range(0.25, 0.1, 0.5).describe(
    'probability that a spike releases a vesicle: value, low, high',
  ),
  ms: z.number().min(100).default(2000).describe('biological time of the simulated network (ms)'),
});
export type Config = z.output<typeof config>;

export async function account(config: Config, context: RunContext) {
  const network = await simulate(config, context);
  const rows = animals(config.clade, config.massG).flatMap(({ name, neurons, measuredW }) =>
    ACCOUNTS.map(({ basis, tariff, perVesicle }): PowerRow => {
      const activity = {
        neurons,
        synapsesPerNeuron: toRange(config.synapsesPerNeuron),
        rateHz: toRange(config.rateHz),
        releaseProbability: perVesicle ? toRange(config.releaseProbability) : exactly(1),
      };
      // The all-in price has rate and synapses inside: its range is theirs, and they are not varied once more.
      const fixed = {
        ...activity,
        synapsesPerNeuron: exactly(activity.synapsesPerNeuron.value),
        rateHz: exactly(activity.rateHz.value),
      };
      const watts = brainPowerW(basis === 'all-in' ? fixed : activity, priceFj(tariff));
      return {
        animal: name,
        neurons: neurons.value,
        measuredW,
        basis,
        watts: watts.value,
        lowW: watts.low,
        highW: watts.high,
      };
    }),
  );
  const human = {
    neurons: exactly(86e9),
    synapsesPerNeuron: exactly(7000),
    rateHz: exactly(0.16),
    releaseProbability: exactly(1),
  };
  return {
    metrics: {
      simulated: network.metrics,
      rows,
      human: {
        eventsPerS: eventsPerSecond(human).value,
        watts: brainPowerW(human, exactly(208)).value,
        allInFj: allInPriceFj(human, exactly(20)).value,
      },
      // What the simulated events amount to in a brain: as many neurons, synapses, and its own rate.
      extrapolated: extrapolate(network.metrics, config),
      contradictions: contradictions(),
    },
    ledgers: [network.ledger],
  };
}

export type Outcome = Awaited<ReturnType<typeof account>>;

const toRange = ([value, low, high]: readonly number[]): Range => ({ value, low, high });

/** Price of a transmission under a tariff, with its range. */
function priceFj(name: string): Range {
  const priced = priceOf(loadTariff(name), 'transmission');
  if (priced.status !== 'priced') throw new Error(`${name} does not price a transmission`);
  const { valueFj, lowFj, highFj } = priced.price;
  return { value: valueFj, low: lowFj ?? valueFj, high: highFj ?? valueFj };
}

export interface PowerRow {
  animal: string;
  neurons: number;
  measuredW: number | null;
  basis: string;
  watts: number;
  lowW: number;
  highW: number;
}

/** A balanced network that keeps itself awake: its events are counted by its ledger. */
async function simulate({ ms }: Config, { seed, threads, signal, progress }: RunContext) {
  const warmupMs = 200;
  const { ledger, size, spikes } = await observe(eventEngine, cuba({ seed }), {
    warmupMs,
    ms,
    threads,
    signal,
    progress: (done, total) => progress(done, total, 'balanced network'),
    name: `balanced network (cuba), seed ${seed}`,
    labels: { seed },
  });
  const seconds = ms / 1000;
  return {
    ledger,
    metrics: {
      neurons: size.neurons,
      synapsesPerNeuron: size.synapses / size.neurons,
      rateHz: spikes.steps.length / size.neurons / seconds,
      eventsPerS: Number(ledgerCounts(ledger, 'inference').transmission) / seconds,
    },
  };
}

/** Events of a human brain: those simulated × neurons × synapses × rate, each over that of the network. */
function extrapolate(
  {
    neurons,
    synapsesPerNeuron,
    rateHz,
    eventsPerS,
  }: { neurons: number; synapsesPerNeuron: number; rateHz: number; eventsPerS: number },
  config: Config,
) {
  const larger = (86e9 / neurons) * (config.synapsesPerNeuron[0] / synapsesPerNeuron);
  return {
    eventsPerS: eventsPerS * larger * (config.rateHz[0] / rateHz),
    eventsPerSAtSimulatedRate: eventsPerS * larger,
  };
}
