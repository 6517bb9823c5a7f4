import { Arena } from '../../kernels/arena.js';
import type { ImageData } from '../data/images.js';
import type { Ledger } from '../energy/ledger.js';
import { exponentialRetention } from '../plasticity/cache.js';
import { FastLayer } from '../plasticity/fast-layer.js';
import { type Kernels, kernelsOn } from '../plasticity/fast-memory.js';
import { addTotals, type LayerTotals, type PlasticLayer } from '../plasticity/layer.js';
import { layerPolicies, type Policy } from '../plasticity/policy.js';
import { ReferenceLayer } from '../plasticity/reference-layer.js';
import { type WriteCost, WriteMeter } from '../plasticity/write-meter.js';
import { type Stream, stream } from '../util/rng.js';
import { type Learner, learnFrom, type Outcome } from './learner.js';
import { Inputs } from './mlp-data.js';
import { Evaluator } from './mlp-evaluate.js';
import { LEAK, type MlpRecipe } from './mlp-recipes.js';

/** A perceptron with one hidden layer, how it learns, and the policy that its weight changes go through. */
export interface MlpTask {
  /** Hidden units, the clamped one included if the recipe has one. */
  hidden: number;
  recipe: MlpRecipe;
  policy: Policy;
  seed: number;
  /** Whether to keep the ledger of each synapse, which is slower. */
  perSynapse?: boolean;
  /** Exponents α for which M = Σ|Δl|^α over the persistent writes is wanted; slow. */
  exponents?: readonly number[];
  /** `fast` (float32 kernels) or `reference` (float64, plain). */
  engine?: 'fast' | 'reference';
  /** Puts something between the network and its kernels (a stopwatch). */
  instrument?: (kernels: Kernels) => Kernels;
}

/**
 * A multilayer perceptron with one hidden layer that learns online, one image at a time, by back-propagation of the
 * squared error; all proposed changes go through a plasticity policy.
 */
export class Mlp implements Learner {
  readonly hidden: PlasticLayer;
  readonly output: PlasticLayer;
  readonly layers: readonly [PlasticLayer, PlasticLayer];
  /** Images shown, and images that were learnt from (fewer if learning is lazy). */
  samples = 0;
  updates = 0;
  private readonly train: Inputs;
  private readonly evaluator: Evaluator;
  private readonly order: Stream;
  private readonly retention: number;
  private readonly meter: WriteMeter;
  private label = 0;

  constructor(
    data: ImageData,
    private readonly task: MlpTask,
  ) {
    const { recipe, policy, seed } = task;
    this.train = new Inputs(data, data.train, recipe.inputs, seed);
    const test = new Inputs(data, data.test, recipe.inputs, seed);
    const sizes = [this.train.length, task.hidden, data.classes];
    const arena = new Arena();
    const kernels = (task.instrument ?? ((all) => all))(kernelsOn(arena));
    const policies = layerPolicies(policy, sizes, exponentialRetention);
    [this.hidden, this.output] = policies.map((layerPolicy, l): PlasticLayer => {
      const [sources, targets] = [sizes[l], sizes[l + 1]];
      const weights = initialWeights(sources * targets, recipe.weightSd, stream(seed, `mlp/weights/${l}`));
      const mask = stream(seed, `mlp/mask/${l}`);
      return task.engine !== 'reference'
        ? new FastLayer(kernels, sources, targets, weights, layerPolicy, mask, task.perSynapse ?? false)
        : new ReferenceLayer(sources, targets, weights, layerPolicy, mask);
    });
    this.layers = [this.hidden, this.output];
    this.meter = new WriteMeter(this.layers, task.exponents);
    this.retention = policies[0].cache?.retention ?? 1;
    this.order = stream(seed, 'mlp/order');
    this.evaluator = new Evaluator(arena, this.layers, test, (drive) => this.activate(drive, drive));
  }

  /** Shows the next `count` training images, and learns. */
  learn(count: number): void {
    for (let k = 0; k < count; k++) {
      const image =
        this.task.recipe.order === 'sequential'
          ? this.samples % this.train.count
          : this.order.integer(this.train.count);
      learnFrom(this, image, this.task.policy);
      this.samples++;
    }
  }

