import { defineExperiment, near } from '../src/index.js';
import { resolutionLimit } from '../src/scaling/emergence.js';
import { figures } from './emergence-mirage/figures.js';
import { compute, config, tokens } from './emergence-mirage/run.js';

const SCHAEFFER = 'Schaeffer, Miranda & Koyejo 2023, arXiv:2304.15004 (model), closed form';

export default defineExperiment({
  id: 'emergence-mirage',
  title: 'Does ability appear suddenly, or does the ruler?',
  question:
    'If every token is predicted a little better with size, can a test still jump from nothing to success?',
  prediction:
    'A model gets each of ten characters right with probability p. What share of ten-character answers is right at ' +
    'p = 0.5, 0.7, 0.9? Draw that share against size, on a linear and on a logarithmic axis.',
  config,
  presets: { quick: {}, full: { items: 10_000 } },

  run: compute,

  tables: ({ metrics }) => [
    {
      name: 'lengths',
      title: 'Size at which 5 % and 50 % of answers are right',
      columns: [
        { key: 'length', label: 'tokens' },
        { key: 'at5', label: 'parameters at 5 %', digits: 3 },
        { key: 'at50', label: 'parameters at 50 %', digits: 3 },
        { key: 'widthDecades', label: 'width, power-law cross-entropy', unit: 'decades', digits: 4 },
        { key: 'shiftDecades', label: 'shift against one token', unit: 'decades', digits: 4 },
        { key: 'linearWidthRatio', label: 'width if p is linear in log N, against one token', digits: 3 },
      ],
      rows: metrics.lengths,
    },
    {
      name: 'resolution',
      title: 'Per-token success below which the test reads zero',
      columns: [
        { key: 'length', label: 'tokens' },
        { key: 'p', label: 'p', digits: 3 },
      ],
      rows: metrics.resolution,
    },
  ],

  figures,

  claims({ metrics, config }) {
    const expected = [0.00098, 0.0282, 0.349, 0.904];
    const powers = metrics.powers.map(({ p, tenTokens }, i) =>
      near(`p^10 at p = ${p}`, tenTokens, expected[i], 0.002 * expected[i] + 1e-5, SCHAEFFER),
    );
    const slope = near(
      'Slope of log cross-entropy in log N',
      metrics.crossEntropySlope,
      -config.exponent,
      1e-9,
      'closed form: -a',
    );
    const ten = metrics.lengths.find(({ length }) => length === 10);
    if (ten === undefined || config.exponent !== 0.3) return [...powers, slope];
    const resolution = metrics.resolution.find(({ length }) => length === 10)!;
    return [
      ...powers,
      slope,
      near('Shift of ten tokens against one', ten.shiftDecades, 3.333, 0.001, SCHAEFFER, 'decades'),
      near('Width from 5 to 50 % of ten tokens', ten.widthDecades, 2.119, 0.001, SCHAEFFER, 'decades'),
      near(
        'Width if p is linear in log N, ten tokens against one',
        ten.linearWidthRatio,
        0.426,
        0.001,
        SCHAEFFER,
      ),
      ...(config.items === 1000
        ? [
            near(
              'p below which a test of 1,000 reads zero for ten tokens',
              resolution.p,
              0.501,
              0.001,
              SCHAEFFER,
            ),
          ]
        : []),
    ];
  },

  finding({ metrics, config }) {
    const longest = metrics.lengths.at(-1)!;
    return (
      `With a smooth cross-entropy an answer of ${tokens(longest.length)} succeeds ${longest.shiftDecades.toFixed(1)} decades of ` +
      `size later than a single token, over the same ${longest.widthDecades.toFixed(2)} decades: later, not sharper. What looks ` +
      `like a jump is the late start, the linear axis, and a test of ${config.items} questions that reads zero below p = ` +
      `${resolutionLimit(config.items, longest.length).toFixed(2)}.`
    );
  },

  caveats: () => [
    'Tokens are taken as independent; in a real answer one error leads to others.',
    'p^10 is a power of p, and exponential only in the length of the answer.',
    'If per-token success grows evenly with log N, exact match does sharpen. The debate is about which holds.',
    'A law for the mean says nothing about abilities that need a certain depth or memory to exist at all.',
  ],
});
