import type { PatternRun } from '../../models/neurons/firing-patterns.js';
import type { Claim } from '../../src/index.js';

/** Something that must be true of the shape of a pattern: a number and the range in which it must lie. */
export interface Feature {
  what: string;
  value: number;
  low: number;
  high: number;
}

/** No upper end. */
export const MANY = 1e6;
export const intervals = (spikes: readonly number[]) => spikes.slice(1).map((t, i) => t - spikes[i]);
const between = (spikes: readonly number[], from: number, to: number) =>
  spikes.filter((t) => t > from && t < to).length;

/** Groups of at least two spikes that follow each other within `gapMs`. */
export function bursts(spikes: readonly number[], gapMs: number): number {
  let found = 0;
  let length = 0;
  spikes.forEach((t, i) => {
    length = i > 0 && t - spikes[i - 1] < gapMs ? length + 1 : 1;
    if (length === 2) found++;
  });
  return found;
}

/** Peaks of V between two times, spikes left out. */
function peaks({ timesMs, valuesMv }: PatternRun, from: number, to: number): number[] {
  return valuesMv.filter(
    (v, k) =>
      timesMs[k] > from &&
      timesMs[k] < to &&
      v < 0 &&
      k > 0 &&
      v > valuesMv[k - 1] &&
      v >= (valuesMv[k + 1] ?? v),
  );
}

export const count = (value: number, low: number, high: number, what = 'spikes'): Feature => ({
  what,
  value,
  low,
  high,
});

/** What makes each pattern what it is called. */
export const SHAPES: Record<string, (run: PatternRun) => Feature[]> = {
  'tonic spiking': ({ spikesMs }) => {
    const last = intervals(spikesMs).slice(-2);
    return [
      count(spikesMs.length, 4, MANY),
      count(last[1] / last[0], 0.9, 1.1, 'last interval over the one before'),
    ];
  },
  'phasic spiking': ({ spikesMs }) => [count(spikesMs.length, 1, 1)],
  'tonic bursting': ({ spikesMs }) => [count(bursts(spikesMs, 10), 3, MANY, 'bursts')],
  'phasic bursting': ({ spikesMs }) => [
    count(spikesMs.length, 3, MANY),
    count(between(spikesMs, 100, 200), 0, 0, 'spikes in the second half'),
  ],
  'mixed mode': ({ spikesMs }) => {
    const gaps = intervals(spikesMs);
    return [
      count(gaps[0] / gaps[gaps.length - 1], 0, 0.3, 'first interval over the last'),
      count(gaps[gaps.length - 1] / gaps[gaps.length - 2], 0.9, 1.1, 'last interval over the one before'),
    ];
  },
  'spike frequency adaptation': ({ spikesMs }) => {
    const gaps = intervals(spikesMs);
    const growth = Math.min(...gaps.slice(1).map((gap, i) => gap / gaps[i]));
    return [count(spikesMs.length, 4, MANY), count(growth, 1, MANY, 'least growth of an interval')];
  },
  'class 1 excitable': ({ spikesMs }) => {
    const gaps = intervals(spikesMs);
    return [
      count(gaps[0], 35, MANY, 'ms: first interval, it can fire slowly'),
      count(gaps[0] / gaps[gaps.length - 1], 2, MANY, 'first interval over the last'),
    ];
  },
  'class 2 excitable': ({ spikesMs }) => {
    const gaps = intervals(spikesMs);
    return [
      count(gaps[0], 0, 30, 'ms: first interval, it fires fast or not at all'),
      count(gaps[0] / gaps[gaps.length - 1], 1, 2.5, 'first interval over the last'),
    ];
  },
  'spike latency': ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0] - 13, 3, 20, 'ms from the end of the pulse to the spike'),
  ],
  'subthreshold oscillations': (run) => [
    count(run.spikesMs.length, 1, 1),
    count(peaks(run, run.spikesMs[0] + 5, 150).length, 2, 10, 'peaks of V in the time behind the spike'),
  ],
  resonator: ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0], 320, 350, 'ms: behind the pair that fits its period'),
  ],
  integrator: ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0], 14, 30, 'ms: behind the pair that is close'),
  ],
  'rebound spike': ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0], 25, 200, 'ms: after the inhibition'),
  ],
  'rebound burst': ({ spikesMs }) => [
    count(spikesMs.length, 3, MANY),
    count(spikesMs[0], 25, 200, 'ms: first spike, after the inhibition'),
  ],
  'threshold variability': ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0], 80, 100, 'ms: for the pulse behind the inhibition'),
  ],
  bistability: ({ spikesMs }) => [
    count(between(spikesMs, 37.5, 216), 3, MANY, 'spikes between the pulses'),
    count(between(spikesMs, 226, 300), 0, 0, 'spikes behind the second pulse'),
  ],
  'depolarising after-potential': (run) => [
    count(run.spikesMs.length, 1, 1),
    count(
      Math.max(-100, ...peaks(run, run.spikesMs[0], 50)),
      -66,
      0,
      'mV: the peak behind the spike (rest is -70)',
    ),
  ],
  accommodation: ({ spikesMs }) => [
    count(spikesMs.length, 1, 1),
    count(spikesMs[0], 300, 330, 'ms: for the steep ramp'),
  ],
  'inhibition-induced spiking': ({ spikesMs }) => [
    count(between(spikesMs, 50, 255), 2, MANY, 'spikes while inhibited'),
    count(spikesMs.length - between(spikesMs, 50, 260), 0, 0, 'spikes at other times'),
  ],
  'inhibition-induced bursting': ({ spikesMs }) => [
    count(bursts(spikesMs, 15), 2, 10, 'bursts'),
    count(spikesMs.length - between(spikesMs, 50, 260), 0, 0, 'spikes at other times'),
  ],
};

export const holds = ({ value, low, high }: Feature): boolean => value >= low && value <= high;

/** The features of a pattern as claims. */
export function shapeClaims(name: string, features: readonly Feature[], source: string): Claim[] {
  return features.map(({ what, value, low, high }) => ({
    name: `${name}: ${what}`,
    value,
    expected: high >= MANY ? low : (low + high) / 2,
    tolerance: high >= MANY ? 0 : (high - low) / 2,
    ...(high >= MANY ? { bound: 'at least' as const } : {}),
    source,
  }));
}
