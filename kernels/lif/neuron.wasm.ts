/**
 * One step of four leaky integrate-and-fire neurons with exponential currents, for layers on tensors, and of their
 * adjoint, for all kernels that train such neurons. Equations and symbols in spiking-layer/reference.ts.
 */

/** V at the end of a step: a·V + gain·I, of those at its start. */
// @ts-ignore: decorator
@inline
export function nextPotential(v: v128, i: v128, decayM: v128, gain: v128): v128 {
  return f32x4.add(f32x4.mul(v, decayM), f32x4.mul(i, gain));
}

/** 1/(τ_m V') of the neurons that spike, else 0; `slope` is τ_m V', and taken as `floor` at the least. */
// @ts-ignore: decorator
@inline
export function inverseSlopeOf(spikes: v128, slope: v128, floor: v128): v128 {
  return v128.and(spikes, f32x4.div(f32x4.splat(1), f32x4.max(slope, floor)));
}

/** λ_V before a spike, of that behind it, where `inverse` is not 0: λ_V + (θ λ_V + e)/(τ_m V'). */
// @ts-ignore: decorator
@inline
export function acrossSpike(lambdaV: v128, inverse: v128, theta: v128, error: v128): v128 {
  return f32x4.add(lambdaV, f32x4.mul(inverse, f32x4.add(f32x4.mul(theta, lambdaV), error)));
}

/** λ_I at the start of a step: b·λ_I + mix·λ_V, of those at its end. */
// @ts-ignore: decorator
@inline
export function adjointCurrent(lambdaI: v128, lambdaV: v128, decayS: v128, mix: v128): v128 {
  return f32x4.add(f32x4.mul(lambdaI, decayS), f32x4.mul(lambdaV, mix));
}
