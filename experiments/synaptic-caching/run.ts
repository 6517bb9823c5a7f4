import { ledgerFromJson } from '../../src/energy/ledger-json.js';
import type { RunContext, RunOutput } from '../../src/experiment/define.js';
import { replicateSeeds, type SweepTask, sweep } from '../../src/experiment/sweep.js';
import type { PerceptronJob, PerceptronResult } from '../../src/learning/jobs.js';
import type { Rule } from '../../src/plasticity/cache.js';
import type { WriteCost } from '../../src/plasticity/write-meter.js';
import { UsageError } from '../../src/util/errors.js';
import type { Config } from './config.js';

export const RULES: readonly Rule[] = ['synapse', 'neuron', 'sum'];
/** The rule of the paper's figures, unless they say otherwise. */
export const DEFAULT_RULE: Rule = 'neuron';
const EXPONENTS = [0, 0.5, 1, 1.5, 2, 2.5];

/** One perceptron, trained. Energies are in units of weight, summed over its synapses. */
export interface Row {
  part: 'load' | 'cache' | 'decay' | 'power';
  patterns: number;
  seed: number;
  rule: Rule | null;
  /** θ as configured; null without a cache. */
  threshold: number | null;
  tau: number | null;
  converged: boolean;
  updates: number;
  presentations: number;
  /** Σ|Δl|, residue included; without a cache Σ|Δw|. */
  change: number;
  writes: number;
  /** Σ|s| over presentations: maintenance is c times this. */
  held: number;
  /** M_min. */
  least: number;
  weightVariance: number;
}

export interface ExponentRow extends WriteCost {
  seed: number;
}

export interface Metrics {
  rows: Row[];
  exponents: ExponentRow[];
}

type Point = Pick<Row, 'part' | 'patterns' | 'seed' | 'rule' | 'threshold' | 'tau'> & { maxEpochs?: number };

export async function run(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const tooMany = config.loads.find((patterns) => patterns >= 2 * config.inputs);
  if (tooMany !== undefined) {
    throw new UsageError(
      `${tooMany} patterns are at or above the capacity of ${2 * config.inputs}`,
      'loads',
      'Give numbers of patterns below twice the inputs: no cap on epochs makes the others converge.',
    );
  }
  const points = pointsOf(config, context);
  const kept = points.map((point) => point.seed === context.seed && keepsLedger(point));
  const tasks = points.map((point, k) => taskOf(point, config, kept[k]));
  const results = await sweep<PerceptronJob, PerceptronResult>('learning/jobs.js', tasks, context);
  return {
    metrics: {
      rows: points.map((point, k) => rowOf(point, results[k])),
      exponents: points.flatMap(({ seed }, k) => results[k].costs.map((cost) => ({ seed, ...cost }))),
    },
    ledgers: points.flatMap((point, k) => {
      const { ledger } = results[k];
      return ledger === null ? [] : [{ ...ledgerFromJson(ledger), ...namesOf(point) }];
    }),
  };
}

/** The ledger of each synapse comes home for the first seed: without a cache, and with the default rule. */
function keepsLedger({ part, rule }: Point): boolean {
  return part === 'load' || (part === 'cache' && rule === DEFAULT_RULE);
}

function namesOf({ patterns, rule, threshold, seed }: Point) {
  const cached = threshold === AT_END ? 'cache, at the end' : `cache, θ = ${threshold}`;
  const policy = rule === null ? 'no cache' : cached;
  return {
    network: `${patterns} patterns, ${policy}, seed ${seed}`,
    labels: { patterns, rule: rule ?? '', threshold: threshold ?? '', seed },
  };
}

function pointsOf(config: Config, context: RunContext): Point[] {
  const none = { rule: null, threshold: null, tau: null };
  const loads = config.loads.flatMap((patterns) => {
    const repeats = patterns >= 1.8 * config.inputs ? config.capacityRepeats : config.repeats;
    return replicateSeeds(context, repeats).map((seed) => ({
      part: 'load' as const,
      patterns,
      seed,
      ...none,
      maxEpochs: config.maxEpochs,
    }));
  });
  const seeds = replicateSeeds(context, config.cachingRepeats);
  const each = (part: Row['part'], rules: readonly Rule[], thresholds: number[], taus: (number | null)[]) =>
    rules.flatMap((rule) =>
      thresholds.flatMap((threshold) =>
        taus.flatMap((tau) =>
          seeds.map((seed) => ({ part, patterns: config.inputs, seed, rule, threshold, tau })),
        ),
      ),
    );
  return [
    ...loads,
    ...each('cache', RULES, withExtremes(config.thresholds), [null]),
    ...each('decay', [DEFAULT_RULE], config.decayThresholds, config.taus).map((point) => ({
      ...point,
      maxEpochs: config.decayEpochs,
    })),
    // Far above capacity a perceptron goes on making mistakes at a steady rate, as the theory assumes.
    ...each('power', ['synapse'], config.decayThresholds, [config.powerTau]).map((point) => ({
      ...point,
      patterns: 3 * config.inputs,
      maxEpochs: config.powerEpochs,
    })),
  ];
}

/** A threshold that nothing reaches: all is consolidated when learning is over. (JSON has no infinity.) */
export const AT_END = 1e9;

/** θ = 0 is learning without a cache, which everything is compared with; AT_END the other extreme. */
function withExtremes(thresholds: number[]): number[] {
  return [...new Set([0, ...thresholds, AT_END])];
}

function taskOf(point: Point, config: Config, ledger: boolean): SweepTask<PerceptronJob> {
  const { patterns, seed, rule, threshold, tau, maxEpochs } = point;
  const inputs = config.inputs;
  const scale = rule === 'sum' ? inputs + 1 : 1;
  const cache =
    rule === null || threshold === null
      ? undefined
      : { rule, threshold: threshold * scale, tau: tau ?? undefined };
  return {
    job: {
      kind: 'perceptron',
      inputs,
      patterns,
      seed,
      cache,
      maxEpochs,
      exponents: point.part === 'load' && point.patterns === config.inputs ? EXPONENTS : [],
      ledger,
    },
    doing: `${patterns} patterns${cache ? `, θ ${threshold}` : ''}${tau === null ? '' : `, τ ${tau}`}, seed ${seed}`,
    cost: expectedPresentations(point, config) * inputs,
  };
}

/** Roughly; the time left is told from it. */
function expectedPresentations({ part, patterns, tau }: Point, { inputs, powerEpochs }: Config): number {
  if (part === 'power') return patterns * powerEpochs;
  const fixed = 20_000;
  return fixed + patterns ** 1.5 / (2 - patterns / inputs) ** 2 + (tau === null ? 0 : 5 * patterns ** 1.5);
}

function rowOf({ maxEpochs: _, ...point }: Point, result: PerceptronResult): Row {
  const { converged, updates, presentations, totals, weightVariance } = result;
  return {
    ...point,
    converged,
    updates,
    presentations,
    change: totals.persistentChange,
    writes: totals.persistentWrites,
    held: totals.maintenance,
    least: totals.distance,
    weightVariance,
  };
}