  present(image: number): Outcome {
    const { hidden, output } = this;
    this.label = this.train.label(image);
    this.train.show(image, hidden.input as Float32Array);
    hidden.drive();
    this.activate(hidden.output, output.input);
    output.drive();
    return { label: this.label, answer: output.output };
  }

  propose(): void {
    this.backpropagate(this.label);
    this.output.learn();
    this.hidden.learn();
    this.meter.look();
    this.updates++;
  }

  /** What the hidden units make of their drive y (which may be the same array). */
  private activate(y: ArrayLike<number>, to: Float32Array | Float64Array): void {
    const { hidden, clampedUnit } = this.task.recipe;
    if (hidden === 'logistic') for (let j = 0; j < y.length; j++) to[j] = logistic(y[j]);
    else for (let j = 0; j < y.length; j++) to[j] = y[j] > 0 ? y[j] : LEAK * y[j];
    if (clampedUnit) to[0] = 1;
  }

  /** Puts η·(error of each target) into `change` of both layers; both errors are taken before any weight changes. */
  private backpropagate(label: number): void {
    const { recipe } = this.task;
    const { hidden, output } = this;
    const [low, high] = recipe.targets;
    const isLogistic = recipe.output === 'logistic';
    const backwards = output.change;
    for (let k = 0; k < output.targets; k++) {
      const y = isLogistic ? logistic(output.output[k]) : output.output[k];
      const error = (k === label ? high : low) - y;
      const slope = isLogistic ? y * (1 - y) : 1;
      output.output[k] = slope;
      backwards[k] = recipe.gradient === 'exact' ? error * slope : error;
    }
    output.backward();
    for (let k = 0; k < output.targets; k++) {
      const slope = recipe.gradient === 'exact' ? 1 : output.output[k];
      output.change[k] = recipe.rate * backwards[k] * slope;
    }
    for (let j = 0; j < hidden.targets; j++) {
      hidden.change[j] = recipe.rate * output.error[j] * this.slope(output.input[j], j);
    }
  }

  /** Derivative of a hidden unit's activity a. */
  private slope(a: number, unit: number): number {
    const { hidden, clampedUnit } = this.task.recipe;
    if (hidden === 'logistic') return a * (1 - a);
    return a > 0 || (clampedUnit && unit === 0) ? 1 : LEAK;
  }

  /** Fraction of the test images named rightly, with the weights in force. */
  accuracy(): number {
    return this.evaluator.accuracy();
  }

  /**
   * What learning has cost so far. Maintenance is billed for each sample before transients decay, as in the
   * published code: 1/d times what the layers bill after it.
   */
  totals(): LayerTotals {
    const sum = addTotals(this.hidden.totals(), this.output.totals());
    return { ...sum, maintenance: sum.maintenance / this.retention };
  }

  /** Consolidates all transients and bills it: learning is over. */
  finish(): void {
    for (const layer of this.layers) layer.finish();
    this.meter.look();
  }

  /** What all persistent writes cost by the exponents asked for. */
  costs(): WriteCost[] {
    return this.meter.costs();
  }

  /** The ledger of each synapse. @throws Error unless the task asked for it. */
  ledger(network: string, labels: Ledger['labels'], inferences: number): Ledger {
    const layers = [this.hidden, this.output].map((layer, l) => {
      const changes = layer.changes();
      if (changes === null) throw new Error('this run kept totals alone; ask for perSynapse');
      return {
        channel: 'graded' as const,
        name: l === 0 ? 'input to hidden' : 'hidden to output',
        sources: layer.sources,
        targets: layer.targets,
        inferenceMacsPerSynapse: inferences,
        trainingForwardMacsPerSynapse: this.samples,
        // The outer product of each update; in the last layer also the error that goes back.
        trainingBackwardMacsPerSynapse: (l + 1) * this.updates,
        changes,
      };
    });
    return { network, labels, inferences, trainingSamples: this.samples, layers };
  }
}

function logistic(y: number): number {
  return 1 / (1 + Math.exp(-y));
}

function initialWeights(length: number, sd: number, random: Stream): Float32Array {
  return Float32Array.from({ length }, () => sd * random.normal());
}
