import { UsageError } from '../util/errors.js';
import { type PerSynapse, rangeOf } from './distributions.js';

/**
 * Pair STDP of a projection; kernels/stdp/reference.ts has the equations. The whole delay of a synapse is dendritic:
 * a spike of the source is at the synapse at once, one of the target after the delay.
 */
export interface Stdp {
  form: 'guetig' | 'power-law';
  lambda: number;
  alpha: number;
  muPlus: number;
  muMinus: number;
  /** Largest size of a weight, in the unit of the receptor; null: ten times the largest initial one. */
  maxWeight: number | null;
  /** w₀ of a power law. */
  referenceWeight: number;
  tauPlusMs: number;
  tauMinusMs: number;
  pairing: Pairing;
}

/** Every pair of spikes counts, or each spike is paired with the last one of the other side. */
export type Pairing = 'all-to-all' | 'nearest';

export interface StdpOptions {
  /** Size of a change: the share of the largest weight by which a pair with Δt → 0 raises a weight of 0. */
  lambda: number;
  /** Depression relative to potentiation. */
  alpha: number;
  tauPlusMs?: number;
  tauMinusMs?: number;
  pairing?: Pairing;
}

/**
 * w ← w + λW(1 - w/W)^μ₊·x at a post spike, w ← w - λαW(w/W)^μ₋·y at a pre spike (Gütig et al. 2003,
 * doi:10.1523/JNEUROSCI.23-09-03697.2003).
 */
export function guetigStdp(
  options: StdpOptions & { maxWeight: number; muPlus: number; muMinus: number },
): Stdp {
  return { ...times(options), ...options, form: 'guetig', referenceWeight: 1 };
}

/** Changes do not depend on the weight, which stays within [0, W] (Song, Miller and Abbott 2000, doi:10.1038/78829). */
export function additiveStdp(options: StdpOptions & { maxWeight: number }): Stdp {
  return guetigStdp({ ...options, muPlus: 0, muMinus: 0 });
}

/** Potentiation in proportion to W - w, depression to w (Rubin, Lee and Sompolinsky 2001, doi:10.1103/PhysRevLett.86.364). */
export function multiplicativeStdp(options: StdpOptions & { maxWeight: number }): Stdp {
  return guetigStdp({ ...options, muPlus: 1, muMinus: 1 });
}

/** Potentiation by the same amount, depression in proportion to w (van Rossum, Bi and Turrigiano 2000, doi:10.1523/JNEUROSCI.20-23-08812.2000). */
export function vanRossumStdp(options: StdpOptions & { maxWeight: number }): Stdp {
  return guetigStdp({ ...options, muPlus: 0, muMinus: 1 });
}

/**
 * w ← w + λw₀^(1-μ)w^μ·x at a post spike, w ← w - λαw·y at a pre spike (Morrison, Aertsen and Diesmann 2007,
 * doi:10.1162/neco.2007.19.6.1437). It has no largest weight; `maxWeight` is a ceiling that counting in whole quanta
 * asks for.
 */
export function powerLawStdp(
  options: StdpOptions & { mu: number; referenceWeight: number; maxWeight?: number },
): Stdp {
  const { lambda, alpha, mu, referenceWeight, maxWeight = null } = options;
  return {
    ...times(options),
    form: 'power-law',
    lambda,
    alpha,
    muPlus: mu,
    muMinus: 1,
    maxWeight,
    referenceWeight,
  };
}

function times({ tauPlusMs = 20, tauMinusMs = 20, pairing = 'all-to-all' }: StdpOptions) {
  return { tauPlusMs, tauMinusMs, pairing };
}

/** The largest size that a weight of a plastic projection can have. */
export function largestWeight(stdp: Stdp, weight: PerSynapse): number {
  return stdp.maxWeight ?? 10 * Math.max(...rangeOf(weight).map(Math.abs));
}

/** Time constants of more steps than this would not fit the kernel's sixteen-bit times. */
const LONGEST_TAU_STEPS = 2800;

/** Refuses parameters that are none, naming the field. */
export function requireStdp(stdp: Stdp, weight: PerSynapse, dtMs: number, where: string): void {
  const field = (name: string) => `${where}, plasticity, ${name}`;
  const positive = {
    referenceWeight: stdp.referenceWeight,
    tauPlusMs: stdp.tauPlusMs,
    tauMinusMs: stdp.tauMinusMs,
  };
  for (const [name, value] of Object.entries(positive))
    if (!(value > 0 && Number.isFinite(value)))
      throw new UsageError(`it is ${value}`, field(name), 'Give a positive number.');
  for (const name of ['lambda', 'alpha'] as const)
    if (!(stdp[name] >= 0 && Number.isFinite(stdp[name])))
      throw new UsageError(`it is ${stdp[name]}`, field(name), 'Give a number of 0 or more.');
  for (const name of ['muPlus', 'muMinus'] as const)
    if (!(stdp[name] >= 0 && stdp[name] <= 1))
      throw new UsageError(`the exponent is ${stdp[name]}`, field(name), 'Give one from 0 to 1.');
  for (const name of ['tauPlusMs', 'tauMinusMs'] as const)
    if (stdp[name] / dtMs > LONGEST_TAU_STEPS)
      throw new UsageError(
        `${stdp[name]} ms are more than ${LONGEST_TAU_STEPS} time steps`,
        field(name),
        `Make it shorter than ${LONGEST_TAU_STEPS * dtMs} ms, or the time step longer.`,
      );
  const [low, high] = rangeOf(weight);
  if (low < 0 && high > 0)
    throw new UsageError(
      `initial weights from ${low} to ${high} have both signs`,
      `${where}, weight`,
      'Clip them at 0: a synapse that learns keeps its sign.',
    );
  const most = largestWeight(stdp, weight);
  if (!(most > 0 && Number.isFinite(most)))
    throw new UsageError(`it is ${most}`, field('maxWeight'), 'Give a positive number.');
  if (Math.max(-low, high) > most)
    throw new UsageError(
      `initial weights reach ${Math.max(-low, high)}, the largest is ${most}`,
      field('maxWeight'),
      'Make it larger or clip the weights.',
    );
}

/**
 * Short-term plasticity (Tsodyks, Pawelzik and Markram 1998, doi:10.1162/089976698300017502): at a spike of the
 * source u jumps by U(1 - u), a share u of what is left, x, is released, and the synapse acts with weight·u·x.
 * Between spikes u decays to U with tauFacilitationMs (0: no facilitation) and x recovers to 1 with tauRecoveryMs.
 */
export interface ShortTerm {
  /** U: share released at the first spike. */
  utilisation: number;
  tauRecoveryMs: number;
  /** Default 0: u is U at every spike. */
  tauFacilitationMs?: number;
}

/** Refuses parameters that are none, naming the field. */
export function requireShortTerm(shortTerm: ShortTerm, where: string): void {
  const { utilisation, tauRecoveryMs, tauFacilitationMs = 0 } = shortTerm;
  const field = (name: string) => `${where}, shortTerm, ${name}`;
  if (!(utilisation > 0 && utilisation <= 1))
    throw new UsageError(`it is ${utilisation}`, field('utilisation'), 'Give a share above 0 and up to 1.');
  for (const [name, value] of Object.entries({ tauRecoveryMs, tauFacilitationMs }))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new UsageError(`it is ${value}`, field(name), 'Give a time of 0 ms or more.');
}
