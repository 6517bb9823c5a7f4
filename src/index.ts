export { z } from 'zod';
export { atLeast, atMost, near } from './experiment/claim.js';
export {
  type Claim,
  defineExperiment,
  type Experiment,
  type Figure,
  type RunContext,
  type RunOutput,
  type RunView,
  type Table,
} from './experiment/define.js';
export { Mlp, type MlpTask } from './learning/mlp.js';
export { LEAKY, LOGISTIC, type MlpRecipe } from './learning/mlp-recipes.js';
export { type PerceptronRun, type PerceptronTask, runPerceptron } from './learning/perceptron.js';
export { type Policy, parsePolicy, policySchema } from './plasticity/policy.js';
export { COLOURS } from './report/house-style.js';
export { InterruptedError, RunError, UsageError } from './util/errors.js';
export { type Stream, stream } from './util/rng.js';
