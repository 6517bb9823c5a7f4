import { publishedCrossover } from '../src/energy/crossover.js';
import { atLeast, atMost, defineExperiment, near } from '../src/index.js';
import { crossovers, equalAccuracy, targetAccuracy } from './spiking-vs-dense/analysis.js';
import { config, presets } from './spiking-vs-dense/config.js';
import { crossoverFigure, frontFigure, ratioFigure } from './spiking-vs-dense/figures.js';
import { compare } from './spiking-vs-dense/run.js';
import { tables } from './spiking-vs-dense/tables.js';

const RULE =
  'Spyx, study honest_energy_accounting, with constants of Yan, Bai and Wong 2024, arXiv 2409.08290';

export default defineExperiment({
  id: 'spiking-vs-dense',
  title: 'Spiking or dense: who pays less for the same answer?',
  question:
    'At equal accuracy, under which tariff does a spiking network cost less than a dense one, and how few spikes must it send?',
  prediction:
    'An addition costs a fifth of a multiply-accumulate, and most inputs are silent most of the time. In how many of ' +
    'sixteen accounts, from bare arithmetic to the brain, does the spiking network win?',
  config,
  presets,
  run: compare,

  tables,

  figures: (view) => [ratioFigure(view), crossoverFigure(view), frontFigure(view)],

  claims(view) {
    const rows = crossovers(view);
    const at = (account: string, task = 'MNIST') =>
      rows.find((row) => row.account === account && row.task === task)!;
    const rule = [5, 6, 7, 8, 9, 10].map(publishedCrossover);
    const spiking = view.metrics.networks.filter(({ kind }) => kind === 'spiking');
    const mnist = spiking.filter(({ task }) => task === 'MNIST');
    return [
      near(
        'Mean of the published rule over windows of 5 to 10 steps',
        rule.reduce((sum, s) => sum + s, 0) / rule.length,
        0.0599,
        0.00005,
        RULE,
      ),
      atMost(
        'Crossover of bare arithmetic: at most a MAC over an addition, by T',
        at('fp32, weights in registers').crossover,
        4.6 / 0.9 / 20,
        'closed form (E_MAC/E_AC)/T; neuron updates, two MACs a step, bring it down',
      ),
      atLeast(
        'Accuracy that all kinds reach on MNIST',
        targetAccuracy(view, 'MNIST'),
        0.8,
        'far above chance, else nothing is compared',
      ),
      near(
        'Input spikes of a digit',
        mnist.reduce((sum, { inputSpikes }) => sum + inputSpikes!, 0) / mnist.length,
        151,
        8,
        'pixels above 1 in the training images of MNIST, counted; a sample of 1,000 scatters by 1.3',
      ),
    ];
  },

  finding(view) {
    const rows = equalAccuracy(view, 'inference');
    const count = (verdict: string, ...groups: string[]) =>
      rows.filter((row) => row.verdict === verdict && groups.includes(row.group)).length;
    const score = (what: string, ...groups: string[]) => {
      const all = rows.filter(({ group }) => groups.includes(group)).length;
      return `${what} ${count('spiking costs less', ...groups)} and ${count('dense costs less', ...groups)} of ${all}`;
    };
    return (
      'At equal accuracy, comparisons in which the spiking and in which the other network surely costs less: on one substrate, ' +
      `${score('bare arithmetic', 'compute only')}; ${score('with memory', 'compute and memory')}; ` +
      `${score('on a GPU', 'GPU')}; ${score('against a convolutional network', 'convolution')}. ` +
      `Set against a GPU, on other bases: ${score('spiking chips', 'spiking hardware')}; ${score('brains', 'biology')}.`
    );
  },

  caveats: () => [
    'Modelled energy, ledger × tariff; nothing here was measured on a meter. Chips and brains are set against a GPU: two bases side by side, which is a ratio of prices and not an efficiency.',
    'A convolutional network uses each weight at hundreds of places; where weights lie in SRAM it is charged for fetching it at each, as all networks are for every use.',
    'Chip tariffs leave much at zero (see the terms): TrueNorth, SENECA and the brain charge nothing for a neuron update that no spike caused.',
    'Spiking weights are learned in float32 and priced as 8-bit integers without being rounded; the quantised rival learned with its rounding. This favours the spiking network.',
    'Every synapse fetches its weight at every use. A dense network that reuses its weights over a batch, as all do, pays less for memory than is shown here.',
    'Where the narrowest network of a kind already reaches the accuracy, its energy is taken: a still narrower one might do for less.',
    'Equal accuracy is that of networks of different widths, interpolated; learning is billed as a whole run of fixed length, not stopped at the accuracy.',
    'All networks are small, feed-forward and trained for a few epochs: no statement about large networks follows.',
  ],
});
