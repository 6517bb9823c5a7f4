import { atLeast, atMost, defineExperiment, near } from '../src/index.js';
import { figures } from './conduction/figures.js';
import { cladeIds, compute, config } from './conduction/run.js';

const PHILLIPS =
  'Phillips et al. 2015, doi:10.1098/rspb.2015.1535: 14 anthropoid primates, 97-fold range of brain mass';

const BUZSAKI =
  'Buzsáki, Logothetis & Singer 2013, doi:10.1016/j.neuron.2013.10.002 (distance between the hemispheres)';

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

  run: compute,

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

  figures,

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
