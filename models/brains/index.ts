export { type Brain, brainOf, unitsOf } from './brain.js';
export { CLADES, type Clade, cladeOf, membersOf } from './clades.js';
export { neuronRatioAtMass, speciesNamed } from './compare.js';
export { describeRule, fitClade, type RuleOptions, type ScalingRule } from './rule.js';
export { readSpecies, type Species } from './species.js';
export { massOf, neuronsOf, STRUCTURES, type Structure, structureName } from './structures.js';
