/** The class of the largest answer, the first of several. */
export function named(answer: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < answer.length; k++) if (answer[k] > answer[best]) best = k;
  return best;
}
