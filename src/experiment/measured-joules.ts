/** Joules measured on this host during a run, or null with the reason: never a guess. */
export type MeasuredJoules = { value: number; source: string } | { value: null; reason: string };

/** A measurement under way. */
export interface RunningMeter {
  /** Joules since the start. */
  stop(): Promise<MeasuredJoules>;
}

/** Starts to measure the joules of this host. */
export async function startMeter(): Promise<RunningMeter> {
  return { stop: async () => ({ value: null, reason: 'this version reads no energy counters yet' }) };
}
