/** How the learning rate goes down during training. */
export type Schedule =
  | { kind: 'constant' }
  /** Half a cosine from the full rate down to 0 at the end (Loshchilov & Hutter 2017, without restarts). */
  | { kind: 'cosine' }
  /** Multiplied by `factor` after each of `parts` equal parts of the training, but the last. */
  | { kind: 'steps'; parts: number; factor: number };

/** Share of the full learning rate to use in step `step` (0 is the first) of `steps`. */
export function rateFactor(schedule: Schedule, step: number, steps: number): number {
  if (schedule.kind === 'constant') return 1;
  if (schedule.kind === 'cosine') return 0.5 * (1 + Math.cos((Math.PI * step) / steps));
  return schedule.factor ** Math.floor((step * schedule.parts) / steps);
}
