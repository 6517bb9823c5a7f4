import { cuba as describe } from '../models/networks/vogels-abbott.js';
import { atLeast, defineExperiment, z } from '../src/index.js';
import {
  activityTable,
  distributionFigures,
  rasterFigure,
  voltageFigure,
} from '../src/report/network-figures.js';
import { REFERENCES, referenceClaims } from './networks/reference.js';
import { runReplicates, seedTable } from './networks/replicates.js';
import { NETWORK_CAVEATS, VOGELS_ABBOTT } from './networks/texts.js';
import { isPublished, vogelsAbbottConfig } from './networks/vogels-abbott.js';

export default defineExperiment({
  id: 'cuba',
  title: 'Can a network keep itself awake?',
  question: 'Does a network without any input go on firing once it has been started, and how regularly?',
  prediction:
    'Four thousand neurons, connected at random, start with random potentials and then get nothing from outside. Will ' +
    'they fall silent, run wild or go on? Guess the rate.',
  config: z.strictObject({ ...vogelsAbbottConfig }),
  presets: { quick: {}, full: { neurons: 40_000, indegree: 1000, connectivity: 'fixed' } },

  run: (config, context) =>
    runReplicates((seed) => describe({ ...config, seed }), config, context, ['E', 'I']),

  tables: ({ metrics }) => [activityTable(metrics.activity), seedTable(metrics.replicates)],

  figures: ({ metrics }) => [
    rasterFigure(
      metrics.activity,
      'Spikes of 200 neurons. Nothing comes from outside: they keep each other going.',
    ),
    voltageFigure(
      metrics.voltages,
      'The resting potential lies 1 mV above the threshold (dashed): inhibition holds the neurons down. Spikes are ' +
        'drawn as strokes.',
    ),
    ...distributionFigures(metrics.activity),
  ],

  claims: ({ metrics, config }) => [
    ...(isPublished(config) ? referenceClaims(REFERENCES.cuba, metrics.replicates, config) : []),
    atLeast(
      'The activity keeps itself going: lowest rate at the end, of all seeds',
      Math.min(...metrics.replicates.map(({ endRateHz }) => endRateHz)),
      1,
      VOGELS_ABBOTT,
      'Hz',
    ),
  ],

  finding({ metrics }) {
    const [e, i] = metrics.activity.populations;
    return (
      `Without input the network goes on at ${e.rateHz.toPrecision(3)} Hz (excitatory) and ${i.rateHz.toPrecision(3)} Hz ` +
      `(inhibitory neurons); the intervals between spikes vary by ${(100 * (e.cvIsi ?? 0)).toFixed(0)} % of their mean.`
    );
  },

  caveats: ({ config }) => [
    'The neurons rest above their threshold: without inhibition each would fire like a clock. That is the drive.',
    ...(isPublished(config)
      ? []
      : ['Reference rates exist for 4,000 neurons with 80 synapses each: none is claimed for this size.']),
    ...NETWORK_CAVEATS,
  ],
});
