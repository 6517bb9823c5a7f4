import type { BrunelOptions } from './brunel.js';

const TAU_MS = 20;
const THRESHOLD_MV = 20;
const REFRACTORY_MS = 2;
const STEPS = 4000;

/**
 * Rate of a leaky integrate-and-fire neuron under white noise, in Hz: τ V' = -V + μ + σ √τ ξ(t), threshold θ,
 * reset V_r. With y = (V - μ)/σ (Brunel and Hakim 1999, doi:10.1162/089976699300016179, eq. 3.19):
 *
 *   1/ν = τ_ref + τ ∫_0^∞ e^(-u²) (e^(2 y_θ u) - e^(2 y_r u))/u du
 */
export function siegertRateHz(muMv: number, sigmaMv: number, resetMv: number): number {
  const [yThreshold, yReset] = [(THRESHOLD_MV - muMv) / sigmaMv, (resetMv - muMv) / sigmaMv];
  // Beyond it the integrand is below e^-36 of its top.
  const end = yThreshold > 0 ? yThreshold + 7 : Math.min(7, 36 / Math.abs(2 * yThreshold));
  const integrand = (u: number) =>
    u === 0
      ? 2 * (yThreshold - yReset)
      : (Math.exp(u * (2 * yThreshold - u)) - Math.exp(u * (2 * yReset - u))) / u;
  // Simpson's rule.
  const h = end / STEPS;
  let sum = integrand(0) + integrand(end);
  for (let k = 1; k < STEPS; k++) sum += (k % 2 === 1 ? 4 : 2) * integrand(k * h);
  return 1000 / (REFRACTORY_MS + (TAU_MS * sum * h) / 3);
}

/**
 * The stationary rate of Brunel's network, in Hz: the rate ν that a neuron has in the noise that neurons of rate ν
 * make (Brunel 2000, doi:10.1023/A:1008925309027, section 3): μ = J τ (C ν_ext + C ν - g C_I ν) and
 * σ² = J² τ (C ν_ext + C ν + g² C_I ν), with C_I = C/4. Where it has several solutions, one of them.
 */
export function stationaryRateHz({
  indegree = 1250,
  g = 5,
  eta = 2,
  resetMv = 0,
  weightMv = 0.1,
}: BrunelOptions = {}): number {
  const degree = 0.8 * indegree;
  const externalPerMs = (eta * THRESHOLD_MV) / (weightMv * TAU_MS);
  const rateIn = (hz: number) => {
    const perMs = hz / 1000;
    const mu = weightMv * TAU_MS * (externalPerMs + degree * perMs * (1 - g / 4));
    const variance = weightMv ** 2 * TAU_MS * (externalPerMs + degree * perMs * (1 + g ** 2 / 4));
    return siegertRateHz(mu, Math.sqrt(variance), resetMv);
  };
  let [low, high] = [0, 1000 / REFRACTORY_MS];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rateIn(middle) > middle) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
