import { dawsonIntegral, erf, erfi } from './special-functions.js';

/**
 * Theory of the energy of a perceptron, with and without synaptic caching, from Li & van Rossum 2020
 * (doi:10.7554/eLife.50804). N inputs, P patterns, η learning rate, K updates, T presentations, θ threshold,
 * c cost of holding one unit of transient weight for one presentation. Energies in units of weight change.
 */

/** K = 2P/(2 - P/N)², diverging at the capacity P = 2N. */
export function updates(patterns: number, inputs: number): number {
  return (2 * patterns) / (2 - patterns / inputs) ** 2;
}

/** M/M_min = √(πP)/(2 - P/N) = √(πK/2) without caching, if the weights do a random walk (Eq. 3). */
export function inefficiency(patterns: number, inputs: number): number {
  return Math.sqrt(Math.PI * patterns) / (2 - patterns / inputs);
}

export interface CachingTask {
  inputs: number;
  rate: number;
  /** K and T. */
  updates: number;
  presentations: number;
  /** c. */
  maintenanceCost: number;
}

/** M_cons + M_trans = η²NK/θ + Nθ/3 + cNTθ/3 without decay, from a stationary triangular distribution of s. */
export function cachingEnergy(task: CachingTask, threshold: number): number {
  const { inputs: n, rate, updates: k, presentations: t, maintenanceCost: c } = task;
  return (rate ** 2 * n * k) / threshold + ((n * threshold) / 3) * (1 + c * t);
}

/** θ² = 3η²K/(1 + cT), the threshold that makes `cachingEnergy` least. */
export function optimalThreshold({
  rate,
  updates: k,
  presentations: t,
  maintenanceCost: c,
}: CachingTask): number {
  return Math.sqrt((3 * rate ** 2 * k) / (1 + c * t));
}

/** M_cache/M_min at the best threshold: min(√(2π/3·(1 + cT)), √(πK/2)); M_min = √(2/π)·ηN√K of a random walk. */
export function cachingInefficiency({
  updates: k,
  presentations: t,
  maintenanceCost: c,
}: CachingTask): number {
  return Math.min(Math.sqrt(((2 * Math.PI) / 3) * (1 + c * t)), Math.sqrt((Math.PI * k) / 2));
}

export interface DecayTask {
  /** Fraction of presentations that change a weight, and by how much. */
  updateRate: number;
  rate: number;
  /** τ, in presentations. */
  tau: number;
  threshold: number;
}

/** Power that a synapse takes at each presentation. */
export interface DecayPower {
  /** Mean |s|; times c it is the maintenance. */
  held: number;
  /** Consolidations, and Σ|Δl| = θ times that. */
  consolidationRate: number;
  consolidated: number;
}

/**
 * Transients with decay, as diffusion with absorption at ±θ and re-entry at 0: the stationary density is
 * P(s) = e^(-s²/σ²)·[erfi(|s|/σ) - erfi(θ/σ)]/Z with σ² = τ·p·η².
 *
 * The rate of absorption is printed as -2σ/(Z√π) in the paper; that is the rate in one time constant. Here it is
 * divided by τ, which gives pη²/θ² without decay, as it must, and agrees with simulation.
 */
export function decayPower({ updateRate, rate, tau, threshold }: DecayTask): DecayPower {
  const sigma = Math.sqrt(tau * updateRate) * rate;
  const z = threshold / sigma;
  const normalisation =
    sigma * ((4 / Math.sqrt(Math.PI)) * dawsonIntegral(z) - Math.sqrt(Math.PI) * erf(z) * erfi(z));
  const held = ((2 * threshold * sigma) / Math.sqrt(Math.PI) - sigma ** 2 * erfi(z)) / normalisation;
  const consolidationRate = (-2 * sigma) / (normalisation * Math.sqrt(Math.PI)) / tau;
  return { held, consolidationRate, consolidated: threshold * consolidationRate };
}
