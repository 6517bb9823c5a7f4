import type { ImageData } from '../data/images.js';
import { loadMnist } from '../data/mnist.js';
import { type LedgerJson, ledgerToJson } from '../energy/ledger-json.js';
import type { LayerTotals } from '../plasticity/layer.js';
import { type Policy, parsePolicy } from '../plasticity/policy.js';
import type { WriteCost } from '../plasticity/write-meter.js';
import { Mlp } from './mlp.js';
import { LEAKY, LOGISTIC, type MlpRecipe } from './mlp-recipes.js';
import { type PerceptronTask, perceptronLedger, runPerceptron } from './perceptron.js';
import { runSpiking, type SpikingJob, type SpikingResult } from './spiking-job.js';

/** Work for one worker thread of a sweep. */
export type Job = PerceptronJob | MlpJob | SpikingJob;

export interface PerceptronJob extends PerceptronTask {
  kind: 'perceptron';
  /** Whether to bring home the ledger of each synapse. */
  ledger?: boolean;
}

export interface PerceptronResult {
  converged: boolean;
  updates: number;
  presentations: number;
  totals: LayerTotals;
  /** Mean square of the final weights (they start from 0). */
  weightVariance: number;
  costs: WriteCost[];
  ledger: LedgerJson | null;
}

export interface MlpJob {
  kind: 'mlp';
  recipe: 'logistic' | 'leaky-relu';
  gradient?: MlpRecipe['gradient'];
  /** Spread of the initial weights; the recipe's own unless given. */
  weightSd?: number;
  hidden: number;
  policy: Partial<Policy>;
  seed: number;
  /** The test set is looked at every so many samples. */
  testEvery: number;
  /** Learning ends at the first test above this accuracy … */
  goal: number;
  /** … or after so many samples. */
  maxSamples: number;
  /** Whether to bring home the ledger of each synapse, residual transients consolidated; slower. */
  ledger?: boolean;
  /** Exponents α for which M = Σ|Δl|^α is wanted; looking at every synapse after each sample is slow. */
  exponents?: readonly number[];
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
  /** Cost of all writes by the exponents asked for, residual transients consolidated. */
  costs: WriteCost[];
  ledger: LedgerJson | null;
}

/** Does a job; the entry of a worker thread. */
export default function work(job: Job): PerceptronResult | MlpResult | SpikingResult {
  if (job.kind === 'spiking') return runSpiking(job);
  return job.kind === 'perceptron' ? perceptron(job) : mlp(job);
}

function perceptron({ ledger = false, ...task }: PerceptronJob): PerceptronResult {
  const run = runPerceptron(task, 'fast', ledger);
  const { converged, updates, presentations, totals, weights, costs } = run;
  return {
    converged,
    updates,
    presentations,
    totals,
    weightVariance: weights.reduce((sum, w) => sum + w * w, 0) / weights.length,
    costs,
    ledger: ledger ? ledgerToJson(perceptronLedger(run, '', {})) : null,
  };
}

/** The digits are read once a thread. */
let mnist: ImageData | undefined;

function mlp(job: MlpJob): MlpResult {
  mnist ??= loadMnist();
  const recipe = job.recipe === 'logistic' ? LOGISTIC : LEAKY;
  const net = new Mlp(mnist, {
    hidden: job.hidden,
    recipe: {
      ...recipe,
      gradient: job.gradient ?? recipe.gradient,
      weightSd: job.weightSd ?? recipe.weightSd,
    },
    policy: parsePolicy(job.policy),
    seed: job.seed,
    perSynapse: job.ledger ?? false,
    exponents: job.exponents,
  });
  const checkpoints: Checkpoint[] = [];
  let reached = false;
  while (!reached && net.samples < job.maxSamples) {
    net.learn(Math.min(job.testEvery, job.maxSamples - net.samples));
    const accuracy = net.accuracy();
    checkpoints.push({ samples: net.samples, updates: net.updates, accuracy, totals: net.totals() });
    reached = accuracy > job.goal;
  }
  // What is left in transients is consolidated and billed in the ledger; the checkpoints tell it apart.
  net.finish();
  return {
    reached,
    checkpoints,
    costs: net.costs(),
    ledger: job.ledger ? ledgerToJson(net.ledger('', {}, 0)) : null,
  };
}
