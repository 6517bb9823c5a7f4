import { UsageError } from '../../util/errors.js';
import type { SpikeData } from './encode.js';
import type { TimedSpikes } from './exact/timed-spikes.js';

/** Puts spikes at exact times on a grid of steps: each at the start of the nearest one. */
export function onGrid(data: TimedSpikes, dtMs: number, steps: number): SpikeData {
  const { sources, count, offsets, labels } = data;
  const starts = new Uint16Array(count * (steps + 1));
  for (let s = 0; s < count; s++) {
    const base = s * (steps + 1);
    for (let k = offsets[s]; k < offsets[s + 1]; k++) {
      const atMs = data.times[data.timeOf[k]];
      const step = Math.round(atMs / dtMs);
      if (step >= steps) {
        throw new UsageError(
          `a spike at ${atMs} ms falls on step ${step} of ${steps}`,
          'grid',
          'Make the window longer.',
        );
      }
      starts[base + step + 1]++;
    }
    for (let k = 0; k < steps; k++) starts[base + k + 1] += starts[base + k];
  }
  // Spikes come in order of time, so the list is in the order of steps already.
  return { sources, steps, count, offsets, starts, spikes: data.spikes, labels };
}
