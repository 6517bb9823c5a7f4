import type { TrialSteps } from './plan.js';

/** What a population does when a trial begins, goes on, or is not there. */
export interface TrialActions {
  /** Sets every variable to its initial value. */
  begin(): void;
  /** Advances from step `from` of the window to step `to`. */
  advance(from: number, to: number): void;
  /** Forgets what arrives in the `i`-th step of the window. */
  pass(i: number): void;
}

/** Cuts the steps of a window where trials begin and end. */
export function inTrials(
  { start, length, every, count }: TrialSteps,
  step: number,
  steps: number,
  actions: TrialActions,
): void {
  for (let i = 0; i < steps; ) {
    const since = step + i - start;
    const into = since < 0 || since >= count * every ? length : since % every;
    if (into >= length) {
      actions.pass(i);
      i += 1;
      continue;
    }
    if (into === 0) actions.begin();
    const to = Math.min(steps, i + length - into);
    actions.advance(i, to);
    i = to;
  }
}
