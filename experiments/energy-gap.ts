import * as Plot from '@observablehq/plot';
import { type Gpu, readGpus } from '../src/data/machines.js';
import { defineExperiment, near, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  type BrainAccount,
  energyRatio,
  eventsPerS,
  joulesPerEvent,
  type MachineAccount,
} from '../src/scaling/energy-gap.js';

const config = z.strictObject({
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
type Config = z.output<typeof config>;

const RECOMPUTED = 'computed independently from the same inputs (Python)';
const ROUNDED_FP32 = 'FP32 without tensor cores, rounded to 10¹¹ FLOP/J';
const BF16 = 'BF16 tensor cores, peak';

export default defineExperiment({
  id: 'energy-gap',
  title: 'From 3.5 to 500,000: one comparison, four accounts',
  question: 'How many times more energy does a GPU spend than a brain, and what decides the answer?',
  prediction:
    'The same article says that a brain is 3.5, 71, 700 and 500,000 times more efficient than a GPU. Which numbers ' +
    'had to be changed to get from the first to the last?',
  config,
  presets: { quick: {}, full: {} },

  async run(config) {
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
  },

  tables: ({ metrics }) => [
    {
      name: 'ratios',
      title: 'Energy of a machine operation over energy of a brain event',
      columns: [
        { key: 'brain', label: 'the brain counted as' },
        { key: 'machine', label: 'the machine counted as' },
        { key: 'ratio', label: 'ratio', digits: 3 },
      ],
      rows: metrics.ratios,
    },
    {
      name: 'accounts',
      title: 'What stands behind each account',
      columns: [
        { key: 'name', label: 'account' },
        { key: 'fj', label: 'energy', unit: 'fJ', digits: 4 },
        { key: 'because', label: 'because' },
      ],
      rows: [...metrics.brains, ...metrics.machines].map(({ name, fj, because }) => ({ name, fj, because })),
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'ratios',
      title: 'The ratio, for every pair of accounts',
      caption:
        'Machine energy over brain energy. Moving along a row changes how the machine is counted, from row to row how ' +
        'the brain is. No dot is a measurement of both with one ruler.',
      plot: {
        height: 380,
        marginLeft: 260,
        x: {
          type: 'log',
          label: 'energy of a machine operation / energy of a brain event',
          tickFormat: powerOfTen,
          inset: 14,
        },
        y: { label: null, domain: metrics.brains.map(({ name }) => name) },
        color: { legend: true, type: 'categorical', domain: metrics.machines.map(({ name }) => name) },
        symbol: { legend: true, domain: metrics.machines.map(({ name }) => name) },
        marks: [
          Plot.ruleX([1], { strokeDasharray: '5 4' }),
          Plot.dot(metrics.ratios, {
            x: 'ratio',
            y: 'brain',
            stroke: 'machine',
            symbol: 'machine',
            r: 6,
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.ratios,
    },
    {
      name: 'waterfall',
      title: 'From 3.5 to 500,000 in three steps',
      caption: 'Each bar changes one input of the comparison and keeps the others.',
      plot: {
        height: 320,
        marginLeft: 330,
        x: { type: 'log', label: 'ratio', tickFormat: powerOfTen, domain: [1, 3e6] },
        y: { label: null, domain: waterfall(metrics.ratios).map(({ step }) => step) },
        marks: [
          Plot.barX(waterfall(metrics.ratios), {
            x1: 'from',
            x2: 'to',
            y: 'step',
            fill: '#0072B2',
            insetTop: 6,
            insetBottom: 6,
          }),
          Plot.text(waterfall(metrics.ratios), {
            x: 'to',
            y: 'step',
            text: 'label',
            textAnchor: 'start',
            dx: 6,
          }),
        ],
      },
      rows: waterfall(metrics.ratios),
    },
  ],

  claims({ metrics, config }) {
    const ratio = (brain: string, machine: string) =>
      metrics.ratios.find((row) => row.brain === brain && row.machine === machine)!.ratio;
    const [allIn, ...marginalAndClaim] = metrics.brains.map(({ name }) => name);
    const claim = marginalAndClaim.at(-1)!;
    if (config.marginalFj.join() !== '1,10' || config.claimedEventsPerS !== 1e18 || config.brainWatts !== 20)
      return [];
    return [
      near('All-in synapse against the BF16 peak', ratio(allIn, BF16), 3.5, 0.15, RECOMPUTED),
      near(
        '10 fJ a synapse against the BF16 peak',
        ratio('10 fJ for one more event', BF16),
        71,
        0.5,
        RECOMPUTED,
      ),
      near(
        '1 fJ a synapse against the BF16 peak',
        ratio('1 fJ for one more event', BF16),
        708,
        1,
        RECOMPUTED,
      ),
      near('10¹⁸ operations against the BF16 peak', ratio(claim, BF16), 35_376, 10, RECOMPUTED),
      near('10¹⁸ operations against rounded FP32', ratio(claim, ROUNDED_FP32), 500_000, 1, RECOMPUTED),
      near('Power of all events at the all-in price', metrics.wattsOfEvents, 20, 1e-9, 'closed form', 'W'),
      near('Energy of an all-in event', metrics.brains[0].fj, 208, 1, RECOMPUTED, 'fJ'),
      near('Power of 10¹⁸ events at 0.2 pJ', metrics.wattsOfClaim, 200_000, 1, 'closed form', 'W'),
      near('Mean rate that 10¹⁸ events need', metrics.rateOfClaimHz, 1661, 1, RECOMPUTED, 'Hz'),
    ];
  },

  finding({ metrics, config }) {
    const ratios = metrics.ratios.map(({ ratio }) => ratio);
    return (
      `The ratio runs from ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toLocaleString('en', { maximumFractionDigits: 0 })} ` +
      `with the same brain and the same GPU: counting decides, not efficiency. The largest ones give the brain ` +
      `${config.claimedEventsPerS.toExponential(0)} operations a second, a mean rate of ${metrics.rateOfClaimHz.toFixed(0)} Hz in every ` +
      'neuron; measured means lie between 0.1 and 10 Hz.'
    );
  },

  caveats: () => [
    'A synaptic event is not a FLOP. The units of work differ in every row, so no ratio here is an efficiency.',
    'All-in power, marginal ATP and peak arithmetic are different bases; they are shown side by side, never added.',
    'Peak FLOP/J is a bound that no program reaches; at 40 % use the machine costs 2.5 times as much.',
    '7,000 synapses is a neocortical mean; most neurons are cerebellar granule cells with a handful of inputs.',
  ],
});

function brainAccounts(config: Config): BrainAccount[] {
  const { brainWatts, neurons, synapsesPerNeuron, rateHz, claimedEventsPerS, marginalFj } = config;
  return [
    {
      name: 'all power over synaptic events',
      joulesPerEvent: joulesPerEvent(brainWatts, eventsPerS(neurons, synapsesPerNeuron, rateHz)),
      because: `${brainWatts} W / (${neurons.toExponential(1)} neurons · ${synapsesPerNeuron} synapses · ${rateHz} Hz)`,
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

/** One input at a time: the brain's events, the machine's precision, its rounding. */
function waterfall(ratios: readonly { brain: string; machine: string; ratio: number }[]) {
  const brains = [...new Set(ratios.map(({ brain }) => brain))];
  const at = (brain: string, machine: string) =>
    ratios.find((row) => row.brain === brain && row.machine === machine)!.ratio;
  const [first, last] = [brains[0], brains.at(-1)!];
  const values = [
    1,
    at(first, BF16),
    at(last, BF16),
    at(last, 'FP32 without tensor cores'),
    at(last, ROUNDED_FP32),
  ];
  const steps = [
    'all power over synaptic events, BF16',
    `count the brain as ${last}`,
    'count the machine in FP32',
    'round 9.6·10¹⁰ to 10¹¹ FLOP/J',
  ];
  return steps.map((step, i) => {
    const [from, to] = [values[i], values[i + 1]].sort((a, b) => a - b);
    return { step, from, to, label: values[i + 1].toLocaleString('en', { maximumSignificantDigits: 3 }) };
  });
}
