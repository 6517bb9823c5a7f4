import { quantile } from 'simple-statistics';
import { CONFIDENCE, type Estimate } from './interval.js';

/** An estimate whose interval is the central share of draws (percentile interval; 95 % by default). */
export function percentileInterval(
  value: number,
  draws: readonly number[],
  confidence = CONFIDENCE,
): Estimate {
  const tail = (1 - confidence) / 2;
  const [low, high] = quantile([...draws], [tail, 1 - tail]);
  return { value, low, high };
}
