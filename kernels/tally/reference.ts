/** Changes of weights are counted in quanta of 2^-24, so that sums of counts are exact in any order. */
const QUANTUM = 2 ** -24;

/** |Δw| in quanta, rounded to the nearest, halves to the even number. */
export function quanta(change: number): number {
  const exact = Math.abs(change) / QUANTUM;
  const below = Math.floor(exact);
  const rest = exact - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** L0: how many changes are not zero. L1: Σ|Δw| in quanta. */
export function tally(changes: ArrayLike<number>): { l0: number; l1Quanta: number } {
  let l0 = 0;
  let l1Quanta = 0;
  for (let k = 0; k < changes.length; k++) {
    if (changes[k] !== 0) l0++;
    l1Quanta += quanta(changes[k]);
  }
  return { l0, l1Quanta };
}
