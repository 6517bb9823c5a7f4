/** The latest spikes of each target: a record of 32 bytes. */
import { EMPTY, KEPT, Plastic } from './plastic.wasm';

/** Whether one of these targets has a record that is full of spikes that some row may still ask for. */
export function recordsFull(at: usize, neurons: usize, n: i32): i32 {
  const p = changetype<Plastic>(at);
  const end = neurons + 4 * n;
  for (; neurons < end; neurons += 4) {
    const oldest = <i32>load<i16>(p.records + 32 * load<u32>(neurons), 2 * (KEPT - 1));
    if (oldest > p.settled) return 1;
  }
  return 0;
}

/** Notes that these targets (indices in the slice) spiked in step `step`. */
export function record(at: usize, neurons: usize, n: i32, step: i32): void {
  const p = changetype<Plastic>(at);
  const end = neurons + 4 * n;
  const now = step - p.base;
  for (; neurons < end; neurons += 4) {
    const record = p.records + 32 * load<u32>(neurons);
    const since = min(now - <i32>load<i16>(record), p.minusLength);
    const decay = load<f32>(p.minusTable + 4 * <usize>since);
    const before = p.nearest ? decay : (load<f32>(record, 28) + 1) * decay;
    const newer = v128.load(record);
    const older = v128.load(record, 16);
    v128.store(record, i16x8.replace_lane(v128.shuffle<i16>(newer, newer, 0, 0, 1, 2, 3, 4, 5, 6), 0, <i16>now));
    v128.store(record, v128.shuffle<i16>(newer, older, 7, 8, 9, 10, 11, 12, 13, 14), 16);
    store<f32>(record, before, 28);
  }
}

/** Counts the spikes of `n` records from a base that is `shift` later; all must have been settled. */
export function rebase(at: usize, records: usize, n: i32, shift: i32): void {
  const p = changetype<Plastic>(at);
  const end = records + 32 * <usize>n;
  const by = i16x8.splat(<i16>min(shift, 32767));
  const rest = i16x8.splat(<i16>min(max(shift - 32767, 0), 32767));
  for (; records < end; records += 32) {
    const trace = load<f32>(records, 28);
    v128.store(records, i16x8.sub_sat_s(i16x8.sub_sat_s(v128.load(records), by), rest));
    v128.store(records, i16x8.sub_sat_s(i16x8.sub_sat_s(v128.load(records, 16), by), rest), 16);
    store<f32>(records, trace, 28);
  }
  p.base += shift;
  p.settled = max(p.settled - shift, EMPTY);
}
