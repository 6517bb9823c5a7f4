import { defineExperiment } from '../src/index.js';
import { withInterval } from '../src/report/columns.js';
import { claims } from './fit-chinchilla/claims.js';
import { figures } from './fit-chinchilla/figures.js';
import { config, fitAll } from './fit-chinchilla/run.js';

export default defineExperiment({
  id: 'fit-chinchilla',
  title: 'Twenty tokens a parameter: fitting the loss law again',
  question: 'What do the published training runs say about loss, model size and data, and how surely?',
  prediction:
    'You have ten times the compute. Do you make the model ten times larger, the data ten times more, or both ' +
    'about three times? How many tokens does each parameter get?',
  config,
  presets: { quick: { bootstrap: 400 }, full: { bootstrap: 4000 } },

  run: fitAll,

  tables: ({ metrics }) => [
    {
      name: 'fits',
      title: 'One law, several fits of it',
      columns: [{ key: 'fit', label: 'fit' }, ...LAW_COLUMNS, OBJECTIVE],
      rows: metrics.fits,
    },
    {
      name: 'bootstrap',
      title: 'Converged fit with bootstrap intervals',
      columns: [
        { key: 'quantity', label: 'quantity' },
        ...withInterval({ key: 'value', label: 'value', digits: 5 }),
        { key: 'low80', label: 'low, 80 %', digits: 4 },
        { key: 'high80', label: 'high, 80 %', digits: 4 },
      ],
      rows: metrics.bootstrap,
    },
    {
      name: 'drops',
      title: 'Choice of points: leaving out the highest losses',
      columns: [{ key: 'drop', label: 'left out' }, ...LAW_COLUMNS],
      rows: metrics.drops,
    },
  ],

  figures,
  claims,

  finding({ metrics }) {
    const a = metrics.bootstrap.find(({ quantity }) => quantity.startsWith('a '))!;
    const ratio = metrics.bootstrap.find(({ quantity }) => quantity.startsWith('tokens'))!;
    const published = metrics.fits.at(-1)!;
    return (
      `Fitted to convergence, model size grows as compute^${a.value.toFixed(3)} [${a.low.toFixed(2)}, ${a.high.toFixed(2)}] and ` +
      `the best model of this budget sees ${ratio.value.toFixed(1)} tokens a parameter [${ratio.low.toFixed(0)}, ` +
      `${ratio.high.toFixed(0)}]. The coefficients printed in 2022 say ${published.tokensPerParameter.toFixed(0)}, a number that ` +
      'comes from an optimiser that stopped too early.'
    );
  },

  caveats: () => [
    'The points were read off a published figure; tokens are FLOP/(6·parameters), so both axes share an error.',
    'Which points are left out moves the exponent more than the bootstrap interval admits.',
    'The law holds for one family of models on one corpus, trained once over its data.',
    'Published coefficients of 2024 are near the least-absolute-deviation optimum, not the Huber one: two fixtures, not one.',
  ],
});

const LAW_COLUMNS = [
  { key: 'e', label: 'E', digits: 5 },
  { key: 'A', label: 'A', digits: 5 },
  { key: 'B', label: 'B', digits: 5 },
  { key: 'alpha', label: 'alpha', digits: 5 },
  { key: 'beta', label: 'beta', digits: 5 },
  { key: 'a', label: 'a = beta/(alpha + beta)', digits: 4 },
  { key: 'tokensPerParameter', label: 'tokens per parameter', digits: 3 },
];
const OBJECTIVE = { key: 'objective', label: 'Huber objective', digits: 7 };
