/**
 * Pair STDP in float64: what the kernel must give.
 *
 * A pre spike at t, a post spike seen by the synapse at t'. Traces: x follows the pre spikes, y the post spikes;
 * between spikes they decay, x' = -x/τ₊ and y' = -y/τ₋; at a spike they grow by 1 (all-to-all pairing) or are
 * set to 1 (nearest: each spike is paired with the last one of the other side only).
 *
 *   post spike:  w ← w + λ f₊(w) x      pre spike:  w ← w - λ α f₋(w) y
 *
 *   Gütig et al. 2003:     f₊ = W (1 - w/W)^μ₊   f₋ = W (w/W)^μ₋   with the largest weight W
 *                          μ₊ = μ₋ = 0 additive, = 1 multiplicative, μ₊ = 0 and μ₋ = 1 van Rossum et al. 2000
 *   Morrison et al. 2007:  f₊ = w₀^(1-μ) w^μ     f₋ = w
 *
 * The weight stays in [0, W]. Two spikes that meet at the synapse in the same step are no pair.
 */
export interface PairRule {
  form: 'guetig' | 'power-law';
  lambda: number;
  alpha: number;
  /** Exponent of potentiation, and of depression (a power law depresses with exponent 1). */
  muPlus: number;
  muMinus: number;
  /** W; for a power law only a ceiling, far away. */
  maxWeight: number;
  /** w₀ of a power law. */
  referenceWeight: number;
  /** Time constants, in steps. */
  tauPlusSteps: number;
  tauMinusSteps: number;
  nearest: boolean;
}

/** Δw when a post spike meets the pre trace x. */
function potentiation(rule: PairRule, w: number, x: number): number {
  const { form, lambda, muPlus, maxWeight, referenceWeight } = rule;
  if (form === 'power-law') return lambda * referenceWeight * (w / referenceWeight) ** muPlus * x;
  return lambda * maxWeight * (1 - w / maxWeight) ** muPlus * x;
}

/** -Δw when a pre spike meets the post trace y. */
function depression(rule: PairRule, w: number, y: number): number {
  const { form, lambda, alpha, muMinus, maxWeight } = rule;
  if (form === 'power-law') return lambda * alpha * w * y;
  return lambda * alpha * maxWeight * (w / maxWeight) ** muMinus * y;
}

/** What became of one synapse. */
export interface SynapseHistory {
  /** Weight that each pre spike found after its own depression: what it transmits. */
  transmitted: number[];
  /** Weight after the last spike. */
  weight: number;
  /** Changes by another value than 0, and the sum of their sizes. */
  changes: number;
  total: number;
}

/**
 * One synapse through the spikes of its two sides, in order of time.
 * @param pre steps of the pre spikes, rising
 * @param post steps in which the synapse sees the post spikes, rising: those of the neuron, plus the dendritic delay
 */
export function pairStdp(
  rule: PairRule,
  w0: number,
  pre: readonly number[],
  post: readonly number[],
): SynapseHistory {
  let [w, x, y, changes, total] = [w0, 0, 0, 0, 0];
  let time = 0;
  const transmitted: number[] = [];
  const change = (to: number) => {
    const clipped = Math.min(Math.max(to, 0), rule.maxWeight);
    if (clipped !== w) changes += 1;
    total += Math.abs(clipped - w);
    w = clipped;
  };
  const isPre = new Set(pre);
  const isPost = new Set(post);
  for (const now of [...new Set([...pre, ...post])].sort((a, b) => a - b)) {
    x *= Math.exp(-(now - time) / rule.tauPlusSteps);
    y *= Math.exp(-(now - time) / rule.tauMinusSteps);
    time = now;
    if (isPost.has(now)) change(w + potentiation(rule, w, x));
    if (isPre.has(now)) {
      change(w - depression(rule, w, y));
      transmitted.push(w);
      x = rule.nearest ? 1 : x + 1;
    }
    if (isPost.has(now)) y = rule.nearest ? 1 : y + 1;
  }
  return { transmitted, weight: w, changes, total };
}
