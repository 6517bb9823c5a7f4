import * as Plot from '@observablehq/plot';
import {
  brainDiameterMm,
  bundleVolume,
  CLADES,
  cladeOf,
  delayMs,
  diameterForDelayUm,
  fitClade,
  myelinatedVelocity,
  readSpecies,
  type Species,
  UNMYELINATED_M_PER_S,
} from '../models/brains/index.js';
import { atLeast, atMost, defineExperiment, near, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { logspace, predict } from '../src/scaling/index.js';

const cladeIds = CLADES.map(({ id }) => id) as [string, ...string[]];
const config = z.strictObject({
  clades: z
    .array(z.enum(cladeIds))
    .min(1)
    .default(['rodent', 'primate', 'songbird', 'parrot'])
    .describe('clades compared'),
  axonsUm: z
    .array(z.number().positive())
    .min(1)
    .default([0.7, 3])
    .describe('outer diameters of myelinated axons: a typical one, a fast one (µm)'),
  targetMs: z.number().positive().default(5).describe('delay that a fast pathway is to keep (ms)'),
  thickShare: z.number().min(0).max(1).default(0.01).describe('share of thick axons in a bundle'),
});
type Config = z.output<typeof config>;

const PHILLIPS =
  'Phillips et al. 2015, doi:10.1098/rspb.2015.1535: 14 anthropoid primates, 97-fold range of brain mass';
const BUZSAKI =
  'Buzsáki, Logothetis & Singer 2013, doi:10.1016/j.neuron.2013.10.002 (distance between the hemispheres)';
/** Delays across the brain over that range: of the median axon, and of the fastest twentieth. */
const OBSERVED = { massRatio: 97, medianMs: [11, 38], fastMs: [3, 9] } as const;

export default defineExperiment({
  id: 'conduction',
  title: 'The price of distance: delays across a brain',
  question:
    'How does the time from one side of a brain to the other grow with its size, and what do thick axons buy?',
  prediction:
    'A brain becomes a thousand times heavier and keeps its axons. How many times longer does a spike take to cross it? ' +
    'One axon in a hundred is made three times thicker: how much more room does the bundle take?',
  config,
  presets: { quick: {}, full: { clades: cladeIds } },

  async run(config) {
    const table = readSpecies();
    return {
      metrics: {
        curves: config.clades.flatMap((id) => curveOf(table, id, config)),
        equalNeurons: equalNeurons(table, config),
        animals: [
          'house mouse',
          'brown rat',
          'raven',
          'blue and yellow macaw',
          'rhesus macaque',
          'human',
        ].map((animal) => animalRow(table, animal, config)),
        calibre: calibreExponents(),
        bundles: [1, 2, 3, 5, 8].flatMap((times) =>
          [config.thickShare, 0.05, 0.2, 1].map((share) => ({
            times,
            share: `${100 * share} %`,
            volume: bundleVolume(share, times),
            delayShare: 1 / times,
          })),
        ),
        bought: { times: 3, volume: bundleVolume(config.thickShare, 3), all: bundleVolume(1, 3) },
      },
    };
  },

  tables: ({ metrics, config }) => [
    {
      name: 'animals',
      title: 'Delay across the brain, a sphere of its mass',
      columns: [
        { key: 'animal', label: 'animal' },
        { key: 'massG', label: 'brain', unit: 'g', digits: 4 },
        { key: 'diameterMm', label: 'diameter', unit: 'mm', digits: 3 },
        { key: 'unmyelinatedMs', label: 'unmyelinated', unit: 'ms', digits: 3 },
        ...config.axonsUm.map((um) => ({ key: `um${um}`, label: `${um} µm`, unit: 'ms', digits: 3 })),
        { key: 'neededUm', label: `diameter for ${config.targetMs} ms`, unit: 'µm', digits: 2 },
      ],
      rows: metrics.animals,
    },
    {
      name: 'equal-neurons',
      title: 'Brains with the same number of neurons',
      columns: [
        { key: 'clade', label: 'clade' },
        { key: 'neurons', label: 'neurons', digits: 2 },
        { key: 'massG', label: 'brain', unit: 'g', digits: 3 },
        { key: 'delayMs', label: `delay, ${config.axonsUm[0]} µm`, unit: 'ms', digits: 3 },
        { key: 'extrapolated', label: 'extrapolated' },
      ],
      rows: metrics.equalNeurons,
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'neurons',
      title: `Delay across the brain against its neurons (axons of ${config.axonsUm[0]} µm)`,
      caption:
        'Mass from the rule of each clade, over the range of its animals. For the same neurons a bird is smaller and ' +
        'faster; a rodent pays for its large neurons with time as well.',
      plot: {
        x: { type: 'log', label: 'neurons of the brain', tickFormat: powerOfTen },
        y: { type: 'log', label: 'delay across the brain (ms)', tickFormat: String, inset: 6 },
        color: { legend: true, type: 'categorical', domain: config.clades.map((id) => cladeOf(id).name) },
        marks: [Plot.line(metrics.curves, { x: 'neurons', y: 'delayMs', stroke: 'clade', strokeWidth: 2.5 })],
      },
      rows: metrics.curves,
    },
    {
      name: 'needed',
      title: `Axon diameter that keeps ${config.targetMs} ms`,
      caption:
        'To cross in the same time, axons must thicken as the cube root of mass. In a mouse any myelinated axon will do, ' +
        'in a human only the thickest.',
      plot: {
        x: { type: 'log', label: 'brain mass (g)', tickFormat: String, inset: 90 },
        y: { type: 'log', label: 'outer diameter needed (µm)', tickFormat: String, inset: 14 },
        marks: [
          Plot.ruleY(config.axonsUm, { strokeDasharray: '5 4' }),
          Plot.line(
            logspace(0.3, 2000, 60).map((massG) => ({
              massG,
              um: diameterForDelayUm(brainDiameterMm(massG), config.targetMs),
            })),
            { x: 'massG', y: 'um', stroke: '#0072B2', strokeWidth: 2.5 },
          ),
          Plot.dot(metrics.animals, { x: 'massG', y: 'neededUm', r: 5, fill: 'black' }),
          Plot.text(metrics.animals, {
            x: 'massG',
            y: 'neededUm',
            text: 'animal',
            textAnchor: 'end',
            dx: -8,
            dy: -8,
          }),
        ],
      },
      rows: metrics.animals,
    },
    {
      name: 'bundles',
      title: 'What a few thick axons buy, and what they cost',
      caption:
        'Volume of a bundle against the delay of its thick axons. Thickening all of them costs the square of the speed; ' +
        'thickening one in a hundred costs little.',
      plot: {
        x: { label: 'delay of the thick axons (share of the thin ones)', domain: [0, 1] },
        y: { type: 'log', label: 'volume of the bundle (all thin = 1)', tickFormat: String, inset: 6 },
        color: { legend: true, type: 'categorical', label: 'thick axons', domain: shares(metrics.bundles) },
        symbol: { legend: true, domain: shares(metrics.bundles) },
        marks: [
          Plot.line(metrics.bundles, { x: 'delayShare', y: 'volume', stroke: 'share' }),
          Plot.dot(metrics.bundles, { x: 'delayShare', y: 'volume', stroke: 'share', symbol: 'share', r: 4 }),
        ],
      },
      rows: metrics.bundles,
    },
  ],

  claims({ metrics, config }) {
    const animal = (name: string) => metrics.animals.find((row) => row.animal === name)!;
    const { sphere, median, fast } = metrics.calibre;
    return [
      atLeast('Diameter of the human brain as a sphere', animal('human').diameterMm, 70, BUZSAKI, 'mm'),
      atMost(
        'The same, from above',
        animal('human').diameterMm,
        141,
        `${BUZSAKI}: 140, and 1 for rounding`,
        'mm',
      ),
      atLeast('Diameter of the mouse brain as a sphere', animal('house mouse').diameterMm, 5, BUZSAKI, 'mm'),
      atMost('The same, from above', animal('house mouse').diameterMm, 10, BUZSAKI, 'mm'),
      near('Exponent of delay in mass with axons as they are', sphere, 1 / 3, 1e-12, 'closed form: a sphere'),
      atMost('Exponent of the observed delay of the median axon', median, sphere, PHILLIPS),
      atMost('Exponent of the observed delay of the fastest axons', fast, median, PHILLIPS),
      ...(config.thickShare === 0.01
        ? [
            near(
              'Volume of a bundle with one axon in a hundred three times thicker',
              metrics.bought.volume,
              1.08,
              1e-9,
              'closed form 1 + f(k² - 1)',
            ),
          ]
        : []),
      ...(config.axonsUm[0] === 0.7
        ? [
            atLeast(
              'Delay of a 0.7 µm axon across the human brain',
              animal('human')['um0.7'] as number,
              25,
              `${PHILLIPS}: up to 38 ms`,
              'ms',
            ),
            atMost(
              'The same, from above',
              animal('human')['um0.7'] as number,
              45,
              `${PHILLIPS}: up to 38 ms`,
              'ms',
            ),
          ]
        : []),
    ];
  },

  finding({ metrics, config }) {
    const [mouse, human] = ['house mouse', 'human'].map(
      (name) => metrics.animals.find((row) => row.animal === name)!,
    );
    const { median, fast, sphere } = metrics.calibre;
    return (
      `A spike crosses a mouse brain in ${(mouse[`um${config.axonsUm[0]}`] as number).toFixed(1)} ms and a human one in ` +
      `${(human[`um${config.axonsUm[0]}`] as number).toFixed(0)} ms in axons of ${config.axonsUm[0]} µm. Delays of primates grow as mass^` +
      `${median.toFixed(2)}, those of their fastest axons as mass^${fast.toFixed(2)}, less than the ${sphere.toFixed(2)} of the distance: ` +
      `thick axons make up for it, and one in a hundred three times thicker costs ${(100 * (metrics.bought.volume - 1)).toFixed(0)} % of room.`
    );
  },

  caveats: () => [
    'A brain is taken as a sphere and an axon as a straight line; real paths are longer, and cortex is folded.',
    'The typical axon of 0.7 µm is a choice; most callosal axons lie between 0.3 and 1.5 µm (recalled).',
    'Six metres a second for each micrometre, and 0.3 m/s without myelin, are recalled rules of thumb.',
    'Synaptic and dendritic delays, a few milliseconds at each step, come on top.',
    'That von Economo neurons are such fast lines is a hypothesis: their axons have not been timed.',
  ],
});

function curveOf(table: readonly Species[], id: string, { axonsUm }: Config) {
  const clade = cladeOf(id);
  const { fit } = fitClade(table, clade, 'brain');
  return logspace(fit.range.low, fit.range.high, 30).map((neurons) => {
    const massG = predict(fit, neurons).value;
    return {
      clade: clade.name,
      neurons,
      massG,
      delayMs: delayMs(brainDiameterMm(massG), myelinatedVelocity(axonsUm[0])),
    };
  });
}

function equalNeurons(table: readonly Species[], { clades, axonsUm }: Config) {
  return [2e8, 1e9, 3e9].flatMap((neurons) =>
    clades.map((id) => {
      const { value, extrapolated } = predict(fitClade(table, cladeOf(id), 'brain').fit, neurons);
      return {
        clade: cladeOf(id).name,
        neurons,
        massG: value,
        delayMs: delayMs(brainDiameterMm(value), myelinatedVelocity(axonsUm[0])),
        extrapolated: extrapolated ? 'yes' : 'no',
      };
    }),
  );
}

function animalRow(table: readonly Species[], animal: string, { axonsUm, targetMs }: Config) {
  const massG = table.find(({ common_name }) => common_name === animal)!.brain_mass_g!;
  const diameterMm = brainDiameterMm(massG);
  const row: Record<string, string | number> & { diameterMm: number } = {
    animal,
    massG,
    diameterMm,
    unmyelinatedMs: delayMs(diameterMm, UNMYELINATED_M_PER_S),
    neededUm: diameterForDelayUm(diameterMm, targetMs),
  };
  for (const um of axonsUm) row[`um${um}`] = delayMs(diameterMm, myelinatedVelocity(um));
  return row;
}

/** Exponents of delay in brain mass: of distance alone, and of the published delays. */
function calibreExponents() {
  const { massRatio, medianMs, fastMs } = OBSERVED;
  const exponent = (ratio: number) => Math.log(ratio) / Math.log(massRatio);
  return {
    sphere: exponent(brainDiameterMm(massRatio) / brainDiameterMm(1)),
    median: exponent(medianMs[1] / medianMs[0]),
    fast: exponent(fastMs[1] / fastMs[0]),
  };
}

function shares(rows: readonly { share: string }[]): string[] {
  return [...new Set(rows.map(({ share }) => share))];
}
