/**
 * Pair STDP, evaluated when the source of a row spikes: every synapse of the row catches up with the spikes that its
 * target sent since the row's last visit, is depressed, and is delivered. See NOTES.md for why, reference.ts for the
 * equations.
 *
 * Time is in steps. `d` is the delay, all of it dendritic: a target's spike of step p meets the synapse in step
 * p + d. Rows know steps as i32; the spikes of a target are kept as i16, counted from `base`.
 */
import { counted, Plastic } from './plastic.wasm';
import { visit } from './visit.wasm';

/**
 * Delivers `n` spikes of step `step`. All spikes of the targets up to step - d must be in the records, and no later
 * ones.
 * @param efficacies a factor (f32) for each spike by which its weights are delivered, or 0 for 1
 */
export function deliverPlastic(
  at: usize,
  spikes: usize,
  n: i32,
  step: i32,
  acc: usize,
  efficacies: usize,
): void {
  const p = changetype<Plastic>(at);
  const end = spikes + 4 * n;
  const now = step - p.delay;
  for (; spikes < end; spikes += 4) {
    const source = load<u32>(spikes);
    const state = p.sources + 12 * source;
    const trace = load<f32>(state);
    const last = load<i32>(state, 4);
    let quanta = p.quanta;
    if (efficacies != 0) {
      quanta *= load<f32>(efficacies);
      efficacies += 4;
    }
    const row = p.rows + 4 * source;
    visit(
      p,
      load<u32>(row),
      load<u32>(row, 4),
      trace,
      counted(p, load<i32>(state, 8)),
      p.base + p.delay - last,
      now - p.base,
      acc,
      quanta,
      true,
    );
    const decay = load<f32>(p.plusTable + 4 * <usize>min(step - last, p.plusLength));
    store<f32>(state, p.nearest ? 1 : trace * decay + 1);
    store<i32>(state, step, 4);
    store<i32>(state, now, 8);
  }
}

/** Brings every row up to the target step `upTo`: whatever its targets did until then is in its weights. */
export function settle(at: usize, upTo: i32): void {
  const p = changetype<Plastic>(at);
  for (let source = 0; source < p.nSources; source++) {
    const state = p.sources + 12 * source;
    const after = load<i32>(state, 8);
    if (after >= upTo) continue;
    store<i32>(state, upTo, 8);
    const last = load<i32>(state, 4);
    // The trace of the source is gone already.
    if (after + p.delay - last >= p.plusLength) continue;
    const row = p.rows + 4 * source;
    const shift = p.base + p.delay - last;
    visit(p, load<u32>(row), load<u32>(row, 4), load<f32>(state), counted(p, after), shift, 0, 0, 0, false);
  }
  p.settled = upTo - p.base;
}

export { recordsFull, record, rebase } from './records.wasm';
