import * as Plot from '@observablehq/plot';
import { cuba } from '../models/networks/vogels-abbott.js';
import {
  allInPriceFj,
  brainPowerW,
  eventsPerSecond,
  exactly,
  type Range,
} from '../src/energy/brain-power.js';
import { ledgerCounts } from '../src/energy/counts.js';
import { loadTariff, priceOf } from '../src/energy/tariff.js';
import { eventEngine } from '../src/engine/event/engine.js';
import { observe } from '../src/engine/observe.js';
import { COLOURS, defineExperiment, near, type RunContext, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { animals } from './brain-power/animals.js';
import { contradictions } from './brain-power/quoted.js';

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

const config = z.strictObject({
  clade: z.string().default('primate').describe('clade of a brain of your own choice'),
  massG: z.number().positive().default(1500).describe('its mass (g)'),
  synapsesPerNeuron: range(7000, 2300, 29800).describe('synapses onto a neuron: value, low, high'),
  rateHz: range(0.16, 0.1, 4).describe('mean firing rate (Hz): value, low, high'),
  releaseProbability: range(0.25, 0.1, 0.5).describe(
    'probability that a spike releases a vesicle: value, low, high',
  ),
  ms: z.number().min(100).default(2000).describe('biological time of the simulated network (ms)'),
});
type Config = z.output<typeof config>;

const toRange = ([value, low, high]: readonly number[]): Range => ({ value, low, high });

/** Price of a transmission under a tariff, with its range. */
function priceFj(name: string): Range {
  const priced = priceOf(loadTariff(name), 'transmission');
  if (priced.status !== 'priced') throw new Error(`${name} does not price a transmission`);
  const { valueFj, lowFj, highFj } = priced.price;
  return { value: valueFj, low: lowFj ?? valueFj, high: highFj ?? valueFj };
}

/** The three accounts: the price of an event, and whether it is for a vesicle or for a spike that arrives. */
const ACCOUNTS = [
  { basis: 'marginal ATP', tariff: 'biology-vesicle', perVesicle: true },
  { basis: 'signalling', tariff: 'biology-signalling', perVesicle: false },
  { basis: 'all-in', tariff: 'biology-all-in', perVesicle: false },
] as const;

interface PowerRow {
  animal: string;
  neurons: number;
  measuredW: number | null;
  basis: string;
  watts: number;
  lowW: number;
  highW: number;
}

export default defineExperiment({
  id: 'brain-power',
  title: 'Does the arithmetic of spikes add up to the power of a brain?',
  question:
    'Neurons times synapses times rate times joules: is that the power that brains are measured to use?',
  prediction:
    'One synaptic event costs some femtojoules. Take 86 billion neurons with 7,000 synapses each. How many watts is that, ' +
    'if they fire once in six seconds? A human brain uses 20.',
  config,
  presets: { quick: { ms: 500 }, full: { ms: 10_000 } },

  async run(config, context) {
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
  },

  tables: ({ metrics }) => [
    {
      name: 'power',
      title: 'Power of whole brains on three bases',
      columns: [
        { key: 'animal', label: 'brain' },
        { key: 'neurons', label: 'neurons', digits: 3 },
        { key: 'measuredW', label: 'measured', unit: 'W', digits: 3 },
        { key: 'basis', label: 'basis' },
        { key: 'watts', label: 'computed', unit: 'W', digits: 3 },
        { key: 'lowW', label: 'low', unit: 'W', digits: 2 },
        { key: 'highW', label: 'high', unit: 'W', digits: 2 },
      ],
      rows: metrics.rows.map((row) => ({ ...row })),
      filters: [{ key: 'basis', label: 'basis' }],
    },
    {
      name: 'simulated',
      title: 'From the simulated network to a brain',
      columns: [
        { key: 'what', label: 'what' },
        { key: 'value', label: 'value', digits: 4 },
        { key: 'unit', label: 'unit' },
      ],
      rows: [
        { what: 'neurons simulated', value: metrics.simulated.neurons, unit: '' },
        { what: 'synapses onto each', value: metrics.simulated.synapsesPerNeuron, unit: '' },
        { what: 'rate', value: metrics.simulated.rateHz, unit: 'Hz' },
        { what: 'synaptic events counted', value: metrics.simulated.eventsPerS, unit: '1/s' },
        {
          what: 'events of a human brain at the chosen rate',
          value: metrics.extrapolated.eventsPerS,
          unit: '1/s',
        },
        {
          what: 'events of a human brain at the rate of the simulated network',
          value: metrics.extrapolated.eventsPerSAtSimulatedRate,
          unit: '1/s',
        },
      ],
    },
    {
      name: 'quoted',
      title: 'Often-quoted figures that contradict each other',
      columns: [
        { key: 'quoted', label: 'quoted' },
        { key: 'against', label: 'against' },
        { key: 'implied', label: 'would mean', digits: 3 },
        { key: 'stated', label: 'is', digits: 3 },
        { key: 'unit', label: 'unit' },
        { key: 'why', label: 'why' },
      ],
      rows: metrics.contradictions.map((row) => ({ ...row })),
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'power',
      title: 'Power of whole brains, computed and measured',
      caption:
        'Black strokes: measured. Dots: computed from neurons, synapses, rate and the price of an event on three bases; ' +
        'lines: all inputs at the ends of their ranges together. The all-in price was made from the human brain, so it ' +
        'must fit there; the others show how little of the power the synaptic events account for.',
      plot: {
        height: 620,
        marginLeft: 130,
        x: { type: 'log', label: 'power (W)', tickFormat: powerOfTen },
        y: { label: null, domain: ACCOUNTS.map(({ basis }) => basis), axis: null },
        fy: {
          label: null,
          axis: 'left',
          domain: [...new Set(metrics.rows.map(({ animal }) => animal))],
          padding: 0.25,
        },
        color: {
          legend: true,
          type: 'categorical',
          label: 'basis',
          domain: ACCOUNTS.map(({ basis }) => basis),
        },
        marks: [
          Plot.ruleY(metrics.rows, {
            y: 'basis',
            fy: 'animal',
            x1: 'lowW',
            x2: 'highW',
            stroke: 'basis',
            strokeWidth: 2,
          }),
          Plot.dot(metrics.rows, { y: 'basis', fy: 'animal', x: 'watts', fill: 'basis', r: 4.5 }),
          Plot.ruleX(
            metrics.rows.filter(({ measuredW, basis }) => measuredW !== null && basis === 'signalling'),
            { x: 'measuredW', fy: 'animal', stroke: COLOURS.black, strokeWidth: 3 },
          ),
        ],
      },
      rows: metrics.rows.map((row) => ({ ...row })),
    },
  ],

  claims: ({ metrics }) => [
    near(
      'Human: 86e9 neurons × 7,000 synapses × 0.16 Hz × 0.208 pJ',
      metrics.human.watts,
      20,
      0.1,
      'Lennie 2003, doi:10.1016/S0960-9822(03)00135-0, for the rate; the product is 20.04',
      'W',
    ),
    near(
      'All-in price of a human synaptic event at 20 W',
      metrics.human.allInFj,
      208,
      1,
      '20 W over 9.6e13 events a second',
      'fJ',
    ),
    near('Events of a human brain', metrics.human.eventsPerS, 9.632e13, 1e10, 'the same product', '1/s'),
    near(
      'Simulated network: events over neurons × synapses × rate',
      metrics.simulated.eventsPerS /
        (metrics.simulated.neurons * metrics.simulated.synapsesPerNeuron * metrics.simulated.rateHz),
      1,
      0.02,
      'Each spike is one event at each synapse of its neuron; neurons that fire more may have a few synapses more or fewer',
    ),
    near(
      'Mean rate that 10¹⁸ events a second need',
      metrics.contradictions[0].implied,
      1661,
      1,
      '10¹⁸ over 6.02e14 synapses',
      'Hz',
    ),
  ],

  finding({ metrics }) {
    const human = (basis: string) =>
      metrics.rows.find((row) => row.animal === 'human' && row.basis === basis)!;
    const others = metrics.rows.filter(({ basis, measuredW }) => basis === 'all-in' && measuredW !== null);
    const ratios = others.map(({ watts, measuredW }) => watts / measuredW!);
    return (
      `The synaptic events of a human brain cost ${human('marginal ATP').watts.toPrecision(2)} W at the marginal price, ` +
      `${human('signalling').watts.toPrecision(2)} W with all signalling, and ${human('all-in').watts.toPrecision(3)} W all-in, where ` +
      `${human('all-in').measuredW!.toPrecision(3)} W were measured. The all-in price of the human brain gives other brains ` +
      `${Math.min(...ratios).toPrecision(2)} to ${Math.max(...ratios).toPrecision(2)} times their measured power.`
    );
  },

  caveats: () => [
    'Watts on different bases are different things and are never added: marginal ATP is what one more event costs, ' +
      'signalling adds action potentials and resting potentials at 4 Hz, all-in divides all power by all events.',
    'The all-in price was computed from the human brain: that it gives 20 W there is arithmetic, not evidence. Its ' +
      'range is that of its own inputs (B139-B142 of brain_energy.csv).',
    '7,000 synapses is a mean of human neocortex; most neurons of a brain are cerebellar granule cells with about four ' +
      'inputs. So the computed events are an upper bound. No number of synapses of a bird was found.',
    'The rate of 0.16 Hz is what the energy supply of human cortex affords, not a measurement; in rodents budgets assume ' +
      '4 Hz. Release probability is a recalled value.',
    'The ends of the ranges are products of ends, as if all inputs were low, or high, together.',
    'The simulated network fires faster (about 5 Hz) than brains on average do: its events are scaled to the chosen rate.',
  ],
});

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
