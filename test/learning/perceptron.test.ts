import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PerceptronRun, type PerceptronTask, runPerceptron } from '../../src/learning/perceptron.js';
import { WriteMeter } from '../../src/plasticity/write-meter.js';
import { UsageError } from '../../src/util/errors.js';

/** Perceptrons with a cache or without one; a sum over the neuron has a threshold as many times as large. */
function tasks(taus: (number | undefined)[], maxEpochs: number): fc.Arbitrary<PerceptronTask> {
  const cache = fc.record({
    rule: fc.constantFrom('synapse' as const, 'neuron' as const, 'sum' as const),
    threshold: fc.integer({ min: 1, max: 8 }),
    tau: fc.constantFrom(...taus),
  });
  return fc
    .record({
      // An even number of inputs: with the bias it is odd, so that a sum of ±1 is never on the edge.
      inputs: fc.integer({ min: 5, max: 30 }).map((half) => 2 * half),
      load: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
      cache: fc.option(cache, { nil: undefined }),
      seed: fc.integer(),
    })
    .map(({ inputs, load, cache, seed }) => ({
      inputs,
      patterns: Math.ceil(load * inputs),
      cache: cache?.rule === 'sum' ? { ...cache, threshold: cache.threshold * (inputs + 1) } : cache,
      seed,
      maxEpochs,
    }));
}

test('without decay, fast perceptrons are plain ones to the last bit: weights, bill and ledger', () => {
  fc.assert(
    fc.property(tasks([undefined], 40), (task) => {
      expect(runPerceptron(task, 'fast', true)).toEqual(runPerceptron(task, 'reference', true));
    }),
    { numRuns: 60 },
  );
});

test('with decay, fast perceptrons make the same updates as plain ones and pay the same bill', () => {
  fc.assert(
    fc.property(tasks([100.3, 1000.7], 8), (task) => {
      const fast = runPerceptron(task, 'fast');
      const plain = runPerceptron(task, 'reference');
      expect([fast.updates, fast.presentations, fast.converged]).toEqual([
        plain.updates,
        plain.presentations,
        plain.converged,
      ]);
      expect(fast.weights).toBeAllclose(plain.weights, { atol: 1e-3 });
      for (const key of ['persistentChange', 'transientChange', 'maintenance', 'distance'] as const) {
        expect([fast.totals[key]]).toBeAllclose([plain.totals[key]], { rtol: 1e-4, atol: 0.01 });
      }
    }),
    // A fixed seed: a sum that is 0 in float64 and 1e-7 in float32 decides differently once in some thousand runs.
    { numRuns: 60, seed: 4 },
  );
});

test('without a cache energy is η·(N+1)·K, and the least energy the sum of the final weights', () => {
  const run = runPerceptron({ inputs: 200, patterns: 200, seed: 3, rate: 0.5 });
  expect(run.converged).toBe(true);
  expect(run.totals.persistentChange).toBe(0.5 * 201 * run.updates);
  expect(run.totals.distance).toBe(run.weights.reduce((sum, w) => sum + Math.abs(w), 0));
});

test('the learning rate scales weights and energy, not the number of updates', () => {
  const one = runPerceptron({ inputs: 100, patterns: 90, seed: 5 });
  const half = runPerceptron({ inputs: 100, patterns: 90, seed: 5, rate: 0.5 });
  expect(half.updates).toBe(one.updates);
  expect(half.weights).toBeAllclose(one.weights.map((w) => w / 2));
});

test('without decay a cache changes neither the course of learning nor its end, whatever rule and threshold', () => {
  const task: PerceptronTask = { inputs: 150, patterns: 170, seed: 7 };
  const without = runPerceptron(task);
  for (const rule of ['synapse', 'neuron', 'sum'] as const) {
    for (const threshold of [0, 3, 20, Number.POSITIVE_INFINITY]) {
      const run = runPerceptron({ ...task, cache: { rule, threshold } });
      expect(run.updates).toBe(without.updates);
      expect(run.weights).toEqual(without.weights);
      expect(run.totals.transientChange).toBe(without.totals.persistentChange);
    }
  }
});

