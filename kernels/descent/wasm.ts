/** One optimiser step on all weights of an array, four at a time. Equations in plain.ts. */

export function sgd(count: i32, rate: f32, weights: usize, gradient: usize, out: usize): void {
  const vRate = f32x4.splat(rate);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(out + at, f32x4.sub(v128.load(weights + at), f32x4.mul(vRate, v128.load(gradient + at))));
  }
  for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(weights + at) - rate * load<f32>(gradient + at));
}

/**
 * @param rate learning rate with the bias correction folded in: η·√(1-β₂ᵗ)/(1-β₁ᵗ)
 * @param epsilon ε·√(1-β₂ᵗ)
 */
export function adam(
  count: i32, beta1: f32, beta2: f32, rate: f32, epsilon: f32,
  weights: usize, first: usize, second: usize, gradient: usize,
  weightsOut: usize, firstOut: usize, secondOut: usize,
): void {
  const one: f32 = 1;
  const vBeta1 = f32x4.splat(beta1);
  const vBeta2 = f32x4.splat(beta2);
  const vRest1 = f32x4.splat(one - beta1);
  const vRest2 = f32x4.splat(one - beta2);
  const vRate = f32x4.splat(rate);
  const vEpsilon = f32x4.splat(epsilon);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const g = v128.load(gradient + at);
    const m = f32x4.add(f32x4.mul(vBeta1, v128.load(first + at)), f32x4.mul(vRest1, g));
    const v = f32x4.add(f32x4.mul(vBeta2, v128.load(second + at)), f32x4.mul(vRest2, f32x4.mul(g, g)));
    v128.store(firstOut + at, m);
    v128.store(secondOut + at, v);
    const change = f32x4.div(f32x4.mul(vRate, m), f32x4.add(f32x4.sqrt(v), vEpsilon));
    v128.store(weightsOut + at, f32x4.sub(v128.load(weights + at), change));
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at);
    const m = beta1 * load<f32>(first + at) + (one - beta1) * g;
    const v = beta2 * load<f32>(second + at) + (one - beta2) * (g * g);
    store<f32>(firstOut + at, m);
    store<f32>(secondOut + at, v);
    store<f32>(weightsOut + at, load<f32>(weights + at) - (rate * m) / (sqrt<f32>(v) + epsilon));
  }
}
