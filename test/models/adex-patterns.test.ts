import { beforeAll, describe, expect, test } from 'vitest';
import { type AdexResult, adexRuns } from '../../experiments/firing-patterns/adex.js';
import { ADEX_SHAPES } from '../../experiments/firing-patterns/adex-shapes.js';
import { holds } from '../../experiments/firing-patterns/shapes.js';
import { ADEX_MS, ADEX_PATTERNS, type AdexPattern } from '../../models/neurons/adex-patterns.js';

/** Spikes by the classical Runge-Kutta method in float64, ten times finer than the compiled model's steps. */
function spikesByRungeKutta({ parameters }: AdexPattern): number[] {
  const { C, g_L, E_L, V_T, Delta_T, a, tau_w, b, V_r, I } = parameters;
  const peak = -30;
  const slopes = (V: number, w: number) => [
    (g_L * (E_L - V) + g_L * Delta_T * Math.exp((Math.min(V, peak) - V_T) / Delta_T) - w + I) / C,
    (a * (V - E_L) - w) / tau_w,
  ];
  const dt = 0.001;
  let [V, w] = [E_L, 0];
  const spikes: number[] = [];
  for (let step = 1; step <= ADEX_MS / dt; step++) {
    const [v1, w1] = slopes(V, w);
    const [v2, w2] = slopes(V + (dt / 2) * v1, w + (dt / 2) * w1);
    const [v3, w3] = slopes(V + (dt / 2) * v2, w + (dt / 2) * w2);
    const [v4, w4] = slopes(V + dt * v3, w + dt * w3);
    V += (dt / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
    w += (dt / 6) * (w1 + 2 * w2 + 2 * w3 + w4);
    if (V < peak) continue;
    spikes.push(step * dt);
    V = V_r;
    w += b;
  }
  return spikes;
}

describe('the adaptive exponential model', () => {
  let compiled: AdexResult[];
  const fine = new Map(ADEX_PATTERNS.map((pattern) => [pattern.name, spikesByRungeKutta(pattern)]));

  beforeAll(async () => {
    compiled = await adexRuns({ signal: new AbortController().signal });
  });

  test.each(ADEX_PATTERNS)(
    '$name has its shape, and does not need coarse steps for it',
    ({ name, parameters }) => {
      const wrong = (spikes: readonly number[]) =>
        ADEX_SHAPES[name](spikes, parameters).filter((feature) => !holds(feature));
      expect(wrong(compiled.find((result) => result.name === name)!.spikesMs)).toEqual([]);
      expect(wrong(fine.get(name)!)).toEqual([]);
    },
  );

  test.each(ADEX_PATTERNS)('$name spikes when a finer method says', ({ name }) => {
    const found = compiled.find((result) => result.name === name)!.spikesMs;
    const expected = fine.get(name)!;
    if (name === 'irregular spiking') {
      // Chaos: errors grow, so only the first spikes can be told.
      expect(found.slice(0, 4)).toBeAllclose(expected.slice(0, 4), { atol: 0.1 });
      return;
    }
    expect(found).toHaveLength(expected.length);
    // A spike is found up to a step of 0.01 ms late, and so are all that follow.
    expect(found).toBeAllclose(expected, { atol: 0.05, rtol: 1e-3 });
  });

  test('a shape takes no run of another pattern', () => {
    for (const [name, shape] of Object.entries(ADEX_SHAPES)) {
      const taken = ADEX_PATTERNS.filter((other) =>
        shape(fine.get(other.name)!, other.parameters).every((f) => Number.isFinite(f.value) && holds(f)),
      ).map((other) => other.name);
      // What bursts with a delay also bursts.
      const allowed: Record<string, string[]> = { 'regular bursting': ['delayed regular bursting'] };
      expect(taken.filter((other) => other !== name && !allowed[name]?.includes(other))).toEqual([]);
      expect(taken, name).toContain(name);
    }
  });
});
