import { UsageError } from '../../../util/errors.js';
import type { LatencyCode } from '../encode.js';

/** Samples as spikes at exact times, each sample's in order of time: what a network without a grid is shown. */
export interface TimedSpikes {
  /** Input neurons. */
  sources: number;
  /** Length of the window; a spike comes before its end. */
  windowMs: number;
  count: number;
  /** Sample s holds spikes[offsets[s] … offsets[s+1]). */
  offsets: Uint32Array;
  /** The distinct times of the data set. */
  times: Float64Array;
  /** For each spike, its time as an index into `times`. */
  timeOf: Uint32Array;
  /** Input neurons. */
  spikes: Uint16Array;
  labels: Uint8Array;
}

/**
 * Encodes images in the linear latency code, without rounding to steps:
 * t = first + (last - first)·(255 - x)/255.
 *
 * @param images u8[count·sources], one image after the other
 */
export function encodeLatencyTimes(
  images: Uint8Array,
  labels: Uint8Array,
  sources: number,
  code: LatencyCode,
  windowMs: number,
): TimedSpikes {
  if (code.firstMs < 0 || code.lastMs >= windowMs) {
    throw new UsageError(
      `latencies from ${code.firstMs} to ${code.lastMs} ms, and a window of ${windowMs}`,
      'latency code',
      'Choose first and last latency inside the window.',
    );
  }
  const count = labels.length;
  const offsets = new Uint32Array(count + 1);
  for (let s = 0; s < count; s++) {
    let spiking = 0;
    for (let i = 0; i < sources; i++) if (images[s * sources + i] > code.threshold) spiking++;
    offsets[s + 1] = offsets[s] + spiking;
  }
  const spikes = new Uint16Array(offsets[count]);
  const timeOf = new Uint32Array(offsets[count]);
  const next = new Uint32Array(256);
  for (let s = 0; s < count; s++) {
    // A counting sort by brightness: bright pixels first.
    const image = images.subarray(s * sources, (s + 1) * sources);
    next.fill(0);
    for (const x of image) next[x]++;
    let place = offsets[s];
    for (let x = 255; x > code.threshold; x--) {
      const these = next[x];
      next[x] = place;
      place += these;
    }
    for (let i = 0; i < sources; i++) {
      const x = image[i];
      if (x <= code.threshold) continue;
      spikes[next[x]] = i;
      timeOf[next[x]++] = 255 - x;
    }
  }
  const times = Float64Array.from(
    { length: 256 },
    (_, darkness) => code.firstMs + ((code.lastMs - code.firstMs) * darkness) / 255,
  );
  return { sources, windowMs, count, offsets, times, timeOf, spikes, labels };
}

/**
 * Puts samples given as lists of spikes into the form that a trainer takes.
 *
 * @param sample the spikes of sample s, in any order
 */
export function timedSpikes(
  sources: number,
  windowMs: number,
  labels: Uint8Array,
  sample: (s: number) => { atMs: number; input: number }[],
): TimedSpikes {
  const indices = new Map<number, number>();
  const offsets = new Uint32Array(labels.length + 1);
  const timeOf: number[] = [];
  const spikes: number[] = [];
  for (let s = 0; s < labels.length; s++) {
    for (const { atMs, input } of sample(s).toSorted((x, y) => x.atMs - y.atMs || x.input - y.input)) {
      if (!(atMs >= 0 && atMs < windowMs) || input < 0 || input >= sources) {
        throw new UsageError(
          `input ${input} spikes at ${atMs} ms`,
          `sample ${s}`,
          `Give inputs below ${sources} and times from 0 to below ${windowMs} ms.`,
        );
      }
      const index = indices.get(atMs) ?? indices.size;
      indices.set(atMs, index);
      timeOf.push(index);
      spikes.push(input);
    }
    offsets[s + 1] = spikes.length;
  }
  return {
    sources,
    windowMs,
    count: labels.length,
    offsets,
    times: Float64Array.from(indices.keys()),
    timeOf: Uint32Array.from(timeOf),
    spikes: Uint16Array.from(spikes),
    labels,
  };
}
