import { ledgerFromJson } from '../../src/energy/ledger-json.js';
import type { RunContext, RunOutput } from '../../src/experiment/define.js';
import { replicateSeeds, type SweepTask, sweep } from '../../src/experiment/sweep.js';
import type { MlpJob, MlpResult } from '../../src/learning/jobs.js';
import type { WriteCost } from '../../src/plasticity/write-meter.js';
import type { Config } from './config.js';

/** What a point of the sweep is about; a point may serve several figures. */
export type Part = 'size' | 'fraction' | 'mask' | 'subnet' | 'combination';

export interface Point {
  part: Part;
  /** What the policy is called in tables and figures. */
  policy: string;
  hidden: number;
  /** p of the first layer; null where nothing competes. */
  fraction: number | null;
  subnet: number | null;
  plasticity: MlpJob['policy'];
}

/** One network, trained until its goal or given up. M0 writes, M1 Σ|Δ|, of persistent weights; residue included. */
export interface Row extends Omit<Point, 'plasticity'> {
  seed: number;
  reached: boolean;
  accuracy: number;
  samples: number;
  updates: number;
  m0: number;
  m1: number;
  m0Least: number;
  m1Least: number;
  transientWrites: number;
  transientChange: number;
  maintenance: number;
  /** Energy of all writes by the exponents asked for. */
  costs: WriteCost[];
}

export interface Metrics {
  rows: Row[];
}

export const VANILLA = 'all synapses';
/** Thresholds of caching in the combinations; transients are free and do not decay. */
const CACHE_THRESHOLDS = [0.003, 0.01, 0.03];
const COMBINED_FRACTION = 0.01;

export async function run(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const points = pointsOf(config).flatMap((point) =>
    replicateSeeds(context, repeatsOf(point, config)).map((seed) => ({ point, seed })),
  );
  const first = context.seed;
  const kept = points.map(({ point, seed }) => seed === first && keepsLedger(point, config));
  const tasks = points.map(({ point, seed }, k) => taskOf(point, seed, config, kept[k]));
  const results = await sweep<MlpJob, MlpResult>('learning/jobs.js', tasks, context);
  return {
    metrics: { rows: points.map(({ point, seed }, k) => rowOf(point, seed, results[k])) },
    ledgers: points.flatMap(({ point, seed }, k) => {
      const { ledger } = results[k];
      return ledger === null ? [] : [{ ...ledgerFromJson(ledger), ...namesOf(point, seed) }];
    }),
  };
}

/**
 * The ledger of each synapse comes home for the first seed of the policies at the size in question; of the rules of
 * selection at one fraction.
 */
function keepsLedger({ part, hidden, fraction }: Point, config: Config): boolean {
  if (part === 'mask' && fraction !== config.maskFractions[0]) return false;
  return part !== 'subnet' && hidden === config.hidden;
}

function namesOf({ policy, hidden, fraction, subnet }: Point, seed: number) {
  const network = [
    `${hidden} hidden units, ${policy}`,
    ...(fraction === null ? [] : [`p = ${fraction}`]),
    `seed ${seed}`,
  ].join(', ');
  return { network, labels: { policy, hidden, fraction: fraction ?? '', subnet: subnet ?? '', seed } };
}

/** Crossings scatter by a tenth: claims are made of more runs. */
const ANCHORS: readonly (number | null)[] = [null, 0.03, 0.003];

function repeatsOf({ part, hidden, fraction }: Point, config: Config): number {
  const anchors = (part === 'size' || part === 'fraction') && ANCHORS.includes(fraction);
  return anchors && hidden === config.hidden
    ? Math.max(config.repeats, config.anchorRepeats)
    : config.repeats;
}

