/** Quanta of |Δw| in a change of 1: L1 is counted in units of 2^-24. */
const QUANTA_PER_UNIT = 2 ** 24;

/**
 * Counts what a step of learning did to each weight.
 *
 *   l0 ← l0 + [now ≠ previous]
 *   l1 ← l1 + round(|now - previous| · 2^24), ties to even
 *   previous ← now
 *
 * The difference is that of float32 arithmetic, so that CPU and GPU count the same. A sum is exact below 2^53 quanta
 * (5·10^8 of |Δw|).
 */
export function weightChange(
  previous: Float32Array,
  now: Float32Array,
  l0: Uint32Array,
  l1: Float64Array,
): void {
  for (let i = 0; i < now.length; i++) {
    if (now[i] === previous[i]) continue;
    l0[i] += 1;
    l1[i] += roundTiesToEven(Math.abs(Math.fround(now[i] - previous[i])) * QUANTA_PER_UNIT);
    previous[i] = now[i];
  }
}

function roundTiesToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
