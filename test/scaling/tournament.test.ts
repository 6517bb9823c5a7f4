import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  knockoutBound,
  knockoutFailure,
  leagueFailure,
  majorityAccuracy,
  matchedSamples,
  playKnockout,
  playLeague,
  pluralityAccuracy,
} from '../../src/scaling/tournament.js';
import { stream } from '../../src/util/rng.js';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('a majority of one is the voter, of three is p²(3 - 2p), and no vote is a coin', () => {
  fc.assert(
    fc.property(chance, (p) => {
      expect(majorityAccuracy(1, p)).toBeCloseTo(p, 12);
      expect(majorityAccuracy(3, p)).toBeCloseTo(p ** 2 * (3 - 2 * p), 10);
      expect(majorityAccuracy(2, p)).toBeCloseTo(p, 10);
      expect(majorityAccuracy(7, p) + majorityAccuracy(7, 1 - p)).toBeCloseTo(1, 10);
      expect(majorityAccuracy(0, p)).toBe(0.5);
    }),
  );
});

test('a knockout of two: both wrong, or one right that loses', () => {
  fc.assert(
    fc.property(chance, chance, (p, q) => {
      expect(knockoutFailure(2, p, q)).toBeCloseTo((1 - p) ** 2 + 2 * p * (1 - p) * (1 - q), 12);
      expect(knockoutFailure(1, p, q)).toBeCloseTo(1 - p, 12);
    }),
  );
  expect(() => knockoutFailure(6, 0.3, 0.8)).toThrow('2, 4, 8');
});

test('perfect comparisons fail only when all candidates are wrong, coins never help', () => {
  expect(knockoutFailure(16, 0.3, 1)).toBeCloseTo(0.7 ** 16, 12);
  expect(knockoutFailure(1024, 0.3, 0.5)).toBeCloseTo(0.7, 12);
});

test('the published bound is never violated', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      chance,
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      (rounds, p, k, vote) => {
        const exact = knockoutFailure(2 ** rounds, p, majorityAccuracy(k, vote));
        expect(exact).toBeLessThanOrEqual(knockoutBound(2 ** rounds, p, k, vote) + 1e-12);
      },
    ),
  );
});

test('played knockouts fail as often as the recursion says', () => {
  const trials = 20_000;
  for (const [n, p, k, vote] of [
    [8, 0.3, 1, 0.7],
    [16, 0.2, 4, 0.6],
    [4, 0.6, 3, 0.9],
  ]) {
    const random = stream(n, 'knockout');
    let failures = 0;
    for (let i = 0; i < trials; i++) failures += Number(playKnockout(n, p, k, vote, random));
    const exact = knockoutFailure(n, p, majorityAccuracy(k, vote));
    expect(Math.abs(failures / trials - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / trials));
  }
});

test('a league of two with one vote each fails as counting says', () => {
  // Both vote on the same pair; the right one wins 2:0, ties are tossed.
  const [p, q, trials] = [0.4, 0.8, 40_000];
  const oneRight = (1 - q) ** 2 + (2 * q * (1 - q)) / 2;
  const exact = (1 - p) ** 2 + 2 * p * (1 - p) * oneRight;
  const random = stream(1, 'league');
  let failures = 0;
  for (let i = 0; i < trials; i++) failures += Number(playLeague(2, p, 1, q, random));
  expect(Math.abs(failures / trials - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / trials));
});

test('more votes make a common answer win, right or wrong', () => {
  expect(pluralityAccuracy(1, 0.45, 0.46)).toBeCloseTo(0.45, 10);
  expect(pluralityAccuracy(601, 0.5, 0.3)).toBeGreaterThan(0.999);
  expect(pluralityAccuracy(601, 0.3, 0.5)).toBeLessThan(0.001);
});

test('samples that cost as much as a larger model', () => {
  // 2·N·k·D_inf + 6·N·D_pre = M·(2·N·D_inf + 6·N·D_pre)
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 50, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (m, ratio) => {
        const k = matchedSamples(m, ratio);
        expect((2 * k * ratio + 6) / (m * (2 * ratio + 6))).toBeCloseTo(1, 9);
      },
    ),
  );
});

describe('the exact league', () => {
  test('two candidates and one vote each, by hand', () => {
    // Both right: never fails; both wrong: always. One of each: the right one wins its own vote with chance v and the
    // wrong one loses its own with chance v: better with v², tied with 2v(1 - v), then tossed.
    const [p, v] = [0.3, 0.8];
    const mixed = 1 - (v * v + v * (1 - v));
    expect(leagueFailure(2, p, 1, v)).toBeCloseTo((1 - p) ** 2 + 2 * p * (1 - p) * mixed, 12);
  });

  test('coins choose blindly, and nothing helps where no answer is right', () => {
    for (const votes of [1, 3, 8]) expect(leagueFailure(8, 0.3, votes, 0.5)).toBeCloseTo(0.7, 10);
    expect(leagueFailure(16, 0.3, 200, 0.99)).toBeCloseTo(0.7 ** 16, 6);
  });

  test('agrees with leagues that are played', () => {
    const random = stream(1, 'leagues');
    const trials = 20_000;
    let failures = 0;
    for (let i = 0; i < trials; i++) failures += Number(playLeague(6, 0.4, 3, 0.7, random));
    const exact = leagueFailure(6, 0.4, 3, 0.7);
    expect(Math.abs(failures / trials - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / trials));
  });
});
