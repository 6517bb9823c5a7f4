import { Arena } from '../../kernels/arena.js';
import { packSigns, perceptronKernel, wordsOf } from '../../kernels/perceptron/index.js';
import { firstError } from '../../kernels/perceptron/reference.js';
import type { Ledger, WeightChanges } from '../energy/ledger.js';
import { type CacheSettings, linearRetention, type Rule } from '../plasticity/cache.js';
import { FastLayer } from '../plasticity/fast-layer.js';
import { type Kernels, kernelsOn } from '../plasticity/fast-memory.js';
import type { LayerTotals, PlasticLayer } from '../plasticity/layer.js';
import type { LayerPolicy } from '../plasticity/policy.js';
import { ReferenceLayer } from '../plasticity/reference-layer.js';
import { type WriteCost, WriteMeter } from '../plasticity/write-meter.js';
import { UsageError } from '../util/errors.js';
import { type Stream, stream } from '../util/rng.js';

/** Random binary classification by a perceptron (Li & van Rossum 2020, section "Perceptron"). */
export interface PerceptronTask {
  /** N, without the bias synapse that is always on. */
  inputs: number;
  /** P random patterns of ±1 with random targets ±1, shown in a fixed cyclic order. */
  patterns: number;
  /** η, 1 unless given: each mistake changes each weight by η·target·x. */
  rate?: number;
  cache?: { rule: Rule; threshold: number; tau?: number };
  /** Learning is given up after this many rounds through the patterns; 10,000 unless given. */
  maxEpochs?: number;
  /** Exponents α for which M = Σ|Δl|^α over the persistent writes is wanted. */
  exponents?: readonly number[];
  seed: number;
}

/** What learning took. Weights start from 0; sums are over all N + 1 synapses. */
export interface PerceptronRun {
  /** Whether a whole round without a mistake was reached. A run that was not must not be averaged with others. */
  converged: boolean;
  /** K, changes of the weight vector. */
  updates: number;
  /** T, presentations up to the end of the round without a mistake. */
  presentations: number;
  epochs: number;
  /** After the residual transients were consolidated and billed. */
  totals: LayerTotals;
  /** Final weights, bias last. */
  weights: Float64Array;
  /** What all persistent writes, those at the end included, cost by the exponents asked for. */
  costs: WriteCost[];
  changes: WeightChanges | null;
}

/** Storage and search that a perceptron runs on: fast kernels, or plain loops. */
interface Substrate {
  layer: PlasticLayer;
  /** First pattern at or after `from` that is classified wrongly, or the number of patterns. */
  firstError(from: number): number;
  /** Puts a pattern into the layer's input. */
  show(pattern: number): void;
}

/**
 * Trains a perceptron until it makes no mistake in a round: y·target ≤ 0 is a mistake, and changes w by η·target·x.
 * With a cache the changes go to transients; these decay by 1 - 1/τ before each presentation, are billed after
 * that, and are tested against the threshold when they are changed. What is left at the end is consolidated.
 *
 * @param engine `fast`: float32, WASM SIMD; `reference`: float64, the composition of plain transformers
 * @param perSynapse whether to return the ledger of each synapse
 * @param instrument puts something between the layer and its kernels (a stopwatch)
 * @throws UsageError if the task cannot be learnt (P above 2N) and no cap on epochs was given
 */
export function runPerceptron(
  task: PerceptronTask,
  engine: 'fast' | 'reference' = 'fast',
  perSynapse = false,
  instrument: (kernels: Kernels) => Kernels = (kernels) => kernels,
): PerceptronRun {
  check(task);
  const { rate = 1, maxEpochs = 10_000 } = task;
  const data = drawPatterns(task);
  const substrate = engine === 'fast' ? onKernels(task, data, perSynapse, instrument) : onLoops(task, data);
  const { layer } = substrate;
  const meter = new WriteMeter([layer], task.exponents);

  let [updates, presentations, epochs] = [0, 0, 0];
  let converged = false;
  while (!converged && epochs < maxEpochs) {
    let from = 0;
    let mistakes = 0;
    while (from < task.patterns) {
      const wrong = substrate.firstError(from);
      const shown = Math.min(wrong + 1, task.patterns) - from;
      layer.tick(shown);
      presentations += shown;
      from += shown;
      if (wrong === task.patterns) break;
      substrate.show(wrong);
      layer.change[0] = rate * data.targets[wrong];
      layer.learn();
      meter.look();
      mistakes++;
    }
    updates += mistakes;
    epochs++;
    converged = mistakes === 0;
  }
  layer.finish();
  meter.look();
  return {
    converged,
    updates,
    presentations,
    epochs,
    totals: layer.totals(),
    weights: layer.weights(),
    costs: meter.costs(),
    changes: layer.changes(),
  };
}

