import { brunel as describe } from '../models/networks/brunel.js';
import { stationaryRateHz } from '../models/networks/brunel-theory.js';
import { defineExperiment, near, z } from '../src/index.js';
import {
  activityTable,
  distributionFigures,
  rasterFigure,
  voltageFigure,
} from '../src/report/network-figures.js';
import { REGIMES, regimeClaims, regimeFigure, regimeTable, runRegimes } from './brunel/regimes.js';
import { REFERENCES, referenceClaims } from './networks/reference.js';
import { runReplicates, seedTable } from './networks/replicates.js';
import { NETWORK_CAVEATS } from './networks/texts.js';

const config = z.strictObject({
  g: z.number().min(0).default(5).describe('strength of inhibition relative to excitation'),
  eta: z.number().min(0).default(2).describe('external rate relative to the threshold rate'),
  resetMv: z
    .number()
    .max(19)
    .default(0)
    .describe('potential after a spike (mV); 0 in the simulators, 10 in the paper'),
  scale: z.number().positive().max(4).default(1).describe('multiplies 10,000 + 2,500 neurons'),
  indegree: z
    .int()
    .min(5)
    .max(12_500)
    .default(1250)
    .describe('synapses onto a neuron, four excitatory to one inhibitory'),
  warmupMs: z.number().min(0).default(200).describe('biological time before the measurement (ms)'),
  ms: z.number().min(50).default(1000).describe('biological time measured (ms)'),
  regimes: z.boolean().default(true).describe('whether the four regimes of the paper are simulated as well'),
});
type Config = z.output<typeof config>;

const THEORY =
  'Brunel 2000, doi:10.1023/A:1008925309027, self-consistent Siegert rate; diffusion approximation, 3 %';

export default defineExperiment({
  id: 'brunel',
  title: 'Can one network be quiet, regular, irregular and rhythmic?',
  question: 'What decides whether excitation and inhibition end in a clock, a rhythm or noise?',
  prediction:
    'Ten thousand neurons excite and 2,500 inhibit, all at random. Sketch a raster for weak inhibition, and one for ' +
    'strong. Will single neurons fire as often as the whole network beats?',
  config,
  presets: { quick: {}, full: { ms: 5000 } },

  async run(config, context) {
    const regimes = config.regimes ? await runRegimes(context) : null;
    const done = config.regimes ? REGIMES.length : 0;
    const all = done + 1;
    const { metrics, ledgers } = await runReplicates(
      (seed) => describe({ ...config, seed }),
      config,
      { ...context, progress: (part, total, doing) => context.progress(done + part / total, all, doing) },
      ['E', 'I'],
    );
    return {
      metrics: { ...metrics, regimes: regimes?.metrics ?? [], stationaryRateHz: stationaryRateHz(config) },
      ledgers: [...ledgers, ...(regimes?.ledgers ?? [])],
    };
  },

  tables: ({ metrics }) => [
    activityTable(metrics.activity),
    seedTable(metrics.replicates),
    ...(metrics.regimes.length > 0 ? [regimeTable(metrics.regimes)] : []),
  ],

  figures: ({ metrics, config }) => [
    ...(metrics.regimes.length > 0 ? [regimeFigure(metrics.regimes)] : []),
    rasterFigure(
      metrics.activity,
      `The network at g = ${config.g}, η = ${config.eta}, reset to ${config.resetMv} mV: some of its neurons, the mean ` +
        'rate of each population beside its name.',
    ),
    voltageFigure(
      metrics.voltages,
      'One excitatory and one inhibitory neuron. Input lifts and lowers the potential by small steps; where it meets ' +
        'the threshold (dashed) a spike is sent, drawn as a stroke, and the potential is reset.',
    ),
    ...distributionFigures(metrics.activity),
  ],

  claims: ({ metrics, config }) => [
    ...(isReference(config) ? referenceClaims(REFERENCES.brunel, metrics.replicates, config) : []),
    ...(isReference(config)
      ? [
          near(
            'Rate of the network against mean-field theory',
            metrics.activity.populations[0].rateHz,
            metrics.stationaryRateHz,
            0.03 * metrics.stationaryRateHz,
            THEORY,
            'Hz',
          ),
        ]
      : []),
    ...regimeClaims(metrics.regimes, THEORY),
  ],

  finding({ metrics, config }) {
    const [e] = metrics.activity.populations;
    const words = metrics.regimes.map(
      ({ label, rateHz, cvIsi, oscillationHz }) =>
        `${label}: ${rateHz.toPrecision(3)} Hz, CV ${(cvIsi ?? 0).toFixed(2)}, strongest rhythm ${oscillationHz?.toFixed(0)} Hz`,
    );
    return (
      `At g = ${config.g} and η = ${config.eta} the excitatory neurons fire at ${e.rateHz.toPrecision(3)} Hz with a CV of ` +
      `${(e.cvIsi ?? 0).toPrecision(2)}; mean-field theory says ${metrics.stationaryRateHz.toPrecision(3)} Hz.` +
      (words.length > 0 ? ` The same network in four regimes. ${words.join('; ')}.` : '')
    );
  },

  caveats: ({ config }) => [
    'The established simulators reset to 0 mV, the paper to 10 mV. With 0 mV the network at g = 5, η = 2 is driven over ' +
      'the threshold by its mean and fires almost like clocks (CV 0.17): the regimes are shown with 10 mV, as in the paper.',
    'Synchrony is a matter of degree in a network of this size: the border (a modulation as deep as that of a full sine, ' +
      '1/√2) is ours.',
    ...(isReference(config)
      ? []
      : ['Reference rates exist for the default parameters only: none is claimed for these.']),
    ...NETWORK_CAVEATS,
  ],
});

function isReference({ g, eta, resetMv, scale, indegree, warmupMs }: Config): boolean {
  return g === 5 && eta === 2 && resetMv === 0 && scale === 1 && indegree === 1250 && warmupMs >= 200;
}
