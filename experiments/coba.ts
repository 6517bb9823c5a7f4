import { mean } from 'simple-statistics';
import { coba as describe } from '../models/networks/vogels-abbott.js';
import { atLeast, atMost, defineExperiment, near, z } from '../src/index.js';
import {
  activityTable,
  distributionFigures,
  rasterFigure,
  voltageFigure,
} from '../src/report/network-figures.js';
import { type Replicate, runReplicates, seedTable } from './networks/replicates.js';
import { NETWORK_CAVEATS, VOGELS_ABBOTT } from './networks/texts.js';
import { isPublished, vogelsAbbottConfig } from './networks/vogels-abbott.js';

const SOURCE = 'NEST 3.10, GeNN 5.4 and Brian2 2.5.1: 16.8 to 22.5 Hz in the networks that stay awake';
/** The share of networks that fall silent, as the established simulators give it: about one in eight. */
const SILENT = 1 / 8;
/** A network whose rate ends below this is counted as silent: those that live fire at 17 Hz and more. */
const SILENT_BELOW_HZ = 5;

export default defineExperiment({
  id: 'coba',
  title: 'What if a synapse opens a gate instead of pushing?',
  question: 'Does a network with synaptic conductances stay awake by itself, and is it always the same?',
  prediction:
    'The same network as in the experiment cuba, but a synapse now opens a conductance, and its effect depends on the ' +
    'potential. Will it fire more or less regularly? Of eight such networks, how many fall silent?',
  config: z.strictObject({
    ...vogelsAbbottConfig,
    networks: z.int().min(1).max(1000).default(10).describe('networks drawn for each seed'),
  }),
  presets: { quick: { networks: 6 }, full: { networks: 40 } },

  run: (config, context) => {
    const seeds = context.seeds.flatMap((seed) =>
      Array.from({ length: config.networks }, (_, i) => 1000 * seed + i),
    );
    return runReplicates((seed) => describe({ ...config, seed }), config, { ...context, seeds }, ['E', 'I']);
  },

  tables: ({ metrics }) => [
    activityTable(metrics.activity),
    seedTable(awake(metrics.replicates)),
    {
      name: 'networks',
      title: 'Every network',
      columns: [
        { key: 'seed', label: 'seed', digits: 8 },
        { key: 'rateHz', label: 'rate', unit: 'Hz' },
        { key: 'cvIsi', label: 'CV of intervals of E' },
      ],
      rows: metrics.replicates.map(({ seed, rateHz, populations }) => ({
        seed,
        rateHz,
        cvIsi: populations[0].cvIsi,
      })),
    },
  ],

  figures: ({ metrics }) => [
    rasterFigure(
      metrics.activity,
      'Spikes of 200 neurons of one network, without any input: bursts and pauses.',
    ),
    voltageFigure(
      metrics.voltages,
      'Open conductances pull the potential about, and shorten the time in which it forgets. Spikes are drawn as strokes.',
    ),
    ...distributionFigures(metrics.activity),
  ],

  claims({ metrics, config }) {
    if (!isPublished(config)) return [];
    const living = awake(metrics.replicates);
    const rates = living.map(({ rateHz }) => rateHz);
    const cvs = living.map(({ populations }) => populations[0].cvIsi ?? 0);
    const all = metrics.replicates.length;
    const silent = all - living.length;
    if (living.length === 0) return [atLeast('Networks that stay awake', 0, 1, VOGELS_ABBOTT)];
    return [
      atLeast('Lowest rate of a network that stays awake', Math.min(...rates), 16.8 - 1.5, SOURCE, 'Hz'),
      atMost('Highest rate of a network that stays awake', Math.max(...rates), 22.5 + 1.5, SOURCE, 'Hz'),
      near(
        'Mean rate of the networks that stay awake',
        mean(rates),
        18.8,
        (4 * 1.6) / Math.sqrt(living.length),
        `${SOURCE}, mean 18.8; tolerance 4 standard errors of a spread of 1.6`,
        'Hz',
      ),
      ...(config.ms === 2000
        ? [near('CV of intervals of E', mean(cvs), 1.63, 4 * 0.04, 'the same; tolerance 4 sd of one network')]
        : []),
      atMost(
        'Networks that fall silent',
        silent,
        SILENT * all + 3 * Math.sqrt(SILENT * (1 - SILENT) * all),
        'the same: about one in eight; 3 binomial standard deviations above',
      ),
    ];
  },

  finding({ metrics }) {
    const living = awake(metrics.replicates);
    const silent = metrics.replicates.length - living.length;
    if (living.length === 0) return 'All networks fell silent.';
    const rate = mean(living.map(({ rateHz }) => rateHz));
    const cv = mean(living.map(({ populations }) => populations[0].cvIsi ?? 0));
    return (
      `${living.length} of ${metrics.replicates.length} networks keep themselves awake, at ${rate.toPrecision(3)} Hz on average ` +
      `and more irregularly than a Poisson process (CV ${cv.toPrecision(3)}); ${silent === 0 ? 'none' : silent} fell silent.`
    );
  },

  caveats: ({ config }) => [
    'Exponential Euler holds the conductances during a step of 0.1 ms. Simulators with adaptive steps give rates ' +
      'within the spread between networks.',
    'How long such activity lives is a matter of chance: a network that is awake at the end may fall silent later.',
    ...(isPublished(config)
      ? []
      : ['Reference rates exist for 4,000 neurons with 80 synapses each: none is claimed for this size.']),
    ...NETWORK_CAVEATS,
  ],
});

function awake(replicates: readonly Replicate[]): Replicate[] {
  return replicates.filter(({ endRateHz }) => endRateHz >= SILENT_BELOW_HZ);
}
