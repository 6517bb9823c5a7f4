import { quantile } from 'simple-statistics';
import { expect, test } from 'vitest';
import {
  bootstrapGrowth,
  doublingMonths,
  drawFutures,
  drawLogNormal,
  type STOCK_PRIORS,
} from '../../src/scaling/data-stock.js';
import { stream } from '../../src/util/rng.js';

test('a lognormal draw has the interval that it was made from', () => {
  for (const confidence of [0.9, 0.95] as const) {
    const random = stream(1, 'lognormal');
    const draws = Array.from({ length: 40_000 }, () =>
      drawLogNormal({ low: 2, high: 50, confidence }, random),
    );
    const tail = (1 - confidence) / 2;
    const [low, middle, high] = quantile(draws, [tail, 0.5, 1 - tail]);
    expect([low, middle, high]).toBeAllclose([2, 10, 50], { rtol: 0.05 });
  }
});

test('with intervals of no width a future is arithmetic', () => {
  const sure = (value: number) => ({ low: value, high: value, confidence: 0.95 as const });
  const priors = {
    pages: sure(1e11),
    bytesPerPage: sure(7000),
    sixLessBytesPerToken: sure(2),
    usableShare: sure(0.2),
    repetitions: sure(3),
    pageGrowth: sure(1),
    lengthGrowth: sure(1),
    largestDataset: sure(1.05e12),
  } as unknown as typeof STOCK_PRIORS;
  const [future] = drawFutures(1, [0.5], stream(1, 'sure'), { priors, overtraining: 4 });
  // 1e11·7000/4 = 1.75e14 tokens; effective 1.05e14; the set is 2.1e12; log10(50)/0.5 years.
  expect(future.rawTokens).toBeCloseTo(1.75e14, -8);
  expect(future.effectiveTokens / 1.05e14).toBeCloseTo(1, 9);
  expect(future.exhaustionYear).toBeCloseTo(2024 + Math.log10(50) / 0.5, 9);
});

test('a stock that grows faster than the sets is never exhausted', () => {
  expect(drawFutures(1, [0.0], stream(1, 'slow'))[0].exhaustionYear).toBe(Number.POSITIVE_INFINITY);
});

test('growth is recovered, and its bootstrap holds it', () => {
  const random = stream(2, 'growth');
  const years = Array.from({ length: 80 }, () => 2010 + 14 * random.uniform());
  const sizes = years.map((year) => 10 ** (0.4 * (year - 2010) + 0.8 * random.normal()));
  const { value, draws } = bootstrapGrowth(years, sizes, 500, random);
  const [low, high] = quantile(draws, [0.001, 0.999]);
  expect(value).toBeGreaterThan(low);
  expect(low).toBeLessThan(0.4);
  expect(high).toBeGreaterThan(0.4);
});

test('what doubles every year takes twelve months', () => {
  expect(doublingMonths(2)).toBeCloseTo(12, 12);
  expect(doublingMonths(4)).toBeCloseTo(6, 12);
});
