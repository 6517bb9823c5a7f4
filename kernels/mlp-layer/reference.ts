/**
 * A dense layer. w_ji is the weight from source i to target j, at index j·sources + i; x the input, y = W·x the
 * drive of the targets, g what a target's weights should change by for each unit of input, e = Wᵀ·g.
 */

/** y_j = Σ_i w_ji·x_i */
export function drive(w: ArrayLike<number>, x: ArrayLike<number>, targets: number): Float64Array {
  return Float64Array.from({ length: targets }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += w[j * x.length + i] * x[i];
    return sum;
  });
}

/** e_i = Σ_j g_j·w_ji */
export function backward(w: ArrayLike<number>, g: ArrayLike<number>, sources: number): Float64Array {
  return Float64Array.from({ length: sources }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < g.length; j++) sum += g[j] * w[j * sources + i];
    return sum;
  });
}

/** Δw_ji = g_j·x_i */
export function outer(x: ArrayLike<number>, g: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: x.length * g.length }, (_, k) => {
    const j = Math.floor(k / x.length);
    return g[j] * x[k - j * x.length];
  });
}