test('free transients without decay, consolidated at the end, cost the least there is; θ = 0 saves nothing', () => {
  const task: PerceptronTask = { inputs: 150, patterns: 170, seed: 8 };
  const run = (threshold?: number) =>
    runPerceptron({
      ...task,
      exponents: [1],
      ...(threshold === undefined ? {} : { cache: { rule: 'neuron', threshold } }),
    });
  const [none, atEnd, atOnce] = [run(), run(Number.POSITIVE_INFINITY), run(0)];
  expect(atEnd.totals.persistentChange).toBe(atEnd.totals.distance);
  expect(atOnce.totals.persistentChange).toBe(none.totals.persistentChange);
  expect(atOnce.totals.maintenance).toBe(0);
  // Where potentiation alone costs: free transients pay for the weights that ended above 0, and no others.
  const above = atEnd.weights.reduce((sum, w) => sum + Math.max(w, 0), 0);
  const potentiation = ({ costs }: PerceptronRun) =>
    costs.find(({ model }) => model === 'potentiation')?.energy;
  expect(potentiation(atEnd)).toBe(above);
  expect(potentiation(atOnce)).toBe(potentiation(none));
  expect(potentiation(none)).toBeGreaterThan(above);
});

test('a run that does not converge says so', () => {
  const run = runPerceptron({ inputs: 20, patterns: 60, seed: 1, maxEpochs: 30 });
  expect(run.converged).toBe(false);
  expect(run.epochs).toBe(30);
});

test('bad tasks are refused with the key that is wrong', () => {
  const bad: [Partial<PerceptronTask>, RegExp][] = [
    [{ patterns: 2000 }, /perceptron\.patterns: 2000 patterns are at or above the capacity of 200/],
    [{ patterns: 0 }, /perceptron\.patterns/],
    [{ rate: -1 }, /perceptron\.rate/],
    [{ cache: { rule: 'neuron', threshold: -1 } }, /perceptron\.cache\.threshold/],
    [{ cache: { rule: 'neuron', threshold: 1, tau: 0 } }, /perceptron\.cache\.tau/],
  ];
  for (const [change, message] of bad) {
    const run = () => runPerceptron({ inputs: 100, patterns: 100, seed: 1, ...change });
    expect(run).toThrow(UsageError);
    expect(run).toThrow(message);
  }
});

test.each([
  undefined,
  { rule: 'synapse' as const, threshold: 3 },
  { rule: 'neuron' as const, threshold: 4, tau: 200 },
])('what writes cost by exponent is told by the writes themselves: cache %j', (cache) => {
  const exponents = [0, 0.5, 1, 2];
  const task = { inputs: 60, patterns: 50, seed: 2, rate: 0.5, cache, exponents };
  for (const engine of ['fast', 'reference'] as const) {
    const run = runPerceptron(task, engine, true);
    const [writes, , change] = run.costs;
    expect(writes.energy).toBe(run.totals.persistentWrites);
    expect(writes.least).toBe(run.totals.changedSynapses);
    expect(Math.abs(change.energy - run.totals.persistentChange)).toBeLessThan(1e-4);
    expect(Math.abs(change.least - run.totals.distance)).toBeLessThan(1e-4);
    if (cache) continue;
    // Every change is of size η.
    for (const [k, exponent] of exponents.entries()) {
      expect(run.costs[k].energy).toBeCloseTo(run.updates * 61 * 0.5 ** exponent, 6);
    }
  }
});

test('the meter of writes sums over layers, and splits writes into potentiation and depression', () => {
  const [first, second] = [{ persistent: Float64Array.of(0, 1) }, { persistent: Float64Array.of(2) }];
  const meter = new WriteMeter([first, second], [1, 2]);
  for (const [a, b, c] of [
    [0, 3, 1.5],
    [-1, 2.5, 1.5],
  ]) {
    first.persistent.set([a, b]);
    second.persistent.set([c]);
    meter.look();
  }
  meter.look();
  // +2 -0.5, then -1 -0.5.
  expect(meter.costs()).toEqual([
    { model: 1, energy: 4, least: 1 + 1.5 + 0.5 },
    { model: 2, energy: 4 + 0.25 + 1 + 0.25, least: 1 + 2.25 + 0.25 },
    { model: 'potentiation', energy: 2, least: 1.5 },
  ]);
  expect(new WriteMeter([first]).costs()).toEqual([]);
  expect(() => new WriteMeter([first], [-1])).toThrow('exponents');
});
