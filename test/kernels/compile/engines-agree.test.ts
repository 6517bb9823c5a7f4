import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileNeuron, type NeuronModel, referenceStep } from '../../../kernels/compile/index.js';
import { adaptiveLif } from '../../../models/neurons/adaptive-lif.js';
import { adex } from '../../../models/neurons/adex.js';
import { hodgkinHuxley } from '../../../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../../../models/neurons/izhikevich.js';
import { lifAlpha } from '../../../models/neurons/lif-alpha.js';
import { lifCond } from '../../../models/neurons/lif-cond.js';
import { lifCurrent } from '../../../models/neurons/lif-current.js';
import { lifDelta } from '../../../models/neurons/lif-delta.js';
import { lifExp } from '../../../models/neurons/lif-exp.js';

const MODELS = [lifDelta, lifExp, lifCurrent, lifAlpha, lifCond, adaptiveLif];
/** Near a spike these amplify the rounding of float32: they are compared below it. */
const SENSITIVE = [izhikevich, adex, hodgkinHuxley];
const QUANTUM = 2 ** -12;

/** Runs the compiled model and the float64 reference on the same input; input[r][step][i] in quanta. */
async function both(model: NeuronModel, neurons: number, steps: number, input: number[][][]) {
  const { program, module, parsed } = await compileNeuron(model);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  const update = new WebAssembly.Instance(module, { env: { memory } }).exports.update as (
    ...args: number[]
  ) => number;
  const parameters = Object.fromEntries([...parsed.parameters].map(([name, { value }]) => [name, value]));
  const quanta = program.inputs.map(() => QUANTUM);
  const { coefficients, offsets, scales } = program.evaluate(parameters, 0.1, quanta);
  const refractory = Math.round((parameters[model.refractory?.period ?? ''] ?? 0) / 0.1);

  const [state, constants, ring, counts, lists] = [1 << 10, 1 << 14, 1 << 15, 1 << 18, 1 << 19];
  const padded = Math.ceil(neurons / 16) * 16;
  const floats = new Float32Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  floats.set(coefficients, constants / 4);
  const initial = (s: number) => (parsed.initial.get(program.states[s])!.value - offsets[s]) / scales[s];
  const stored = (values: ArrayLike<number>, s: number) =>
    Array.from(values, (value) => offsets[s] + scales[s] * value);
  const reference = {
    values: program.states.map((_, i) => new Float64Array(neurons).fill(initial(i))),
    until: new Int32Array(neurons).fill(-1),
  };
  program.states.forEach((_, s) => {
    floats.fill(initial(s), state / 4 + s * padded, state / 4 + (s + 1) * padded);
  });
  words.fill(
    -1,
    state / 4 + program.states.length * padded,
    state / 4 + (program.states.length + 1) * padded,
  );
  input.forEach((channel, r) => {
    channel.forEach((row, s) => {
      words.set(row, ring / 4 + (r * steps + s) * padded);
    });
  });
  const bad = update(
    state,
    4 * padded,
    constants,
    ring,
    4 * padded,
    4 * padded * steps,
    0,
    steps,
    padded / 16,
    0,
    steps,
    refractory,
    0,
    neurons,
    counts,
    lists,
    4 * padded,
  );
  expect(bad).toBe(-1);
  const named = Object.fromEntries(program.coefficients.map((name, i) => [name, coefficients[i]]));
  const spikes: number[][] = [];
  for (let s = 0; s < steps; s++)
    spikes.push(
      referenceStep(
        program,
        named,
        reference,
        input.map((channel) => channel[s]),
        s,
        refractory,
      ),
    );
  return {
    reference: { states: reference.values.map(stored), spikes },
    compiled: {
      states: program.states.map((_, s) =>
        stored(floats.subarray(state / 4 + s * padded).subarray(0, neurons), s),
      ),
      spikes: spikes.map((_, s) => {
        const at = (lists + s * 4 * padded) / 4;
        return Array.from(words.subarray(at, at + words[counts / 4 + s]));
      }),
    },
  };
}

