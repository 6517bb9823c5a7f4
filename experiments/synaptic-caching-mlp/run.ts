import { ledgerFromJson } from '../../src/energy/ledger-json.js';
import type { RunContext, RunOutput } from '../../src/experiment/define.js';
import { replicateSeeds, type SweepTask, sweep } from '../../src/experiment/sweep.js';
import type { MlpJob, MlpResult } from '../../src/learning/jobs.js';
import type { Config } from './config.js';

/** What it took one network to reach one accuracy for the first time. Energies in units of weight. */
export interface Row {
  hidden: number;
  /** θ; null without a cache. */
  threshold: number | null;
  seed: number;
  accuracy: number;
  reached: boolean;
  samples: number;
  /** Σ|Δl|, the residue that would be consolidated now included. */
  change: number;
  /** Σ|s| over samples: maintenance is c times this. */
  held: number;
  /** M_min. */
  least: number;
}

export interface Metrics {
  rows: Row[];
  /** The best accuracy that each run saw. */
  highest: { hidden: number; threshold: number | null; seed: number; accuracy: number }[];
}

interface Point {
  hidden: number;
  threshold: number | null;
  seed: number;
}

export async function run(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const points = pointsOf(config, context);
  // The ledger of each synapse comes home for the first seed of the size in question.
  const kept = points.map(({ hidden, seed }) => seed === context.seed && hidden === config.hidden);
  const tasks = points.map((point, k) => taskOf(point, config, kept[k]));
  const results = await sweep<MlpJob, MlpResult>('learning/jobs.js', tasks, context);
  return {
    metrics: {
      rows: points.flatMap((point, k) =>
        accuraciesOf(point, config).map((accuracy) => rowOf(point, accuracy, results[k])),
      ),
      highest: points.map((point, k) => ({
        ...point,
        accuracy: Math.max(...results[k].checkpoints.map((checkpoint) => checkpoint.accuracy)),
      })),
    },
    ledgers: points.flatMap(({ hidden, threshold, seed }, k) => {
      const { ledger } = results[k];
      if (ledger === null) return [];
      const network = `${hidden} hidden units, ${threshold === null ? 'no cache' : `θ = ${threshold}`}, seed ${seed}`;
      return [{ ...ledgerFromJson(ledger), network, labels: { hidden, threshold: threshold ?? '', seed } }];
    }),
  };
}

function pointsOf(config: Config, context: RunContext): Point[] {
  return [...new Set([config.hidden, ...config.sizes])].flatMap((hidden) =>
    [null, ...thresholdsAt(hidden, config)].flatMap((threshold) =>
      replicateSeeds(context, config.repeats).map((seed) => ({ hidden, threshold, seed })),
    ),
  );
}

export function thresholdsAt(hidden: number, config: Config): number[] {
  return hidden === config.hidden
    ? [...new Set([...config.thresholds, ...config.sizeThresholds])].sort((a, b) => a - b)
    : config.sizeThresholds;
}

/** Networks of other sizes learn only as far as the search for the best size asks. */
function accuraciesOf({ hidden }: Point, config: Config): number[] {
  const all =
    hidden === config.hidden ? [...config.accuracies, ...config.sizeAccuracies] : config.sizeAccuracies;
  return [...new Set(all)].sort((a, b) => a - b);
}

function taskOf(point: Point, config: Config, ledger: boolean): SweepTask<MlpJob> {
  const { hidden, threshold, seed } = point;
  const goal = Math.max(...accuraciesOf(point, config));
  const isPlain = threshold === null && hidden === config.hidden;
  const maxSamples = isPlain ? config.maxSamples : Math.min(config.otherSamples, config.maxSamples);
  const samples = Math.min(maxSamples, 2e3 / (1 - goal) ** 1.2);
  return {
    job: {
      kind: 'mlp',
      recipe: 'logistic',
      gradient: config.gradient,
      hidden,
      policy: threshold === null ? {} : { cache: { rule: 'neuron', threshold, tau: config.tau } },
      seed,
      testEvery: config.testEvery,
      goal,
      maxSamples,
      ledger,
    },
    doing: `${hidden} hidden units, ${threshold === null ? 'no cache' : `θ = ${threshold}`}, seed ${seed}`,
    cost: samples * (hidden + 20) * (threshold === null ? 1 : 2),
  };
}

function rowOf(point: Point, accuracy: number, { checkpoints }: MlpResult): Row {
  const first = checkpoints.find((checkpoint) => checkpoint.accuracy > accuracy);
  const last = first ?? checkpoints[checkpoints.length - 1];
  const { totals, samples } = last;
  return {
    ...point,
    accuracy,
    reached: first !== undefined,
    samples,
    change: totals.persistentChange + totals.residual,
    held: totals.maintenance,
    least: totals.distance,
  };
}
