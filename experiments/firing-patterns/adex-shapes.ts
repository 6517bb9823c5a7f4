import type { AdexPattern } from '../../models/neurons/adex-patterns.js';
import { bursts, count, type Feature, intervals, MANY } from './shapes.js';

/** Spikes that follow each other within this time belong to one burst; intervals between bursts are far longer. */
const BURST_MS = 15;

/** Spikes in each group of spikes within BURST_MS of each other. */
function groups(spikes: readonly number[]): number[] {
  const sizes: number[] = [];
  spikes.forEach((t, i) => {
    if (i > 0 && t - spikes[i - 1] < BURST_MS) sizes[sizes.length - 1] += 1;
    else sizes.push(1);
  });
  return sizes;
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) / mean;
}

/**
 * How far, in mean intervals, intervals differ from those so many spikes later that they are most like them, one to
 * four: 0 where bursts of up to four spikes repeat. Of the second half, when the beginning is forgotten.
 */
function unrepeated(gaps: readonly number[]): number {
  const late = gaps.slice(Math.floor(gaps.length / 2));
  const mean = late.reduce((sum, gap) => sum + gap, 0) / late.length;
  const change = (lag: number) => {
    const changes = late.slice(lag).map((gap, i) => Math.abs(gap - late[i]));
    return changes.reduce((sum, value) => sum + value, 0) / changes.length / mean;
  };
  return Math.min(...[1, 2, 3, 4].map(change));
}

/** Each interval over the one before. */
const growths = (gaps: readonly number[]) => gaps.slice(1).map((gap, i) => gap / gaps[i]);

/** First spike, in membrane time constants C/g_L. */
const delay = (spikes: readonly number[], { C, g_L }: AdexPattern['parameters']) =>
  count(spikes[0] / (C / g_L), 1.5, MANY, 'membrane time constants to the first spike');

/** Bursts of one size after the first, which begins from rest. The last may be cut off. */
function repeated(spikes: readonly number[]): Feature[] {
  const sizes = groups(spikes).slice(1, -1);
  return [
    count(bursts(spikes, BURST_MS), 3, MANY, 'bursts'),
    count(Math.min(...sizes), 2, MANY, 'spikes in the smallest burst after the first'),
    count(Math.max(...sizes) - Math.min(...sizes), 0, 0, 'more spikes in the largest'),
  ];
}

/** What makes each pattern what Naud et al. 2008 call it. */
export const ADEX_SHAPES: Record<
  string,
  (spikes: readonly number[], parameters: AdexPattern['parameters']) => Feature[]
> = {
  'tonic spiking': (spikes) => [
    count(spikes.length, 10, MANY),
    count(spread(intervals(spikes)), 0, 0.1, 'spread of the intervals'),
  ],
  adaptation: (spikes) => {
    const gaps = intervals(spikes);
    return [
      // To 1 %: in the end they are equal, and spikes lie on the grid of steps.
      count(Math.min(...growths(gaps)), 0.99, MANY, 'least growth of an interval'),
      count(Math.max(...growths(gaps)), 1, 3, 'largest growth of an interval'),
      count(gaps[gaps.length - 1] / gaps[0], 2, MANY, 'last interval over the first'),
    ];
  },
  'initial burst': (spikes) => [
    count(groups(spikes)[0], 2, MANY, 'spikes in the first burst'),
    count(bursts(spikes, BURST_MS), 1, 1, 'bursts'),
    count(Math.max(...growths(intervals(spikes))), 3, MANY, 'largest growth of an interval, at its end'),
    count(spikes.length - groups(spikes)[0], 4, MANY, 'single spikes after it'),
  ],
  'regular bursting': (spikes) => repeated(spikes),
  'delayed accelerating': (spikes, parameters) => {
    const gaps = intervals(spikes);
    return [
      delay(spikes, parameters),
      count(Math.max(...growths(gaps)), 0, 1.01, 'largest growth of an interval'),
      count(gaps[gaps.length - 1] / gaps[0], 0, 0.75, 'last interval over the first'),
    ];
  },
  'delayed regular bursting': (spikes, parameters) => [delay(spikes, parameters), ...repeated(spikes)],
  'transient spiking': (spikes) => [
    count(spikes.length, 1, 5),
    count(spikes.filter((t) => t > 200).length, 0, 0, 'spikes after 200 ms'),
  ],
  'irregular spiking': (spikes) => [
    count(spikes.length, 10, MANY),
    count(spread(intervals(spikes)), 0.3, MANY, 'spread of the intervals'),
    count(unrepeated(intervals(spikes)), 0.2, MANY, 'change of an interval to the one that is most like it'),
  ],
};
