import { binnedCounts, type SpikeTrains, type Stretch } from './spike-trains.js';

/** The activity of a population in time: spikes of all its neurons together in each bin. */
export function activity(trains: SpikeTrains, stretch: Stretch, binMs: number): Float64Array {
  return binnedCounts(trains.steps, stretch, binMs, trains.dtMs);
}

/**
 * Depth to which the neurons of a population are modulated together: √(var n - mean n)/mean n of the activity n.
 * The mean is what independent (Poisson) neurons would add to the variance, so it is 0 for them, whatever their
 * number; it is 1/√2 for a common rate that swings as a sine between nothing and twice its mean, and larger for
 * volleys. null for a population that is silent.
 */
export function synchrony(counts: ArrayLike<number>): number | null {
  const { mean, variance } = momentsOf(counts);
  return mean > 0 ? Math.sqrt(Math.max(0, variance - mean)) / mean : null;
}

/**
 * Frequency at which the activity has most power, in Hz, above the slowest two of the stretch; the spectrum is
 * smoothed over three neighbours (1, 2, 1). null for a silent population.
 */
export function dominantFrequencyHz(counts: ArrayLike<number>, binMs: number): number | null {
  const { mean } = momentsOf(counts);
  if (mean === 0) return null;
  const n = counts.length;
  const cosine = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sine = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const power = Float64Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let t = 0; t < n; t++) {
      re += (counts[t] - mean) * cosine[(k * t) % n];
      im += (counts[t] - mean) * sine[(k * t) % n];
    }
    return re * re + im * im;
  });
  let best = 2;
  const smooth = (k: number) => power[k - 1] + 2 * power[k] + power[k + 1];
  for (let k = 2; k + 1 < power.length; k++) if (smooth(k) > smooth(best)) best = k;
  return (1000 * best) / (n * binMs);
}

function momentsOf(counts: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  const mean = sum / counts.length;
  let squares = 0;
  for (let i = 0; i < counts.length; i++) squares += (counts[i] - mean) ** 2;
  return { mean, variance: squares / counts.length };
}
