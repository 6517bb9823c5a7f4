import { defineExperiment } from '../src/index.js';
import { claims } from './brain-race/claims.js';
import { config } from './brain-race/config.js';
import { figures } from './brain-race/figures.js';
import { tables } from './brain-race/tables.js';
import { caveats, finding } from './brain-race/texts.js';
import { race } from './brain-race/train.js';

export default defineExperiment({
  id: 'brain-race',
  title: 'Brain race: what does a gram of brain buy?',
  question:
    'Rodents, primates, songbirds and parrots pack different numbers of neurons into the same mass of brain. If ' +
    'networks of those sizes learn the same task, spiking and event by event, what does a gram buy in accuracy, ' +
    'what does each answer cost in femtojoules, and what would an equal network with multiply-accumulates pay?',
  prediction:
    'A 10 g rodent, primate and parrot brain: rank them by the error of their networks, and guess by what factor ' +
    'they differ. Then guess which fraction of the synapses spends most of the energy, and under which tariff, if ' +
    'any, the dense network is the cheaper one.',
  config,
  presets: {
    quick: { samples: 10_000, epochs: 5, batch: 16 },
    full: { samples: 60_000, epochs: 10, denseEpochs: 10, referenceUnits: 350 },
  },
  run: race,
  tables,
  figures,
  claims,
  finding,
  caveats,
});
