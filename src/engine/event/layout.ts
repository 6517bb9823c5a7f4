import type { Plan } from './plan.js';

/** Neurons of a slice, with padding, that u16 targets can name (and one more that stands for nobody). */
export const SLICE_NEURONS = 65_472;

/** Slices are cut at multiples of this many neurons: Poisson input is drawn for sixteen at once. */
export const GROUP = 16;

/** The part of a population that lies in one slice. */
export interface Part {
  population: number;
  /** Neurons from … from + count - 1 of the population. */
  from: number;
  count: number;
  /** Index of the first of them among the neurons of the slice. */
  local: number;
  /** Neurons with padding, a multiple of GROUP. */
  padded: number;
}

/** Which neurons slice `index` of the plan holds: an equal share of every population, in whole groups. */
export function partsOf(plan: Pick<Plan, 'populations' | 'slices'>, index: number): Part[] {
  let local = 0;
  return plan.populations.map(({ size }, population) => {
    const groups = Math.ceil(size / GROUP);
    const cut = (slice: number) => Math.min(size, GROUP * Math.floor((groups * slice) / plan.slices));
    const from = cut(index);
    const count = cut(index + 1) - from;
    const padded = Math.ceil(count / GROUP) * GROUP;
    const part = { population, from, count, local, padded };
    local += padded;
    return part;
  });
}
