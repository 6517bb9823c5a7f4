import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitCoefficients } from '../../../kernels/spiking-layer/coefficients.js';
import { exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { layerForward, windowPlaces, workBytesOf } from '../../../kernels/spiking-layer/forward.js';
import { BLOCK, blocksOf, spikingLayerKernel } from '../../../kernels/spiking-layer/index.js';
import {
  backproject,
  backward,
  forward,
  type LayerShape,
  recurrentGradient,
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
  function run(
    s: LayerShape,
    input: number[][],
    weights: Float32Array,
    error: Float32Array[],
    recurrent: Float32Array | null,
  ) {
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
    const [arrivals, work, drive, counts, coefficients] = [
      take(4 * window),
      take(workBytesOf(blocks, s.steps)),
      take(4 * blocks * BLOCK),
      take(4 * blocks * BLOCK),
      take(64),
    ];
    const [errorAt, lambdaI, difference] = [take(4 * window), take(4 * window), take(4 * window)];
    const among = take(4 * blocks * s.targets * BLOCK);
    new Uint8Array(memory.buffer).fill(0, 0, next);
    // What the windows before have left in the work space does not matter.
    f32(work, workBytesOf(blocks, s.steps) / 4).fill(3);
    const constants = unitCoefficients(s);
    f32(coefficients, constants.length).set(constants);
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
    if (recurrent) {
      const to = f32(among, blocks * s.targets * BLOCK);
      recurrent.forEach((r, k) => {
        const [n, m] = [Math.floor(k / s.targets), k % s.targets];
        to[(Math.floor(m / BLOCK) * s.targets + n) * BLOCK + (m % BLOCK)] = r;
      });
    }
    for (let k = 0; k < s.steps; k++)
      for (let j = 0; j < s.targets; j++) f32(errorAt, window)[at(j, k)] = error[k][j];
    f32(gains, s.steps).fill(1);
    const a = Math.exp(-s.dtMs / s.tauMMs);
    const b = Math.exp(-s.dtMs / s.tauSMs);
    const mix = (s.tauMMs / (s.tauMMs - s.tauSMs)) * (a - b);
    const neurons = { ...s, coefficients, readoutGain: gains };
    const left = windowPlaces(work, blocks, s.steps);
    const { inverseSlope: slope, spikeCounts, spikeLists, listBytes, state } = left;
    const places = {
      neurons: s.targets,
      blocks,
      weights: w,
      sources: s.sources,
      window: left,
      arrivals,
      counts,
    };
    const loop = recurrent && { weights: among, sources: s.targets };
    expect(layerForward(memory, neurons)({ ...places, loop }, { starts, spikes }, drive)).toBe(true);
    expect(f32(arrivals, window).every((sum) => sum === 0)).toBe(true);
    const adjoint = [a, b, mix, s.theta] as const;
    const out = [lambdaI, difference, s.steps * BLOCK * 4] as const;
    if (recurrent) {
      const met = [slope, spikeCounts, spikeLists, listBytes, errorAt, 0, among, s.targets] as const;
      kernel.backwardRecurrent(s.steps, blocks, ...met, ...adjoint, state, ...out);
    } else kernel.backward(s.steps, blocks, slope, errorAt, 0, ...adjoint, ...out);
    const unwind = (address: number) =>
      Array.from({ length: s.steps }, (_, k) =>
        Float32Array.from({ length: s.targets }, (_, j) => f32(address, window)[at(j, k)]),
      );
    const slopes = f32(slope, window);
    const sent = new Uint32Array(memory.buffer, spikeCounts, s.steps);
    const stride = blocks * BLOCK;
    return {
      inverseSlope: Array.from({ length: s.steps }, (_, k) =>
        slopes.slice(k * stride, k * stride + s.targets),
      ),
      spikes: Array.from(sent, (n, k) =>
        Array.from(new Uint32Array(memory.buffer, spikeLists + k * listBytes, n)),
      ),
      lambdaI: unwind(lambdaI),
      lambdaDifference: unwind(difference),
      drive: Array.from(f32(drive, s.targets)),
      counts: Array.from(new Int32Array(memory.buffer, counts, s.targets)),
    };
  }

  test.each([false, true])(
    'equals the reference on random windows: spikes exactly, adjoint to float32; recurrent: %s',
    (loops) => {
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
            const error = Array.from({ length: s.steps }, () =>
              Float32Array.from({ length: targets }, normal),
            );
            const recurrent = loops
              ? Float32Array.from({ length: targets * targets }, () => Math.round(16 * normal()) / 64)
              : null;
            // What float32 may decide otherwise is left out.
            const spikesAt = (theta: number) =>
              JSON.stringify(forward({ ...s, theta }, input, weights, recurrent).spikes);
            fc.pre(spikesAt(1 - 1e-5) === spikesAt(1 + 1e-5));
            const reference = forward(s, input, weights, recurrent);
            const adjoint = backward(s, reference, error, recurrent);
            const kernelRun = run(s, input, weights, error, recurrent);
            for (let k = 0; k < s.steps; k++) {
              const spiking = Array.from(kernelRun.inverseSlope[k].keys()).filter(
                (j) => kernelRun.inverseSlope[k][j] > 0,
              );
              expect(spiking).toEqual(reference.spikes[k]);
              expect(kernelRun.spikes[k]).toEqual(reference.spikes[k]);
              expect(kernelRun.inverseSlope[k]).toBeAllclose(reference.inverseSlope[k], { rtol: 1e-3 });
              const scale = Math.max(1, ...adjoint.lambdaI[k].map(Math.abs));
              expect(kernelRun.lambdaI[k]).toBeAllclose(adjoint.lambdaI[k], {
                rtol: 1e-3,
                atol: 1e-4 * scale,
              });
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
    },
  );
});

test.each([false, true])(
  'on ever finer grids spikes and gradient approach those without a grid, to first order in dt; recurrent: %s',
  (loops) => {
    const { normal, integer } = stream(5, 'refinement');
    const [inputs, neurons, windowMs] = [12, 8, 20];
    const inputWeights = Float64Array.from({ length: inputs * neurons }, () => 0.7 + 0.4 * normal());
    const input = Array.from({ length: inputs }, (_, i) => ({ atMs: 1 + integer(14), input: i }));
    const readoutWeights = Float64Array.from({ length: neurons }, normal);
    const recurrentWeights = loops
      ? Float64Array.from({ length: neurons * neurons }, () => 0.2 * normal())
      : null;
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
        recurrentWeights,
        readoutWeights: Float64Array.from({ length: 2 * neurons }, (_, i) =>
          i % 2 === 0 ? readoutWeights[i / 2] : 0,
        ),
      },
      input,
      1,
    );
    expect(exact.spikes.length).toBeGreaterThan(5);
    const e = exact.answer.map(Math.exp);
    const outputError = e[0] / (e[0] + e[1]);

    const errorAt = (dtMs: number) => {
      const s = shape({ sources: inputs, targets: neurons, steps: windowMs / dtMs, dtMs, slopeFloor: 0 });
      const lists: number[][] = Array.from({ length: s.steps }, () => []);
      for (const { atMs, input: i } of input) lists[Math.round(atMs / dtMs)].push(i);
      const window = forward(s, lists, inputWeights, recurrentWeights);
      expect(window.spikes.flat().length).toBe(exact.spikes.length);
      const spikeError = window.spikes.map((_, k) => {
        const left = windowMs - (k + 1) * dtMs;
        const psp = (Math.exp(-left / 20) - Math.exp(-left / 5)) / 3;
        return readoutWeights.map((w) => (-psp / windowMs) * w * outputError);
      });
      const adjoint = backward(s, window, spikeError, recurrentWeights);
      const gradient = weightGradient(s, lists, adjoint);
      const among = loops ? recurrentGradient(s, window, adjoint) : [];
      const times = window.spikes.flatMap((sent, k) =>
        sent.map((neuron) => ({ neuron, atMs: (k + 1) * dtMs })),
      );
      const byNeuron = (spikes: { neuron: number; atMs: number }[]) =>
        spikes.toSorted((x, y) => x.neuron - y.neuron || x.atMs - y.atMs).map(({ atMs }) => atMs);
      const exactTimes = byNeuron(exact.spikes);
      return {
        time: Math.max(...byNeuron(times).map((t, i) => Math.abs(t - exactTimes[i]))),
        gradient: Math.max(...gradient.map((g, i) => Math.abs(g - exact.inputGradient[i]))),
        recurrent: Math.max(0, ...among.map((g, i) => Math.abs(g - exact.recurrentGradient![i]))),
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
    if (!exact.recurrentGradient) return;
    expect(fine.recurrent).toBeLessThan(0.02 * Math.max(...exact.recurrentGradient.map(Math.abs)));
    expect(fine.recurrent).toBeLessThan(coarse.recurrent / 4);
  },
);

test('two layers in a row are one recurrent layer in which the first projects to the second', () => {
  const { normal, integer } = stream(11, 'stack');
  const [sources, first, second, steps] = [9, 7, 6, 25];
  const both = first + second;
  const w = Float64Array.from({ length: sources * first }, () => 1 + normal());
  const v = Float64Array.from({ length: first * second }, () => 1 + normal());
  const input = Array.from({ length: steps }, (_, k) => (k < 15 ? [integer(sources), integer(sources)] : []));
  const [below, above] = [
    shape({ sources, targets: first, steps }),
    shape({ sources: first, targets: second, steps }),
  ];
  const lower = forward(below, input, w);
  const arrivals = [[], ...lower.spikes.slice(0, -1)];
  const upper = forward(above, arrivals, v);
  expect(upper.spikes.flat().length).toBeGreaterThan(5);
  const error = upper.spikes.map(() => Float64Array.from({ length: second }, normal));
  const upperAdjoint = backward(above, upper, error);
  const lowerAdjoint = backward(below, lower, backproject(above, lower.spikes, v, upperAdjoint));

  const one = shape({ sources, targets: both, steps });
  const into = Float64Array.from({ length: sources * both }, (_, k) =>
    k % both < first ? w[Math.floor(k / both) * first + (k % both)] : 0,
  );
  const among = Float64Array.from({ length: both * both }, (_, k) => {
    const [from, to] = [Math.floor(k / both), k % both];
    return from < first && to >= first ? v[from * second + to - first] : 0;
  });
  const window = forward(one, input, into, among);
  expect(window.spikes).toEqual(
    lower.spikes.map((sent, k) => [...sent, ...upper.spikes[k].map((n) => n + first)]),
  );
  const padded = error.map((e) =>
    Float64Array.from({ length: both }, (_, n) => (n < first ? 0 : e[n - first])),
  );
  const adjoint = backward(one, window, padded, among);
  const inputGradient = weightGradient(one, input, adjoint);
  const loopGradient = recurrentGradient(one, window, adjoint);
  const part = (of: Float64Array, rows: number, from: number, to: number) =>
    Array.from({ length: rows }, (_, i) => Array.from(of.subarray(i * both + from, i * both + to))).flat();
  expect(part(inputGradient, sources, 0, first)).toBeAllclose(weightGradient(below, input, lowerAdjoint), {
    atol: 1e-10,
  });
  expect(part(loopGradient, first, first, both)).toBeAllclose(weightGradient(above, arrivals, upperAdjoint), {
    atol: 1e-10,
  });
});
