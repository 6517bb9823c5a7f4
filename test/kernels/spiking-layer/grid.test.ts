import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { BLOCK, blocksOf, spikingLayerKernel } from '../../../kernels/spiking-layer/index.js';
import {
  backward,
  forward,
  type LayerShape,
  weightGradient,
} from '../../../kernels/spiking-layer/reference.js';
import { stream } from '../../../src/util/rng.js';

const shape = (part: Partial<LayerShape>): LayerShape => ({
  sources: 10,
  targets: 20,
  steps: 20,
  dtMs: 1,
  tauMMs: 20,
  tauSMs: 5,
  theta: 1,
  slopeFloor: 1e-3,
  ...part,
});

describe('the compiled layer', () => {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const kernel = spikingLayerKernel(memory);

  /** Lays out a window in memory, runs the kernel forwards and backwards, and reads everything back. */
  function run(s: LayerShape, input: number[][], weights: Float32Array, error: Float32Array[]) {
    const blocks = blocksOf(s.targets);
    let next = 64;
    const take = (bytes: number) => {
      const address = next;
      next += Math.ceil(bytes / 64) * 64;
      return address;
    };
    const f32 = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
    const window = blocks * s.steps * BLOCK;
    const [starts, spikes, w, gains] = [
      take(2 * (s.steps + 1)),
      take(2 * input.flat().length),
      take(4 * blocks * s.sources * BLOCK),
      take(4 * s.steps),
    ];
    const [slope, masks, drive, counts] = [
      take(4 * window),
      take(2 * blocks * s.steps),
      take(4 * blocks * BLOCK),
      take(4 * blocks * BLOCK),
    ];
    const [errorAt, lambdaI, difference] = [take(4 * window), take(4 * window), take(4 * window)];
    new Uint8Array(memory.buffer).fill(0, 0, next);
    new Uint16Array(memory.buffer, spikes).set(input.flat());
    input.reduce((sum, arrivals, k) => {
      new Uint16Array(memory.buffer, starts)[k + 1] = sum + arrivals.length;
      return sum + arrivals.length;
    }, 0);
    const at = (j: number, k: number) => (Math.floor(j / BLOCK) * s.steps + k) * BLOCK + (j % BLOCK);
    for (let i = 0; i < s.sources; i++) {
      for (let j = 0; j < s.targets; j++) {
        f32(w, blocks * s.sources * BLOCK)[(Math.floor(j / BLOCK) * s.sources + i) * BLOCK + (j % BLOCK)] =
          weights[i * s.targets + j];
      }
    }
    for (let k = 0; k < s.steps; k++)
      for (let j = 0; j < s.targets; j++) f32(errorAt, window)[at(j, k)] = error[k][j];
    f32(gains, s.steps).fill(1);
    const a = Math.exp(-s.dtMs / s.tauMMs);
    const b = Math.exp(-s.dtMs / s.tauSMs);
    const gain = (s.tauSMs / (s.tauMMs - s.tauSMs)) * (a - b);
    const mix = (s.tauMMs / (s.tauMMs - s.tauSMs)) * (a - b);
    kernel.forward(
      s.steps,
      blocks,
      s.sources,
      starts,
      spikes,
      w,
      a,
      b,
      gain,
      s.theta,
      s.slopeFloor,
      gains,
      slope,
      masks,
      drive,
      counts,
    );
    kernel.backward(
      s.steps,
      blocks,
      slope,
      errorAt,
      0,
      a,
      b,
      mix,
      s.theta,
      lambdaI,
      difference,
      s.steps * BLOCK * 4,
    );
    const unwind = (address: number) =>
      Array.from({ length: s.steps }, (_, k) =>
        Float32Array.from({ length: s.targets }, (_, j) => f32(address, window)[at(j, k)]),
      );
    return {
      inverseSlope: unwind(slope),
      lambdaI: unwind(lambdaI),
      lambdaDifference: unwind(difference),
      drive: Array.from(f32(drive, s.targets)),
      counts: Array.from(new Int32Array(memory.buffer, counts, s.targets)),
    };
  }

  test('equals the reference on random windows: spikes exactly, adjoint to float32', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (seed, targets, sources) => {
          const s = shape({ targets, sources });
          const { normal, uniform, integer } = stream(seed, 'grid');
          // Weights on a dyadic grid; a threshold that V misses by less than rounding is as good as impossible.
          const weights = Float32Array.from(
            { length: sources * targets },
            () => Math.round(64 * (0.5 + normal())) / 64,
          );
          const input = Array.from({ length: s.steps }, () =>
            Array.from({ length: uniform() < 0.5 ? integer(6) : 0 }, () => integer(sources)),
          );
          const error = Array.from({ length: s.steps }, () => Float32Array.from({ length: targets }, normal));
          const reference = forward(s, input, weights);
          const adjoint = backward(s, reference, error);
          const kernelRun = run(s, input, weights, error);
          for (let k = 0; k < s.steps; k++) {
            const spiking = Array.from(kernelRun.inverseSlope[k].keys()).filter(
              (j) => kernelRun.inverseSlope[k][j] > 0,
            );
            expect(spiking).toEqual(reference.spikes[k]);
            const scale = Math.max(1, ...adjoint.lambdaI[k].map(Math.abs));
            expect(kernelRun.lambdaI[k]).toBeAllclose(adjoint.lambdaI[k], { rtol: 1e-3, atol: 1e-4 * scale });
            expect(kernelRun.lambdaDifference[k]).toBeAllclose(adjoint.lambdaDifference[k], {
              rtol: 1e-3,
              atol: 1e-4 * scale,
            });
          }
          const counts = Array.from(
            { length: targets },
            (_, j) => reference.spikes.flat().filter((n) => n === j).length,
          );
          expect(kernelRun.counts).toEqual(counts);
          expect(kernelRun.drive).toEqual(counts);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('on ever finer grids the spikes and the gradient approach those without a grid, to first order in dt', () => {
  const { normal, integer } = stream(5, 'refinement');
  const [inputs, neurons, windowMs] = [12, 8, 20];
  const inputWeights = Float64Array.from({ length: inputs * neurons }, () => 0.7 + 0.4 * normal());
  const input = Array.from({ length: inputs }, (_, i) => ({ atMs: 1 + integer(14), input: i }));
  const readoutWeights = Float64Array.from({ length: neurons }, normal);
  const exact = exactEventProp(
    {
      inputs,
      neurons,
      outputs: 2,
      tauMMs: 20,
      tauSMs: 5,
      theta: 1,
      windowMs,
      kappa: 1,
      inputWeights,
      recurrentWeights: null,
      readoutWeights: Float64Array.from({ length: 2 * neurons }, (_, i) =>
        i % 2 === 0 ? readoutWeights[i / 2] : 0,
      ),
    },
    input,
    1,
  );
  expect(exact.spikes.length).toBeGreaterThan(8);
  const e = exact.answer.map(Math.exp);
  const outputError = e[0] / (e[0] + e[1]);

  const errorAt = (dtMs: number) => {
    const s = shape({ sources: inputs, targets: neurons, steps: windowMs / dtMs, dtMs, slopeFloor: 0 });
    const lists: number[][] = Array.from({ length: s.steps }, () => []);
    for (const { atMs, input: i } of input) lists[Math.round(atMs / dtMs)].push(i);
    const window = forward(s, lists, inputWeights);
    expect(window.spikes.flat().length).toBe(exact.spikes.length);
    const spikeError = window.spikes.map((_, k) => {
      const left = windowMs - (k + 1) * dtMs;
      const psp = (Math.exp(-left / 20) - Math.exp(-left / 5)) / 3;
      return readoutWeights.map((w) => (-psp / windowMs) * w * outputError);
    });
    const gradient = weightGradient(s, lists, backward(s, window, spikeError));
    const times = window.spikes.flatMap((sent, k) =>
      sent.map((neuron) => ({ neuron, atMs: (k + 1) * dtMs })),
    );
    const byNeuron = (spikes: { neuron: number; atMs: number }[]) =>
      spikes.toSorted((x, y) => x.neuron - y.neuron || x.atMs - y.atMs).map(({ atMs }) => atMs);
    const exactTimes = byNeuron(exact.spikes);
    return {
      time: Math.max(...byNeuron(times).map((t, i) => Math.abs(t - exactTimes[i]))),
      gradient: Math.max(...gradient.map((g, i) => Math.abs(g - exact.inputGradient[i]))),
    };
  };

  const coarse = errorAt(1 / 64);
  const fine = errorAt(1 / 1024);
  // Each spike comes up to one step late, and the next spikes of the neuron inherit that.
  expect(fine.time).toBeLessThan(8 / 1024);
  expect(fine.time).toBeLessThan(coarse.time / 4);
  const largest = Math.max(...exact.inputGradient.map(Math.abs));
  expect(fine.gradient).toBeLessThan(0.02 * largest);
  expect(fine.gradient).toBeLessThan(coarse.gradient / 4);
});
