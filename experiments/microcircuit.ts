import {
  microcircuit as describe,
  MICROCIRCUIT_POPULATIONS,
  microcircuitSynapses,
} from '../models/networks/microcircuit.js';
import { type Claim, defineExperiment, near, z } from '../src/index.js';
import {
  activityTable,
  distributionFigures,
  rasterFigure,
  voltageFigure,
} from '../src/report/network-figures.js';
import { REFERENCES, referenceClaims } from './networks/reference.js';
import { type Replicate, runReplicates, seedTable } from './networks/replicates.js';
import { NETWORK_CAVEATS } from './networks/texts.js';

const config = z.strictObject({
  scale: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe('multiplies neurons and synapses per neuron; weights and a direct current make up for it'),
  background: z
    .enum(['poisson', 'dc'])
    .default('poisson')
    .describe('input from outside: spikes, or their mean current'),
  warmupMs: z.number().min(0).default(500).describe('biological time before the measurement (ms)'),
  ms: z.number().min(50).default(2000).describe('biological time measured (ms)'),
});
type Config = z.output<typeof config>;

const PAPER = 'Potjans and Diesmann 2014, doi:10.1093/cercor/bhs358';
/**
 * Rates of the full network over 1 s: the range of one run each of NEST 3.10 and GeNN 5.4. The tolerance is a tenth
 * of the rate, and at least 0.1 Hz: two runs say little about the spread between runs.
 */
const FULL_HZ: Record<string, readonly [number, number]> = {
  L23E: [0.87, 0.89],
  L23I: [2.94, 2.98],
  L4E: [4.39, 4.41],
  L4I: [5.86, 5.88],
  L5E: [7.62, 7.75],
  L5I: [8.61, 8.65],
  L6E: [1.11, 1.12],
  L6I: [7.83, 7.83],
};

export default defineExperiment({
  id: 'microcircuit',
  title: 'Why do the layers of cortex fire at different rates?',
  question:
    'Does the measured wiring of one square millimetre of cortex say how fast each of its layers fires?',
  prediction:
    'All neurons are alike; only who connects to whom differs, and how much comes from outside. Which layer fires most? ' +
    'Do excitatory or inhibitory neurons fire faster?',
  config,
  presets: { quick: {}, full: { scale: 1, ms: 1000 } },

  async run(config, context) {
    const { metrics, ledgers } = await runReplicates(
      (seed) => describe({ ...config, seed }),
      config,
      context,
      ['L4E', 'L5I'],
    );
    return { metrics: { ...metrics, publishedSynapses: microcircuitSynapses(config.scale) }, ledgers };
  },

  tables: ({ metrics }) => [activityTable(metrics.activity), seedTable(metrics.replicates)],

  figures: ({ metrics, config }) => [
    rasterFigure(
      metrics.activity,
      `Spikes of some neurons of each population, from the top of cortex to its bottom, at scale ${config.scale} with ` +
        `${config.background === 'dc' ? 'a direct current' : 'Poisson spikes'} from outside. E excites, I inhibits.`,
    ),
    voltageFigure(
      metrics.voltages,
      'One excitatory neuron of layer 4 and one inhibitory of layer 5; spikes are drawn as strokes.',
    ),
    ...distributionFigures(metrics.activity),
  ],

  claims: ({ metrics, config }) => [
    near(
      'Synapses',
      metrics.activity.synapses,
      metrics.publishedSynapses,
      0,
      `${PAPER}: ln(1 - p)/ln(1 - 1/(N_pre N_post)) for each pair of populations, times scale²`,
    ),
    ...rateClaims(config, metrics.replicates),
  ],

  finding({ metrics, config }) {
    const { populations } = metrics.activity;
    const words = populations.map(({ name, rateHz }) => `${name} ${rateHz.toPrecision(2)}`).join(', ');
    const inhibitoryFaster = MICROCIRCUIT_POPULATIONS.filter((_, p) => p % 2 === 0).filter(
      (_, layer) => populations[2 * layer + 1].rateHz > populations[2 * layer].rateHz,
    ).length;
    return (
      `At scale ${config.scale} the rates are ${words} Hz. In ${inhibitoryFaster} of 4 layers the inhibitory neurons fire ` +
      'faster than the excitatory ones, though all neurons have the same equations.'
    );
  },

  caveats: ({ config }) => [
    ...(config.scale < 1
      ? [
          'A network cut down to a part of its neurons and synapses keeps rates roughly (by larger weights and a direct ' +
            'current), not correlations; at a tenth, rates of layer 2/3 are half of those of the full network.',
        ]
      : ['At full scale the reference is one run each of two simulators: its spread is not known.']),
    ...(config.background === 'dc'
      ? ['Reference rates exist for Poisson input: none is claimed for a direct current.']
      : []),
    'Neurons of all populations are the same integrate-and-fire points; real ones differ.',
    ...NETWORK_CAVEATS,
  ],
});

function rateClaims({ scale, background, ms, warmupMs }: Config, replicates: readonly Replicate[]): Claim[] {
  if (background !== 'poisson' || warmupMs < 500) return [];
  if (scale === 0.1) return referenceClaims(REFERENCES.microcircuit, replicates, { warmupMs, ms });
  if (scale !== 1) return [];
  const [{ populations }] = replicates;
  return populations.map(({ name, rateHz }) => {
    const [low, high] = FULL_HZ[name];
    const expected = (low + high) / 2;
    const source = 'NEST 3.10 and GeNN 5.4, one run each; a tenth of the rate, at least 0.1 Hz';
    return near(`Rate of ${name}`, rateHz, expected, Math.max(0.1, 0.1 * expected), source, 'Hz');
  });
}
