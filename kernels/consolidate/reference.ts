/**
 * Synaptic caching (Li & van Rossum 2020, doi:10.7554/eLife.50804). A weight is a transient and a persistent part,
 * w = s + l. Learning writes s, which costs little to write but something to hold, and decays by the factor d a
 * presentation. When a threshold θ is crossed, s is consolidated: l += s, s = 0.
 */

/**
 * Whose threshold, and what is consolidated then:
 * - `synapse`: |s_i| > θ consolidates synapse i alone;
 * - `neuron`: |s_i| > θ at any synapse consolidates all synapses of the postsynaptic neuron;
 * - `sum`: Σ_i |s_i| > θ consolidates all synapses of the neuron.
 */
export type Rule = 'synapse' | 'neuron' | 'sum';

/** Whether each synapse of one neuron is consolidated, from the transients of all of them. */
export function consolidated(s: ArrayLike<number>, rule: Rule, threshold: number): boolean[] {
  const sizes = Array.from(s, Math.abs);
  if (rule === 'synapse') return sizes.map((size) => size > threshold);
  const measure = rule === 'neuron' ? Math.max(...sizes) : sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map(() => measure > threshold);
}

/** A transient after n presentations: s·dⁿ. */
export function decayed(s: number, presentations: number, d: number): number {
  return s * d ** presentations;
}

/** What holding a transient through n presentations amounts to: Σ_{k=1..n} |s|·dᵏ = |s|·d·(1-dⁿ)/(1-d). */
export function held(s: number, presentations: number, d: number): number {
  if (d === 1) return Math.abs(s) * presentations;
  return (Math.abs(s) * d * (1 - d ** presentations)) / (1 - d);
}