function check(task: PerceptronTask): void {
  const refuse = (what: string, key: string, todo: string) => {
    throw new UsageError(what, `perceptron.${key}`, todo);
  };
  for (const key of ['inputs', 'patterns'] as const) {
    if (!(Number.isInteger(task[key]) && task[key] > 0)) {
      refuse(`${task[key]} is no number of ${key}`, key, 'Give a whole number above 0.');
    }
  }
  if (task.patterns >= 2 * task.inputs && task.maxEpochs === undefined) {
    refuse(
      `${task.patterns} patterns are at or above the capacity of ${2 * task.inputs}`,
      'patterns',
      'Give fewer, or cap the epochs with maxEpochs.',
    );
  }
  if (!((task.rate ?? 1) > 0)) refuse(`rate ${task.rate}`, 'rate', 'Give a number above 0.');
  const { threshold = 0, tau } = task.cache ?? {};
  if (!(threshold >= 0)) refuse(`threshold ${threshold}`, 'cache.threshold', 'Give 0 or more.');
  if (tau !== undefined && !(tau > 1)) {
    refuse(
      `time constant ${tau}`,
      'cache.tau',
      'Give more than 1 presentation, or leave it out for no decay.',
    );
  }
}

export interface Patterns {
  /** P rows of N + 1 inputs, ±1; the last one is the bias, always +1. */
  x: Int8Array[];
  targets: Float32Array;
}

/** The random task of a seed. */
export function drawPatterns({ inputs, patterns, seed }: PerceptronTask): Patterns {
  const random = stream(seed, 'perceptron/patterns');
  const sign = () => (random.uniform() < 0.5 ? 1 : -1);
  const x = Array.from({ length: patterns }, () =>
    Int8Array.from({ length: inputs + 1 }, (_, i) => (i < inputs ? sign() : 1)),
  );
  return { x, targets: Float32Array.from({ length: patterns }, sign) };
}

export function perceptronPolicy(task: PerceptronTask): LayerPolicy {
  const { rule, threshold, tau } = task.cache ?? {};
  const cache: CacheSettings | null =
    rule === undefined || threshold === undefined
      ? null
      : { rule, threshold, retention: tau === undefined ? 1 : linearRetention(tau) };
  return {
    selection: { kind: 'all' },
    cache,
    order: 'compete-first',
    plasticSources: task.inputs + 1,
    plasticTargets: 1,
  };
}

function maskStream(task: PerceptronTask): Stream {
  return stream(task.seed, 'perceptron/mask');
}

function onKernels(
  task: PerceptronTask,
  data: Patterns,
  perSynapse: boolean,
  instrument: (kernels: Kernels) => Kernels,
): Substrate {
  const arena = new Arena();
  const kernel = perceptronKernel(arena.memory);
  const n = task.inputs + 1;
  const policy = perceptronPolicy(task);
  const layer = new FastLayer(
    instrument(kernelsOn(arena)),
    n,
    1,
    new Float32Array(n),
    policy,
    maskStream(task),
    perSynapse,
  );
  const words = wordsOf(n);
  const packed = arena.uint32(task.patterns * words);
  data.x.forEach((x, p) => {
    packSigns(x, packed.subarray(p * words, (p + 1) * words));
  });
  const targets = arena.float32(task.patterns);
  targets.set(data.targets);
  const { cache } = layer;
  const l = layer.persistent.byteOffset;
  return {
    layer,
    show: (pattern) => kernel.unpack(packed.byteOffset + 4 * words * pattern, layer.input.byteOffset, n),
    firstError(from) {
      const where = [packed.byteOffset, targets.byteOffset, layer.stride, from, task.patterns] as const;
      if (!cache) return kernel.firstError(l, ...where);
      return kernel.firstErrorDecaying(
        l,
        cache.u.byteOffset,
        cache.scale,
        cache.settings.retention,
        ...where,
      );
    },
  };
}

function onLoops(task: PerceptronTask, data: Patterns): Substrate {
  const n = task.inputs + 1;
  const layer = new ReferenceLayer(n, 1, new Float64Array(n), perceptronPolicy(task), maskStream(task));
  return {
    layer,
    show: (pattern) => layer.input.set(data.x[pattern]),
    firstError: (from) =>
      firstError(
        (k) => layer.weightsAfter(k),
        (p) => data.x[p],
        data.targets,
        from,
      ),
  };
}

/**
 * The ledger of each synapse, the bias last.
 * @throws Error unless the run kept it (`perSynapse`, or the reference engine)
 */
export function perceptronLedger(run: PerceptronRun, network: string, labels: Ledger['labels']): Ledger {
  if (run.changes === null) throw new Error('this run kept totals alone; ask for perSynapse');
  return {
    network,
    labels,
    inferences: 0,
    trainingSamples: run.presentations,
    layers: [
      {
        channel: 'graded',
        name: 'inputs to output',
        sources: run.weights.length,
        targets: 1,
        inferenceMacsPerSynapse: 0,
        trainingForwardMacsPerSynapse: run.presentations,
        trainingBackwardMacsPerSynapse: run.updates,
        changes: run.changes,
      },
    ],
  };
}
