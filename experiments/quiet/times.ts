import { type RunView, z } from '../../src/index.js';
import { COMPARED, type Config, nameOf, type Point } from './run.js';

export type View = RunView<Config, { points: Point[] }>;

export interface Timed extends Point {
  /** Time of the processor for a piece, all threads: the fastest piece; and where the line is. */
  cpuMs: number;
  lineMs: number;
}

/** The points with their times, and the line through those of networks that sleep. */
export function timesOf({ metrics, recorded = {} }: View) {
  const times = z.record(z.string(), z.number()).parse(recorded.cpuMs);
  const timed = metrics.points.map((point) => ({ ...point, cpuMs: times[nameOf(point)] }));
  const { restMs, msPerEvent } = lineOf(timed.filter(({ sleep }) => sleep));
  const points: Timed[] = timed.map((point) => ({ ...point, lineMs: restMs + msPerEvent * point.events }));
  const asleep = points.filter(({ sleep }) => sleep);
  const all = points.find(({ sleep }) => !sleep)!;
  const compared = asleep.find(({ active }) => active === COMPARED)!;
  return { points, asleep, all, compared, restMs, msPerEvent };
}

/** Least squares of relative errors: cpuMs = restMs + msPerEvent · events, both at least 0. */
function lineOf(points: readonly { events: number; cpuMs: number }[]): {
  restMs: number;
  msPerEvent: number;
} {
  // Each equation divided by its time: 1 = restMs/t + msPerEvent·events/t.
  const rows = points.map(({ events, cpuMs }) => [1 / cpuMs, events / cpuMs] as const);
  const sum = (of: (row: readonly [number, number]) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  const [aa, ab, bb] = [sum(([a]) => a * a), sum(([a, b]) => a * b), sum(([, b]) => b * b)];
  const [a1, b1] = [sum(([a]) => a), sum(([, b]) => b)];
  const determinant = aa * bb - ab * ab;
  const restMs = (a1 * bb - b1 * ab) / determinant;
  if (!(restMs > 0)) return { restMs: 0, msPerEvent: b1 / bb };
  return { restMs, msPerEvent: (aa * b1 - ab * a1) / determinant };
}
