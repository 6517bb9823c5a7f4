/**
 * Spike lists: from those of a window to one in order of time, and from lists by sample to events by source.
 * Layouts in index.ts.
 */

/**
 * The spikes of one sample of a layer as a list in order of (step, neuron), each one step later: a spike at the
 * end of step k arrives at the start of step k + 1. Spikes at the end of the window arrive nowhere.
 *
 * @param spikeCounts u32[steps]
 * @param spikeLists u32[steps][…], `listBytes` from one step to the next
 * @param starts out u16[steps + 1]
 * @param spikes out u16[]
 */
export function oneStepLater(
  steps: i32, spikeCounts: usize, spikeLists: usize, listBytes: i32, starts: usize, spikes: usize,
): void {
  let to = spikes;
  // Nothing arrives at the start of the first step.
  store<u32>(starts, 0);
  for (let k: i32 = 1; k < steps; k++) {
    const end = spikeLists + (<usize>load<u32>(spikeCounts) << 2);
    for (let at = spikeLists; at < end; at += 4, to += 2) store<u16>(to, <u16>load<u32>(at));
    store<u16>(starts + (<usize>k << 1), <u16>((to - spikes) >> 1), 2);
    spikeCounts += 4;
    spikeLists += listBytes;
  }
}

/** Sets the event counts of `sources` rows to zero. `rowStarts` is u32[sources + 2]. */
export function clear(sources: i32, rowStarts: usize): void {
  memory.fill(rowStarts, 0, <usize>(sources + 2) << 2);
}

/** Counts the spikes of one sample by source, into rowStarts[source + 2] (shifted for the sort that follows). */
export function count(spikeCount: i32, spikes: usize, rowStarts: usize): void {
  for (let i: i32 = 0; i < spikeCount; i++) {
    const at = rowStarts + (<usize>load<u16>(spikes + (<usize>i << 1)) << 2);
    store<u32>(at, load<u32>(at, 8) + 1, 8);
  }
}

/** Turns counts into offsets: afterwards rowStarts[source + 1] is where the next event of `source` goes. */
export function offsets(sources: i32, rowStarts: usize): void {
  let sum: u32 = 0;
  for (let row: i32 = 0; row < sources + 2; row++) {
    sum += load<u32>(rowStarts);
    store<u32>(rowStarts, sum);
    rowStarts += 4;
  }
}

/**
 * Files the spikes of one sample as events by source. After the last sample the events of source r are
 * events[rowStarts[r] … rowStarts[r + 1]), in the order in which the samples came.
 *
 * @param starts u16[steps + 1], spikes u16[]: the sample's list
 * @param base added to the step of the spike to make the event
 */
export function file(steps: i32, starts: usize, spikes: usize, base: i32, rowStarts: usize, events: usize): void {
  let i: i32 = 0;
  for (let k: i32 = 0; k < steps; k++) {
    const end = <i32>load<u16>(starts + (<usize>(k + 1) << 1));
    for (; i < end; i++) {
      const next = rowStarts + (<usize>load<u16>(spikes + (<usize>i << 1)) << 2);
      const at = load<u32>(next, 4);
      store<u32>(events + (<usize>at << 2), <u32>(base + k));
      store<u32>(next, at + 1, 4);
    }
  }
}
