import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileNeuron, type NeuronModel, UPDATE_ARGUMENTS } from '../../../kernels/compile/index.js';
import { adaptiveLif } from '../../../models/neurons/adaptive-lif.js';
import { adex } from '../../../models/neurons/adex.js';
import { hodgkinHuxley } from '../../../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../../../models/neurons/izhikevich.js';
import { lifAlpha } from '../../../models/neurons/lif-alpha.js';
import { lifCond } from '../../../models/neurons/lif-cond.js';
import { lifCurrent } from '../../../models/neurons/lif-current.js';
import { lifDelta } from '../../../models/neurons/lif-delta.js';
import { lifExp } from '../../../models/neurons/lif-exp.js';

const QUANTUM = 2 ** -12;
/** Input per step and receptor, in its unit, that makes some neurons spike. */
const STRENGTH = { 'lif-delta': 6, 'lif-exp': 900, 'lif-current': 900, 'lif-alpha': 900, 'lif-cond': 40 };
const SHORT: NeuronModel[] = [lifDelta, lifExp, lifCurrent, lifAlpha, lifCond];

interface Run {
  neurons: number;
  refractorySteps: number;
  /** Steps of each call. */
  calls: number[];
  /** input[receptor][step][neuron] in quanta. */
  input: number[][][];
  parameters?: Record<string, number>;
}

/** Advances a population call by call; bits of the state after each call, NaN as 0, and all spikes. */
async function advance(
  model: NeuronModel,
  { neurons, refractorySteps, calls, input, parameters }: Run,
  short: boolean,
) {
  const { program, module, parsed } = await compileNeuron(model);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  const update = new WebAssembly.Instance(module, { env: { memory } }).exports.update as (
    ...args: number[]
  ) => number;
  const values = Object.fromEntries([...parsed.parameters].map(([name, { value }]) => [name, value]));
  const { coefficients, offsets, scales } = program.evaluate(
    { ...values, ...parameters },
    0.1,
    program.inputs.map(() => QUANTUM),
  );
  const padded = Math.ceil(neurons / 16) * 16;
  const steps = calls.reduce((sum, n) => sum + n, 0);
  const at = { state: 1 << 10, coefficients: 1 << 15, wake: 1 << 16, ring: 1 << 17, spikeLists: 1 << 20 };
  const floats = new Float32Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  floats.set(coefficients, at.coefficients / 4);
  program.states.forEach((name, s) => {
    const initial = (parsed.initial.get(name)!.value - offsets[s]) / scales[s];
    floats.fill(initial, at.state / 4 + s * padded, at.state / 4 + (s + 1) * padded);
  });
  const until = at.state / 4 + program.states.length * padded;
  words.fill(-1, until, until + neurons).fill(0x7fffffff, until + neurons, until + padded);
  const ring = (r: number, step: number) => at.ring / 4 + (r * steps + step) * padded;
  input.forEach((channel, r) => {
    channel.forEach((row, step) => void words.set(row, ring(r, step)));
  });
  const spikes: number[][] = [];
  const states: number[][] = [];
  let step = 0;
  for (const taken of calls) {
    const spikeCounts = 64;
    words.fill(0, spikeCounts / 4, spikeCounts / 4 + taken);
    const named: Record<(typeof UPDATE_ARGUMENTS)[number], number> = {
      ...at,
      stateBytes: 4 * padded,
      rowBytes: 4 * padded,
      channelBytes: 4 * padded * steps,
      slot: step,
      slots: steps,
      groups: padded / 16,
      step,
      steps: taken,
      refractorySteps,
      first: 100,
      count: neurons,
      spikeCounts,
      listBytes: 4 * padded,
      wake: short ? at.wake : 0,
    };
    expect(update(...UPDATE_ARGUMENTS.map((name) => named[name]))).toBe(-1);
    for (let i = 0; i < taken; i++) {
      const list = at.spikeLists / 4 + i * padded;
      spikes.push(Array.from(words.subarray(list, list + words[spikeCounts / 4 + i])));
    }
    step += taken;
    const bits = Array.from(words.subarray(at.state / 4, until));
    states.push(bits.map((word, k) => (Number.isNaN(floats[at.state / 4 + k]) ? 0 : word)));
    // Whoever is held in the next step is marked, and nobody who was free in the last one.
    const first = at.state / 4 + program.states.indexOf('V') * padded;
    const marked = Array.from(floats.subarray(first, first + padded), Number.isNaN);
    const heldSince = (last: number) => marked.map((_, k) => short && words[until + k] >= last);
    expect(marked.filter((mark, k) => heldSince(step)[k] && !mark)).toEqual([]);
    expect(marked.filter((mark, k) => mark && !heldSince(step - 1)[k])).toEqual([]);
  }
  const left = Array.from(words.subarray(ring(0, 0), ring(input.length, 0))).filter((word) => word !== 0);
  return { spikes, states, left };
}

test.each(SHORT)('$name: the short way gives the same bits as the long one', async (model) => {
  const { program } = await compileNeuron(model);
  const runs = fc.record({
    neurons: fc.integer({ min: 1, max: 70 }),
    refractorySteps: fc.integer({ min: 1, max: 7 }),
    calls: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 12 }),
    seed: fc.integer(),
  });
  let total = 0;
  await fc.assert(
    fc.asyncProperty(runs, async ({ seed, ...run }) => {
      let random = seed;
      const next = () => {
        random = (Math.imul(random, 1664525) + 1013904223) | 0;
        return random / 2 ** 31;
      };
      const size = STRENGTH[model.name as keyof typeof STRENGTH] / QUANTUM;
      const steps = run.calls.reduce((sum, n) => sum + n, 0);
      const input = program.inputs.map(() =>
        Array.from({ length: steps }, () =>
          Array.from({ length: run.neurons }, () => Math.round(size * (0.4 + next()))),
        ),
      );
      const short = await advance(model, { ...run, input }, true);
      const long = await advance(model, { ...run, input }, false);
      expect(short).toEqual(long);
      expect(short.left).toEqual([]);
      total += short.spikes.flat().length;
    }),
    { numRuns: 40 },
  );
  expect(total).toBeGreaterThan(0);
});

test('a conductance beyond the range of the short series goes the long way', async () => {
  const neurons = 20;
  // 40 µS make the exponent a dt = -20.
  const input = [0, 1].map((r) =>
    Array.from({ length: 8 }, (_, step) =>
      Array.from({ length: neurons }, (_, i) => (step === 2 && i % 3 === r ? 40_000 / QUANTUM : 0)),
    ),
  );
  const run = { neurons, refractorySteps: 3, calls: [2, 2, 4], input };
  const short = await advance(lifCond, run, true);
  expect(short).toEqual(await advance(lifCond, run, false));
  expect(short.spikes.flat().length).toBeGreaterThan(0);
});

test('models in which others follow what is held, or that can make NaN at once, only go the long way', async () => {
  const pairs = async (model: NeuronModel) => (await compileNeuron(model)).program.pairs !== null;
  for (const model of SHORT) expect(await pairs(model)).toBe(true);
  for (const model of [adaptiveLif, adex, izhikevich, hodgkinHuxley]) expect(await pairs(model)).toBe(false);
});
