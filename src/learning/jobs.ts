import type { ImageData } from '../data/images.js';
import { loadMnist } from '../data/mnist.js';
import type { LayerTotals } from '../plasticity/layer.js';
import { type Policy, parsePolicy } from '../plasticity/policy.js';
import { Mlp } from './mlp.js';
import { LEAKY, LOGISTIC, type MlpRecipe } from './mlp-recipes.js';
import { exponentEnergy, type PerceptronTask, runPerceptron } from './perceptron.js';
import { runSpiking, type SpikingJob, type SpikingResult } from './spiking-job.js';

/** Work for one worker thread of a sweep. */
export type Job = PerceptronJob | MlpJob | SpikingJob;

export interface PerceptronJob extends PerceptronTask {
  kind: 'perceptron';
  /** Exponents α for which M = Σ|Δw|^α is wanted. */
  exponents?: number[];
}

export interface PerceptronResult {
  converged: boolean;
  updates: number;
  presentations: number;
  totals: LayerTotals;
  /** Σ of positive changes, and of positive final weights. */
  potentiation: number;
  potentiationLeast: number;
  /** Mean square of the final weights (they start from 0). */
  weightVariance: number;
  byExponent: { exponent: number; energy: number; least: number }[];
}

export interface MlpJob {
  kind: 'mlp';
  recipe: 'logistic' | 'leaky-relu';
  gradient?: MlpRecipe['gradient'];
  hidden: number;
  policy: Partial<Policy>;
  seed: number;
  /** The test set is looked at every so many samples. */
  testEvery: number;
  /** Learning ends at the first test above this accuracy … */
  goal: number;
  /** … or after so many samples. */
  maxSamples: number;
}

/** One look at the test set. */
export interface Checkpoint {
  samples: number;
  updates: number;
  accuracy: number;
  totals: LayerTotals;
}

export interface MlpResult {
  /** Whether the goal was reached. A run that did not must not be averaged with others. */
  reached: boolean;
  checkpoints: Checkpoint[];
}

/** Does a job; the entry of a worker thread. */
export default function work(job: Job): PerceptronResult | MlpResult | SpikingResult {
  if (job.kind === 'spiking') return runSpiking(job);
  return job.kind === 'perceptron' ? perceptron(job) : mlp(job);
}

function perceptron({ exponents = [], ...task }: PerceptronJob): PerceptronResult {
  const run = runPerceptron(task);
  const { converged, updates, presentations, totals, potentiation, weights } = run;
  return {
    converged,
    updates,
    presentations,
    totals,
    potentiation,
    potentiationLeast: weights.reduce((sum, w) => sum + Math.max(w, 0), 0),
    weightVariance: weights.reduce((sum, w) => sum + w * w, 0) / weights.length,
    byExponent: exponents.map((exponent) => ({
      exponent,
      ...exponentEnergy(run, task.rate ?? 1, exponent),
    })),
  };
}

/** The digits are read once a thread. */
let mnist: ImageData | undefined;

function mlp(job: MlpJob): MlpResult {
  mnist ??= loadMnist();
  const recipe = job.recipe === 'logistic' ? LOGISTIC : LEAKY;
  const net = new Mlp(mnist, {
    hidden: job.hidden,
    recipe: { ...recipe, gradient: job.gradient ?? recipe.gradient },
    policy: parsePolicy(job.policy),
    seed: job.seed,
  });
  const checkpoints: Checkpoint[] = [];
  let reached = false;
  while (!reached && net.samples < job.maxSamples) {
    net.learn(Math.min(job.testEvery, job.maxSamples - net.samples));
    const accuracy = net.accuracy();
    checkpoints.push({ samples: net.samples, updates: net.updates, accuracy, totals: net.totals() });
    reached = accuracy > job.goal;
  }
  return { reached, checkpoints };
}
