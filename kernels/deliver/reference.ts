/** A synapse with a weight and a delay of its own. */
export interface DelayedSynapse {
  target: number;
  /** In quanta, to be shifted. */
  weight: number;
  /** Steps from the spike to the step in which it is seen. */
  slots: number;
}

/**
 * What each neuron gets in each step after `step`, when `spikes` are sent in that step: sums[k][target], k steps on.
 * @param rows rows[source]: its synapses
 */
export function delivered(
  rows: readonly (readonly DelayedSynapse[])[],
  spikes: readonly number[],
  neurons: number,
  longest: number,
  shift: number,
): number[][] {
  const sums = Array.from({ length: longest + 1 }, () => new Array<number>(neurons).fill(0));
  for (const source of spikes)
    for (const { target, weight, slots } of rows[source]) sums[slots][target] += weight * 2 ** shift;
  return sums;
}

/**
 * What arrives at each target from sources that all have a weight for it: Σ over the spikes of weights[source][target].
 */
export function deliveredDense(weights: readonly (readonly number[])[], spikes: readonly number[]): number[] {
  return weights[0].map((_, target) => spikes.reduce((sum, source) => sum + weights[source][target], 0));
}
