/**
 * Short-term plasticity (Tsodyks, Pawelzik and Markram 1998, doi:10.1162/089976698300017502), in closed form from
 * one spike of the source to the next.
 *
 * x is what there is to be released, u the share of it that a spike releases:
 *   between spikes   u' = -u/τ_f,  x' = (1 - x)/τ_r
 *   at a spike       u ← u + U(1 - u),  the synapse acts with u·x,  then x ← x - u·x
 * The first spike after a long pause acts with U.
 */
export interface ShortTermRule {
  /** U. */
  utilisation: number;
  /** In steps; 0: x is 1 and u is U at every spike. */
  tauRecoverySteps: number;
  tauFacilitationSteps: number;
}

/** State just after a spike. */
export interface ShortTermState {
  u: number;
  x: number;
  /** Step of the spike. */
  last: number;
}

/** Nothing was ever released. */
export const RESTED: ShortTermState = { u: 0, x: 1, last: 0 };

/** The share u·x that a spike in `step` releases, and the state after it. */
export function release(
  { utilisation, tauRecoverySteps, tauFacilitationSteps }: ShortTermRule,
  { u, x, last }: ShortTermState,
  step: number,
): { efficacy: number; state: ShortTermState } {
  const left = (tau: number) => (tau === 0 ? 0 : Math.exp(-(step - last) / tau));
  const before = u * left(tauFacilitationSteps);
  const now = before + utilisation * (1 - before);
  const there = 1 - (1 - x) * left(tauRecoverySteps);
  const efficacy = now * there;
  return { efficacy, state: { u: now, x: there - efficacy, last: step } };
}

/** What each of many regular spikes, `interval` steps apart, releases in the end. */
export function steadyEfficacy(
  { utilisation, tauRecoverySteps, tauFacilitationSteps }: ShortTermRule,
  interval: number,
): number {
  const left = (tau: number) => (tau === 0 ? 0 : Math.exp(-interval / tau));
  const [f, r] = [left(tauFacilitationSteps), left(tauRecoverySteps)];
  // u = U + (1 - U) u f, and x = 1 - (1 - x (1 - u)) r.
  const u = utilisation / (1 - (1 - utilisation) * f);
  const x = (1 - r) / (1 - (1 - u) * r);
  return u * x;
}
