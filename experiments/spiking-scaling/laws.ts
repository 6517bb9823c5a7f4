import { leastSquares } from '../../src/scaling/line.js';
import { caveatsOf, fitPowerLaw } from '../../src/scaling/power-law.js';
import { KINDS, type Kind, type Law } from './plan.js';
import { networksOf, type PricedNetwork, priced, type View } from './view.js';

/** What an error is drawn against, and which networks lie on the axis. */
export interface Axis {
  id: string;
  label: string;
  law: Law;
  of: (network: PricedNetwork) => number | null;
}

/** The three laws, and the two that are paid in events and joules. */
export const AXES: readonly Axis[] = [
  { id: 'synapses', label: 'synapses N', law: 'N', of: ({ synapses }) => synapses },
  { id: 'digits', label: 'training digits D', law: 'D', of: ({ samples }) => samples },
  {
    id: 'training-operations',
    label: 'operations of the training C',
    law: 'C',
    of: ({ trainingOperations }) => trainingOperations,
  },
  { id: 'training-energy', label: 'energy of the training (J)', law: 'C', of: ({ training }) => training },
  { id: 'events', label: 'events or MACs of an image', law: 'N', of: ({ operations }) => operations },
  { id: 'inference-energy', label: 'energy of an image (J)', law: 'N', of: ({ inference }) => inference },
];

/** error = E + A·x^-exponent of one kind of network. */
export interface LawRow {
  axis: Axis;
  kind: Kind;
  exponent: { value: number; low: number; high: number };
  floor: { value: number; low: number; high: number };
  coefficient: number;
  /** Of log error on log x: how straight the line is without a floor. */
  r2: number;
  /** Slope of that line, its sign turned. */
  plainExponent: number;
  caveats: string[];
}

const known = new WeakMap<View['metrics'], LawRow[]>();

/** Every law, under the first tariff of the run; an axis that it does not price is left out. Fitted once a run. */
export function lawsOf(view: View): LawRow[] {
  const laws = known.get(view.metrics) ?? fitLaws(view);
  known.set(view.metrics, laws);
  return laws;
}

function fitLaws(view: View): LawRow[] {
  const networks = priced(view, view.config.tariffs[0]);
  return AXES.flatMap((axis) =>
    KINDS.flatMap((kind) => {
      const points = networksOf(networks, kind, axis.law).flatMap((network) => {
        const size = axis.of(network);
        return size === null ? [] : [{ size, error: network.error }];
      });
      if (points.length < 4) return [];
      const { exponent, floor, coefficient, ...rest } = fitPowerLaw(points);
      const line = leastSquares(
        points.map(({ size }) => Math.log(size)),
        points.map(({ error }) => Math.log(error)),
      );
      const caveats = caveatsOf({ exponent, floor, coefficient, ...rest });
      const plain = { r2: line.r2, plainExponent: -line.slope.value };
      return [{ axis, kind, exponent, floor, coefficient, ...plain, caveats }];
    }),
  );
}

export function lawOf(laws: readonly LawRow[], axis: string, kind: Kind): LawRow | undefined {
  return laws.find((law) => law.axis.id === axis && law.kind === kind);
}