/** Spikes of the float64 loop with the threshold moved by so many millivolts. */
async function referenceSpikes(model: NeuronModel, neurons: number, input: number[][][], shiftMv: number) {
  const { program, parsed } = await compileNeuron(model);
  const parameters = Object.fromEntries([...parsed.parameters].map(([name, { value }]) => [name, value]));
  parameters.V_th += shiftMv;
  const { coefficients, offsets, scales } = program.evaluate(
    parameters,
    0.1,
    program.inputs.map(() => QUANTUM),
  );
  const named = Object.fromEntries(program.coefficients.map((name, i) => [name, coefficients[i]]));
  const state = {
    values: program.states.map((name, s) =>
      new Float64Array(neurons).fill((parsed.initial.get(name)!.value - offsets[s]) / scales[s]),
    ),
    until: new Int32Array(neurons).fill(-1),
  };
  const refractory = Math.round((parameters[model.refractory?.period ?? ''] ?? 0) / 0.1);
  return input[0].map((_, s) =>
    referenceStep(
      program,
      named,
      state,
      input.map((channel) => channel[s]),
      s,
      refractory,
    ),
  );
}

/** Whether no spike hangs on the rounding of float32: the same spikes with a threshold a little higher or lower. */
async function clearOfThreshold(model: NeuronModel, neurons: number, input: number[][][]) {
  const roundingMv = 1e-3;
  const [low, high] = await Promise.all(
    [-roundingMv, roundingMv].map((shift) => referenceSpikes(model, neurons, input, shift)),
  );
  return JSON.stringify(low) === JSON.stringify(high);
}

test.each(MODELS)('$name: the compiled model follows the plain loop in float64', async (model) => {
  const { program } = await compileNeuron(model);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 11 }), fc.integer(), async (neurons, seed) => {
      const steps = 40;
      let random = seed;
      const next = () => {
        random = (Math.imul(random, 1664525) + 1013904223) | 0;
        return random / 2 ** 31;
      };
      // Strong enough that some neurons spike, with both signs.
      const strength = {
        'lif-delta': 6,
        'lif-exp': 900,
        'lif-current': 900,
        'lif-alpha': 300,
        'lif-cond': 4,
        'adaptive-lif': 900,
      };
      const size = strength[model.name as keyof typeof strength] / QUANTUM;
      const input = program.inputs.map(() =>
        Array.from({ length: steps }, () =>
          Array.from({ length: neurons }, () => Math.round(size * (0.4 + next()))),
        ),
      );
      fc.pre(await clearOfThreshold(model, neurons, input));
      const { reference, compiled } = await both(model, neurons, steps, input);
      expect(compiled.spikes).toEqual(reference.spikes);
      compiled.states.forEach((values, s) => {
        expect(values).toBeAllclose(reference.states[s], { rtol: 2e-5, atol: 2e-4 });
      });
    }),
    { numRuns: 40 },
  );
});

test.each(SENSITIVE)('$name: below threshold the compiled model follows the plain loop', async (model) => {
  const { program } = await compileNeuron(model);
  const [neurons, steps] = [24, 40];
  // From nothing to what brings no neuron to its threshold within 4 ms.
  const largest = { izhikevich: 0.3, adex: 2, 'hodgkin-huxley': 0.5 }[model.name]! / QUANTUM;
  const input = program.inputs.map(() =>
    Array.from({ length: steps }, () =>
      Array.from({ length: neurons }, (_, i) => Math.round((largest * i) / neurons)),
    ),
  );
  const { reference, compiled } = await both(model, neurons, steps, input);
  expect(reference.spikes.flat()).toEqual([]);
  expect(compiled.spikes.flat()).toEqual([]);
  compiled.states.forEach((values, s) => {
    expect(values).toBeAllclose(reference.states[s], { rtol: 1e-4, atol: 1e-4 });
  });
});
