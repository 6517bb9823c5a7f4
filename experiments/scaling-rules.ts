import { defineExperiment } from '../src/index.js';
import { equalMassClaims, humanClaims, pairClaims, publishedClaim } from './scaling-rules/claims.js';
import { figures } from './scaling-rules/figures.js';
import { cladeIds, config, run } from './scaling-rules/run.js';
import { tables } from './scaling-rules/tables.js';

export default defineExperiment({
  id: 'scaling-rules',
  title: 'How many neurons does a gram of brain buy?',
  question: 'How does the mass of a brain grow with its neurons in rodents, primates and birds?',
  prediction:
    'A rodent cortex becomes ten times heavier: how many times more neurons has it? And a primate cortex? ' +
    'Does a macaw, with 20 g of brain, have more or fewer forebrain neurons than a macaque with 46 to 87 g?',
  config,
  presets: { quick: {}, full: { clades: cladeIds } },

  run,
  tables,
  figures,

  claims: ({ metrics, config }) => [
    ...metrics.published.filter(({ match }) => match === 'exact').map(publishedClaim),
    ...humanClaims(metrics.human),
    ...pairClaims(metrics.pairs),
    ...(config.masses.join() === '2,5,10,20' ? equalMassClaims(metrics.equalMass) : []),
  ],

  finding({ metrics }) {
    const rule = (clade: string, structure: string) =>
      metrics.rules.find((row) => row.clade === clade && row.structure === structure)!;
    const more = (b: number) => (10 ** (1 / b)).toFixed(1);
    const rodent = rule('rodents', 'cortex');
    const primate = rule('primates', 'cortex');
    const human = metrics.human[0];
    return (
      `A cortex ten times heavier holds ${more(rodent.b)} times the neurons in a rodent (b = ${rodent.b.toFixed(2)}) ` +
      `and ${more(primate.b)} times in a primate (b = ${primate.b.toFixed(2)}). A primate rule fitted without the ` +
      `human gives it ${human.direct.toFixed(0)} billion neurons, 95 % interval ${human.low.toFixed(0)} to ` +
      `${human.high.toFixed(0)}; ${human.counted.toFixed(0)} were counted.`
    );
  },

  caveats: () => [
    'Species are not independent draws: without a phylogeny the intervals are too narrow, and pooled slopes mix grades.',
    'The exponent belongs to a structure and to a direction of regression. 1.7 is the rodent cortex, not the brain.',
    'Most counts rest on one to five animals. Mouse lemur and human alone move the primate cortex between 0.99 and 1.21.',
    'The mammalian cortex includes white matter and hippocampus, the avian pallium leaves out the subpallium.',
    'A prediction outside the range of the animals is an extrapolation: the human always is one.',
  ],
});
