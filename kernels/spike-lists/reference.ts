/**
 * Spike lists, plainly. wasm.ts computes the same on packed arrays.
 *
 *   one step later   a spike at the end of step k arrives at the start of step k + 1; in the last step, nowhere
 *   by source        the spikes of a batch, sorted by source, each as the event sample·steps + step
 */
export function oneStepLater(spiking: readonly number[][]): number[][] {
  return [[], ...spiking.slice(0, -1)];
}

/** @param samples samples[s][k]: the sources whose spikes arrive at step k of sample s */
export function eventsBySource(samples: readonly number[][][], sources: number, steps: number): number[][] {
  const events: number[][] = Array.from({ length: sources }, () => []);
  for (const [s, sample] of samples.entries()) {
    for (const [k, arrivals] of sample.entries()) {
      for (const source of arrivals) events[source].push(s * steps + k);
    }
  }
  return events;
}
