import { defineExperiment, near } from '../src/index.js';
import { inPowersOfTen } from '../src/report/log-ticks.js';
import { figures } from './energy-gap/figures.js';
import { BF16, compute, config, ROUNDED_FP32 } from './energy-gap/run.js';

const RECOMPUTED = 'computed independently from the same inputs (Python)';

export default defineExperiment({
  id: 'energy-gap',
  title: 'From 3.5 to 500,000: one comparison, four accounts',
  question: 'How many times more energy does a GPU spend than a brain, and what decides the answer?',
  prediction:
    'The same article says that a brain is 3.5, 71, 700 and 500,000 times more efficient than a GPU. Which numbers ' +
    'had to be changed to get from the first to the last?',
  config,
  presets: { quick: {}, full: {} },

  run: compute,

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

  figures,

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
      `${inPowersOfTen(config.claimedEventsPerS)} operations a second, a mean rate of ${metrics.rateOfClaimHz.toFixed(0)} Hz in every ` +
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
