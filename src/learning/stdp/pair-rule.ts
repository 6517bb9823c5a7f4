/** Pair-based spike-timing-dependent plasticity. */
export interface PairRule {
  /** Size of the change for a pair at no distance: potentiation, depression. */
  aPlus: number;
  aMinus: number;
  tauPlusMs: number;
  tauMinusMs: number;
}

/**
 * Change of a synapse by all pairs of its spikes (Song, Miller and Abbott 2000, doi:10.1038/78829):
 *   Δw = Σ_pairs  A₊ exp(-Δt/τ₊) if Δt = t_post - t_pre > 0,   -A₋ exp(Δt/τ₋) if Δt < 0,   0 at the same time.
 */
export function pairChange(rule: PairRule, preMs: readonly number[], postMs: readonly number[]): number {
  let change = 0;
  for (const pre of preMs) {
    for (const post of postMs) {
      const ms = post - pre;
      if (ms > 0) change += rule.aPlus * Math.exp(-ms / rule.tauPlusMs);
      if (ms < 0) change -= rule.aMinus * Math.exp(ms / rule.tauMinusMs);
    }
  }
  return change;
}

/** A spike of the pre- or the postsynaptic side. */
export interface SideSpike {
  atMs: number;
  side: 'pre' | 'post';
  index: number;
}

/**
 * The same for all synapses of a layer at once, spike by spike with one trace a neuron: a presynaptic spike reads the
 * traces of the targets (depression), a postsynaptic one those of the sources (potentiation).
 *
 * @param spikes in order of time
 * @returns Δw at target·sources + source
 */
export function layerChange(
  rule: PairRule,
  sources: number,
  targets: number,
  spikes: readonly SideSpike[],
): Float64Array {
  const change = new Float64Array(sources * targets);
  const pre = new Float64Array(sources);
  const post = new Float64Array(targets);
  let nowMs = 0;
  for (let first = 0; first < spikes.length; ) {
    const { atMs } = spikes[first];
    const fallPre = Math.exp((nowMs - atMs) / rule.tauPlusMs);
    const fallPost = Math.exp((nowMs - atMs) / rule.tauMinusMs);
    for (let i = 0; i < sources; i++) pre[i] *= fallPre;
    for (let j = 0; j < targets; j++) post[j] *= fallPost;
    nowMs = atMs;
    // Spikes at the same time do not see each other.
    let last = first;
    while (last < spikes.length && spikes[last].atMs === atMs) last++;
    for (const { side, index } of spikes.slice(first, last)) {
      if (side === 'pre')
        for (let j = 0; j < targets; j++) change[j * sources + index] -= rule.aMinus * post[j];
      else for (let i = 0; i < sources; i++) change[index * sources + i] += rule.aPlus * pre[i];
    }
    for (const { side, index } of spikes.slice(first, last)) (side === 'pre' ? pre : post)[index] += 1;
    first = last;
  }
  return change;
}
