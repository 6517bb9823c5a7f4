import { UsageError } from '../../util/errors.js';

/** Samples as spike lists in order of time: what a spiking network is shown. */
export interface SpikeData {
  /** Input neurons. */
  sources: number;
  /** Time steps; a spike of step k arrives at its start. */
  steps: number;
  count: number;
  /** Sample s holds spikes[offsets[s] … offsets[s+1]). */
  offsets: Uint32Array;
  /** Within sample s, those of step k begin at starts[s·(steps+1) + k], counted from offsets[s]. */
  starts: Uint16Array;
  /** Input neurons. */
  spikes: Uint16Array;
  labels: Uint8Array;
}

/** Linear latency code: the brighter a pixel, the earlier its one spike; a pixel of at most `threshold` is silent. */
export interface LatencyCode {
  firstMs: number;
  lastMs: number;
  threshold: number;
}

/**
 * Step at which a pixel value spikes: t = first + (last - first)·(255 - x)/255, to the nearest step; -1 if silent.
 * (The code of mlGeNN's latency-MNIST example: 2 to 18 ms, x > 1.)
 */
export function latencySteps(code: LatencyCode, dtMs: number, steps: number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, x) => {
    if (x <= code.threshold) return -1;
    const step = Math.round((code.firstMs + ((code.lastMs - code.firstMs) * (255 - x)) / 255) / dtMs);
    if (step < 0 || step >= steps) {
      throw new UsageError(
        `a pixel of value ${x} would spike at step ${step} of ${steps}`,
        'latency code',
        'Choose first and last latency inside the window.',
      );
    }
    return step;
  });
}

/**
 * Encodes images as spike latencies.
 *
 * @param images u8[count·sources], one image after the other
 * @param stepOf from `latencySteps`
 */
export function encodeLatency(
  images: Uint8Array,
  labels: Uint8Array,
  sources: number,
  stepOf: Int16Array,
  steps: number,
): SpikeData {
  const count = labels.length;
  const offsets = new Uint32Array(count + 1);
  const starts = new Uint16Array(count * (steps + 1));
  for (let s = 0; s < count; s++) {
    const base = s * (steps + 1);
    for (let i = 0; i < sources; i++) {
      const step = stepOf[images[s * sources + i]];
      if (step >= 0) starts[base + step + 1]++;
    }
    for (let k = 0; k < steps; k++) starts[base + k + 1] += starts[base + k];
    offsets[s + 1] = offsets[s] + starts[base + steps];
  }
  const spikes = new Uint16Array(offsets[count]);
  const next = new Uint32Array(steps);
  for (let s = 0; s < count; s++) {
    const base = s * (steps + 1);
    for (let k = 0; k < steps; k++) next[k] = offsets[s] + starts[base + k];
    for (let i = 0; i < sources; i++) {
      const step = stepOf[images[s * sources + i]];
      if (step >= 0) spikes[next[step]++] = i;
    }
  }
  return { sources, steps, count, offsets, starts, spikes, labels };
}
