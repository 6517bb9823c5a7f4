import { defineExperiment } from '../src/index.js';
import { claims } from './brain-budget/claims.js';
import { figures } from './brain-budget/figures.js';
import { config, run } from './brain-budget/run.js';

export default defineExperiment({
  id: 'brain-budget',
  title: 'What does a neuron cost?',
  question: 'Is there one energy budget for every neuron, and what does a synaptic event cost under it?',
  prediction:
    'A human neuron and a mouse neuron: which uses more power? Guess the power of a mouse brain from that of yours (20 W ' +
    'for 86 billion neurons; the mouse has 70 million). Is a pigeon neuron cheaper?',
  config,
  presets: { quick: {}, full: {} },

  run,
  tables: ({ metrics }) => [
    {
      name: 'budgets',
      title: 'Power from glucose, six species',
      columns: [
        { key: 'species', label: 'species' },
        { key: 'massG', label: 'brain', unit: 'g', digits: 4 },
        { key: 'neurons', label: 'neurons', digits: 3 },
        { key: 'watts', label: 'power', unit: 'W', digits: 3 },
        { key: 'nwPerNeuron', label: 'per neuron', unit: 'nW', digits: 3 },
      ],
      rows: [...metrics.budgets, metrics.pigeon],
    },
    {
      name: 'measured',
      title: 'Measured power against the same budget for every neuron',
      columns: [
        { key: 'species', label: 'species' },
        { key: 'basis', label: 'measured by' },
        { key: 'measuredW', label: 'measured', unit: 'W', digits: 3 },
        { key: 'budgetW', label: 'budget', unit: 'W', digits: 3 },
        { key: 'ratio', label: 'measured / budget', digits: 2 },
      ],
      rows: metrics.measured,
    },
    {
      name: 'synapses',
      title: 'Energy of a synaptic event, by account',
      columns: [
        { key: 'account', label: 'account' },
        { key: 'basis', label: 'basis' },
        { key: 'fj', label: 'energy', unit: 'fJ', digits: 3 },
      ],
      rows: metrics.synapses,
    },
  ],

  figures,
  claims,

  finding({ metrics }) {
    const events = metrics.synapses.map(({ fj }) => fj);
    return (
      `Six species from mouse to human spend ${metrics.nwPerNeuron.toFixed(2)} nW on a neuron, within a factor of 1.4, but rabbit, ` +
      `cat and dog two to three times as much and the pigeon ${metrics.pigeon.ratioToMammals.toFixed(2)} of it. A synaptic event ` +
      `costs ${Math.min(...events).toFixed(1)} to ${Math.max(...events).toFixed(0)} fJ, depending on what is counted.`
    );
  },

  caveats: () => [
    'A fixed budget holds for the six species it was found in; others break it. Cortical neurons cost at least ten cerebellar ones.',
    'Glucose is charged at its heat of combustion; by oxygen the human brain takes 16 W instead of 22.',
    'One bird was measured: the pigeon. Parrots and crows may differ.',
    'ATP for a vesicle, boutons of a neuron and release probability of the rodent account are recalled values.',
  ],
});
