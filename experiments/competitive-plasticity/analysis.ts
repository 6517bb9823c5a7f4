import { mean, sampleStandardDeviation } from 'simple-statistics';
import { groupBy } from '../../src/util/group-by.js';
import type { Metrics, Part, Row } from './run.js';
import { MASKS, VANILLA } from './run.js';

/** Mean over the runs of one point that reached the goal, and how many did. */
export interface PointMean {
  part: Part;
  policy: string;
  hidden: number;
  fraction: number | null;
  subnet: number | null;
  runs: number;
  of: number;
  samples: number;
  m0: number;
  m1: number;
  m0Sd: number;
  m1Sd: number;
  inefficiency: number;
  transientWrites: number;
}

export function pointMeans({ rows }: Metrics): PointMean[] {
  const groups = groupBy(rows, (row) =>
    [row.part, row.policy, row.hidden, row.fraction, row.subnet].join('|'),
  );
  return [...groups.values()].map((group) => {
    const good = group.filter((row) => row.reached);
    const of = (pick: (row: Row) => number) => (good.length > 0 ? mean(good.map(pick)) : Number.NaN);
    const sd = (pick: (row: Row) => number) =>
      good.length > 1 ? sampleStandardDeviation(good.map(pick)) : 0;
    const { part, policy, hidden, fraction, subnet } = group[0];
    return {
      part,
      policy,
      hidden,
      fraction,
      subnet,
      runs: good.length,
      of: group.length,
      samples: of((row) => row.samples),
      m0: of((row) => row.m0),
      m1: of((row) => row.m1),
      m0Sd: sd((row) => row.m0),
      m1Sd: sd((row) => row.m1),
      inefficiency: of((row) => row.m1 / row.m1Least),
      transientWrites: of((row) => row.transientWrites),
    };
  });
}

export function vanilla(means: PointMean[], hidden: number): PointMean | undefined {
  return means.find((point) => point.policy === VANILLA && point.hidden === hidden);
}

/** Competition in the layer at a fraction, whichever part of the sweep it was made for. */
export function competing(means: PointMean[], hidden: number, fraction: number): PointMean | undefined {
  return masked(means, hidden, fraction, MASKS[0].name);
}

export function masked(
  means: PointMean[],
  hidden: number,
  fraction: number,
  policy: string,
): PointMean | undefined {
  return means.find(
    (point) => point.policy === policy && point.hidden === hidden && point.fraction === fraction,
  );
}

export function subnet(means: PointMean[], hidden: number, k: number): PointMean | undefined {
  return means.find((point) => point.part === 'subnet' && point.hidden === hidden && point.subnet === k);
}

/** Accuracy at the end of all runs of a rule of selection at the size in question, reached or given up. */
export function finalAccuracy({ rows }: Metrics, policy: string, fraction: number) {
  const group = rows.filter((row) => row.policy === policy && row.fraction === fraction);
  return { mean: mean(group.map((row) => row.accuracy)), runs: group.length };
}
