export { type Brain, brainOf, unitsOf } from './brain.js';
export { CLADES, type Clade, cladeOf, membersOf } from './clades.js';
export { neuronRatioAtMass, speciesNamed } from './compare.js';
export {
  BRAIN_DENSITY_G_PER_CM3,
  brainDiameterMm,
  bundleVolume,
  delayMs,
  diameterForDelayUm,
  MYELINATED_M_PER_S_PER_UM,
  myelinatedVelocity,
  UNMYELINATED_M_PER_S,
} from './conduction.js';
export {
  type EnergyRow,
  GLUCOSE_HEAT_J_PER_MOL,
  glucoseWatts,
  quantityOf,
  readBrainEnergy,
} from './energy.js';
export { describeRule, fitClade, type RuleOptions, type ScalingRule } from './rule.js';
export { readSpecies, type Species } from './species.js';
export { massOf, neuronsOf, STRUCTURES, type Structure, structureName } from './structures.js';