function pointsOf(config: Config): Point[] {
  const { hidden, subnetHidden } = config;
  const sizes = [...new Set([...config.sizes, hidden, subnetHidden])].sort((a, b) => a - b);
  const largest = (fraction: number) => ({ select: 'largest' as const, fraction });
  const point = (
    part: Part,
    policy: string,
    plasticity: Point['plasticity'],
    more: Partial<Point> = {},
  ): Point => ({
    part,
    policy,
    hidden,
    fraction: plasticity.fraction ?? null,
    subnet: plasticity.subnet ?? null,
    plasticity,
    ...more,
  });
  const masks = (fraction: number) =>
    MASKS.filter((mask) => mask.select !== 'largest' || !config.fractions.includes(fraction)).map((mask) =>
      point('mask', mask.name, { select: mask.select, fraction }),
    );
  return [
    ...sizes.map((size) => point('size', VANILLA, {}, { hidden: size })),
    ...config.fractions.map((fraction) => point('fraction', MASKS[0].name, largest(fraction))),
    ...config.maskFractions.flatMap(masks),
    ...config.subnets
      .filter((k) => k <= subnetHidden)
      .map((subnet) => point('subnet', 'subnet', { subnet }, { hidden: subnetHidden })),
    ...config.subnetSizes
      .filter((size) => size !== subnetHidden && config.subnets[0] <= size)
      .map((size) => point('subnet', 'subnet', { subnet: config.subnets[0] }, { hidden: size })),
    ...(config.combinations ? combinations(point, largest(COMBINED_FRACTION)) : []),
  ];
}

/** Rules of selection with a fraction: the competition and its controls. */
export const MASKS = [
  { select: 'largest', name: 'largest of the layer' },
  { select: 'largest-per-neuron', name: 'largest of each neuron' },
  { select: 'random-redrawn', name: 'random, drawn anew' },
  { select: 'random-fixed', name: 'random, fixed' },
] as const;

function combinations(
  point: (part: Part, policy: string, plasticity: Point['plasticity']) => Point,
  compete: Point['plasticity'],
): Point[] {
  const cache = (threshold: number) => ({ rule: 'synapse' as const, threshold });
  const competing = `compete p = ${COMBINED_FRACTION}`;
  return [
    point('combination', 'lazy', { lazy: 'mistakes' }),
    point('combination', `lazy, ${competing}`, { lazy: 'mistakes', ...compete }),
    ...CACHE_THRESHOLDS.map((threshold) =>
      point('combination', `cache θ = ${threshold}`, { cache: cache(threshold) }),
    ),
    point('combination', `${competing}, cache θ = 0.01`, { ...compete, cache: cache(0.01) }),
    point('combination', `lazy, ${competing}, cache θ = 0.01`, {
      lazy: 'mistakes',
      ...compete,
      cache: cache(0.01),
    }),
  ];
}

function taskOf(point: Point, seed: number, config: Config, ledger: boolean): SweepTask<MlpJob> {
  const { hidden, plasticity, policy, fraction, part } = point;
  const isControl = part === 'mask' || part === 'subnet';
  const maxSamples = isControl ? Math.min(config.controlSamples, config.maxSamples) : config.maxSamples;
  // Fewer plastic synapses learn more slowly.
  const samples = Math.min(maxSamples, 30_000 * (fraction === null ? 1 : fraction ** -0.25) + 6e5 / hidden);
  return {
    job: {
      kind: 'mlp',
      recipe: 'leaky-relu',
      hidden,
      weightSd: config.weightSd,
      policy: plasticity,
      seed,
      testEvery: config.testEvery,
      goal: config.goal,
      maxSamples,
      ledger,
      exponents: config.exponents,
    },
    doing: `${hidden} hidden units, ${policy}${fraction === null ? '' : `, p = ${fraction}`}, seed ${seed}`,
    // The tests take as long as learning; the ledger of each synapse thrice as long.
    cost: samples * (hidden + 20) * (ledger ? 2.5 : 1),
  };
}

function rowOf(
  { plasticity: _, ...point }: Point,
  seed: number,
  { reached, checkpoints, costs }: MlpResult,
): Row {
  const { samples, updates, accuracy, totals } = checkpoints[checkpoints.length - 1];
  return {
    ...point,
    seed,
    reached,
    accuracy,
    samples,
    updates,
    m0: totals.persistentWrites + totals.residualSynapses,
    m1: totals.persistentChange + totals.residual,
    m0Least: totals.changedSynapses,
    m1Least: totals.distance,
    transientWrites: totals.transientWrites,
    transientChange: totals.transientChange,
    maintenance: totals.maintenance,
    costs,
  };
}
