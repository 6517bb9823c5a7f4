/**
 * Remembers the last few results of a function of numbers and words: a training step asks for the same constants each
 * time, and making them takes longer than a small kernel. Results must not be changed by whoever gets them.
 *
 * @param most how many to keep; beyond it the oldest is forgotten
 */
export function remembered<Args extends readonly (number | string)[], Result>(
  compute: (...args: Args) => Result,
  most = 8,
): (...args: Args) => Result {
  const known: { args: Args; result: Result }[] = [];
  return (...args) => {
    for (const entry of known) if (same(entry.args, args)) return entry.result;
    const result = compute(...args);
    known.push({ args, result });
    if (known.length > most) known.shift();
    return result;
  };
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
