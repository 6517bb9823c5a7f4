import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { Unit } from '../../src/energy/counts.js';
import { loadTariff, priceOf, type Tariff } from '../../src/energy/tariff.js';
import type { RunView } from '../../src/index.js';
import type { Config } from './config.js';
import { type Look, type Metrics, type OptimiserName, POLICIES, type Run } from './run.js';

export type View = RunView<Config, Metrics>;

/** What of the energy of learning goes where. */
export const SHARES = {
  forward: ['transmission', 'neuronUpdate', 'spike'],
  backward: ['gradient', 'mac'],
  update: ['weightWrite', 'weightChange', 'transientChange', 'maintenance', 'consolidation'],
} as const satisfies Record<string, readonly Unit[]>;
export type Share = keyof typeof SHARES;

const FJ_PER_UJ = 1e9;

/** Energy of some work under a tariff, µJ; null if the tariff does not price all of it. */
function energyUj(look: Pick<Look, 'counts'>, tariff: Tariff, share?: Share): number | null {
  const units: readonly Unit[] = share ? SHARES[share] : Object.values(SHARES).flat();
  let sum = 0;
  for (const unit of units) {
    const count = look.counts[unit] ?? 0;
    if (count === 0) continue;
    const priced = priceOf(tariff, unit);
    if (priced.status === 'not priced') return null;
    if (priced.status === 'priced') sum += count * priced.price.valueFj;
  }
  return sum / FJ_PER_UJ;
}

/** Means over the runs of one policy at the first look above an accuracy; null unless every run got there. */
export interface Reached {
  optimiser: OptimiserName;
  policy: string;
  accuracy: number;
  runs: number;
  of: number;
  samples: number;
  energyUj: number | null;
  shares: Record<Share, number | null>;
  m0: number;
  m1: number;
  m0Sd: number;
  inefficiency: number;
}

export function runsOf({ metrics }: View, optimiser: OptimiserName, policy: string): Run[] {
  return metrics.runs.filter((run) => run.optimiser === optimiser && run.policy === policy);
}

function crossing(run: Run, accuracy: number): Look | undefined {
  return run.looks.find((look) => look.accuracy > accuracy);
}

export function reached(view: View, optimiser: OptimiserName, policy: string, accuracy: number): Reached {
  const tariff = loadTariff(view.config.tariff);
  const runs = runsOf(view, optimiser, policy);
  const looks = runs.map((run) => crossing(run, accuracy)).filter((look) => look !== undefined);
  const all = looks.length === runs.length && runs.length > 0;
  const of = (pick: (look: Look) => number) => (all ? mean(looks.map(pick)) : Number.NaN);
  const energy = (share?: Share) => {
    const energies = looks.map((look) => energyUj(look, tariff, share));
    return all && energies.every((e) => e !== null) ? mean(energies as number[]) : null;
  };
  const m0 = looks.map((look) => look.m0);
  return {
    optimiser,
    policy,
    accuracy,
    runs: looks.length,
    of: runs.length,
    samples: of((look) => look.samples),
    energyUj: energy(),
    shares: { forward: energy('forward'), backward: energy('backward'), update: energy('update') },
    m0: of((look) => look.m0),
    m1: of((look) => look.m1),
    m0Sd: m0.length > 1 ? sampleStandardDeviation(m0) : 0,
    inefficiency: of((look) => look.m1 / look.m1Least),
  };
}

export function allReached(view: View): Reached[] {
  return view.config.optimisers.flatMap((optimiser) =>
    POLICIES.flatMap((policy) =>
      view.config.accuracies.map((accuracy) => reached(view, optimiser, policy, accuracy)),
    ),
  );
}

/** The highest accuracy that every run of every policy of an optimiser reached, or of as many policies as any did. */
export function commonAccuracy(view: View, optimiser: OptimiserName): number | null {
  const counts = view.config.accuracies
    .map((accuracy) => ({
      accuracy,
      policies: POLICIES.filter((policy) => {
        const point = reached(view, optimiser, policy, accuracy);
        return point.runs === point.of;
      }).length,
    }))
    .filter(({ policies }) => policies > 0);
  if (counts.length === 0) return null;
  const most = Math.max(...counts.map(({ policies }) => policies));
  return Math.max(...counts.filter(({ policies }) => policies === most).map(({ accuracy }) => accuracy));
}

/** Points that no other beats in both: at least as accurate, and cheaper. */
export function paretoFront<P extends { accuracy: number; energyUj: number | null }>(points: P[]): P[] {
  const priced = points.filter((point) => point.energyUj !== null);
  return priced.filter(
    (point) =>
      !priced.some(
        (other) =>
          other !== point &&
          other.accuracy >= point.accuracy &&
          other.energyUj! <= point.energyUj! &&
          (other.accuracy > point.accuracy || other.energyUj! < point.energyUj!),
      ),
  );
}

/** Accuracy at the end: mean over runs of the mean of the last three looks. */
export function finalAccuracy(view: View, optimiser: OptimiserName, policy: string): number {
  return mean(
    runsOf(view, optimiser, policy).map((run) => mean(run.looks.slice(-3).map((look) => look.accuracy))),
  );
}

/** Mean overlap of the sets of synapses written in two successive steps, over all looks and runs. */
export function meanOverlap(view: View, optimiser: OptimiserName, policy: string): number {
  const overlaps = runsOf(view, optimiser, policy)
    .flatMap((run) => run.looks.map((look) => look.overlap))
    .filter((overlap) => overlap !== null);
  return overlaps.length > 0 ? mean(overlaps) : Number.NaN;
}

/** Lorenz curve: the dearest `share` of the synapses have paid `paid` of all; and Gini's coefficient. */
export function lorenz(
  paid: Float64Array,
  points = 60,
): { curve: { share: number; paid: number }[]; gini: number } {
  const falling = paid.slice().sort().reverse();
  const total = falling.reduce((sum, value) => sum + value, 0);
  const curve = [{ share: 0, paid: 0 }];
  let [sum, area] = [0, 0];
  let next = 1;
  for (let k = 0; k < falling.length; k++) {
    area += (sum + falling[k] / 2) / (total || 1) / falling.length;
    sum += falling[k];
    if ((k + 1) * points >= next * falling.length) {
      curve.push({ share: (k + 1) / falling.length, paid: total > 0 ? sum / total : 0 });
      next = Math.floor(((k + 1) * points) / falling.length) + 1;
    }
  }
  return { curve, gini: 2 * area - 1 };
}
