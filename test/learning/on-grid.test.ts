import { expect, test } from 'vitest';
import { timedSpikes } from '../../src/learning/eventprop/exact/timed-spikes.js';
import { onGrid } from '../../src/learning/eventprop/on-grid.js';
import { UsageError } from '../../src/util/errors.js';

const samples = [
  [
    { atMs: 3.2, input: 1 },
    { atMs: 0.4, input: 0 },
    { atMs: 2.6, input: 2 },
  ],
  [],
  [{ atMs: 4.4, input: 0 }],
];
const data = timedSpikes(3, 5, Uint8Array.of(0, 1, 0), (s) => samples[s]);

test('a spike goes to the nearest step, and lists stay in order of time', () => {
  const grid = onGrid(data, 1, 5);
  expect(Array.from(grid.spikes)).toEqual([0, 2, 1, 0]);
  expect(Array.from(grid.offsets)).toEqual([0, 3, 3, 4]);
  expect(Array.from(grid.starts)).toEqual([
    ...[0, 1, 1, 1, 3, 3],
    ...[0, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0, 1],
  ]);
});

test('a spike that would fall behind the last step is refused', () => {
  expect(() => onGrid(data, 1, 4)).toThrow(UsageError);
});

test('a spike outside the window or of no input is refused, naming the sample', () => {
  for (const spike of [
    { atMs: 5, input: 0 },
    { atMs: 1, input: 3 },
  ]) {
    expect(() => timedSpikes(3, 5, Uint8Array.of(0), () => [spike])).toThrow(/sample 0/);
  }
});
