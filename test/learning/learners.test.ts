import { describe, expect, test } from 'vitest';
import * as stdpReference from '../../kernels/stdp/reference.js';
import { EpropLearner } from '../../src/learning/eprop/learner.js';
import { EventPropLearner } from '../../src/learning/eventprop/learner.js';
import { type LayerEngine, type Learner, learnFrom, totalsOf } from '../../src/learning/learner.js';
import { named } from '../../src/learning/named.js';
import { drawPatterns, perceptronPolicy, runPerceptron } from '../../src/learning/perceptron.js';
import { PerceptronLearner } from '../../src/learning/perceptron-learner.js';
import { StdpLearner, type StdpTask } from '../../src/learning/stdp/learner.js';
import { layerChange, pairChange } from '../../src/learning/stdp/pair-rule.js';
import { wantsToLearn } from '../../src/plasticity/lazy.js';
import { layerPolicies, PLAIN, type Policy, parsePolicy } from '../../src/plasticity/policy.js';
import { ReferenceLayer } from '../../src/plasticity/reference-layer.js';
import { stream } from '../../src/util/rng.js';

const INPUTS = 16;
const HIDDEN = 24;
const CLASSES = 3;

/** Latency patterns, two of each class. */
const patterns = (() => {
  const { uniform } = stream(5, 'learners');
  return Array.from({ length: 2 * CLASSES }, () =>
    Array.from({ length: INPUTS }, (_, input) => ({ atMs: 1 + Math.floor(14 * uniform()), input })).filter(
      () => uniform() < 0.8,
    ),
  );
})();
const labels = patterns.map((_, s) => s % CLASSES);
const timed = { labels, at: (s: number) => patterns[s] };
const stepped = {
  labels,
  at: (s: number) =>
    Array.from({ length: 20 }, (_, t) =>
      patterns[s].flatMap(({ atMs, input }) => (atMs === t ? [input] : [])),
    ),
};

const STDP: Omit<StdpTask, 'policy'> = {
  inputs: INPUTS,
  outputs: CLASSES,
  rule: { aPlus: 0.02, aMinus: 0.02, tauPlusMs: 8, tauMinusMs: 8 },
  teacherMs: 9,
  greatestWeight: 1,
  seed: 1,
};

/** Every learner that takes a policy for arbitrary proposals, on the same patterns. */
const LEARNERS: Record<string, (policy: Policy, recurrent: boolean, engine: LayerEngine) => Learner> = {
  EventProp: (policy, recurrent, engine) =>
    new EventPropLearner(timed, {
      network: {
        inputs: INPUTS,
        neurons: HIDDEN,
        outputs: CLASSES,
        tauMMs: 20,
        tauSMs: 5,
        theta: 1,
        windowMs: 20,
        kappa: 6,
      },
      rate: 0.1,
      init: [{ mean: 0.6, sd: 0.4 }, { mean: 0, sd: 0.2 }, ...(recurrent ? [{ mean: 0, sd: 0.1 }] : [])],
      policies: policiesOf(policy, recurrent),
      seed: 1,
      engine,
    }),
  'e-prop': (policy, recurrent, engine) =>
    new EpropLearner(stepped, {
      network: {
        inputs: INPUTS,
        neurons: HIDDEN,
        outputs: CLASSES,
        steps: 20,
        dtMs: 1,
        tauMMs: 20,
        tauOutMs: 20,
        theta: 0.6,
        gamma: 0.3,
        spikes: 'hard',
      },
      recurrent,
      feedback: 'symmetric',
      rate: 0.1,
      inputMean: 0.15,
      spread: 1,
      policies: policiesOf(policy, recurrent),
      seed: 1,
      engine,
    }),
  'pair STDP': (policy, _, engine) =>
    new StdpLearner(timed, {
      ...STDP,
      policy: layerPolicies(policy, [INPUTS, CLASSES], () => 0.99)[0],
      engine,
    }),
};

function policiesOf(policy: Policy, recurrent: boolean) {
  const chain = layerPolicies(policy, [INPUTS, HIDDEN, CLASSES], () => 0.99);
  const [loop] = layerPolicies(policy, [HIDDEN, HIDDEN], () => 0.99);
  return recurrent ? [...chain, loop] : chain;
}

const CASES = Object.keys(LEARNERS).flatMap((name) =>
  (name === 'pair STDP' ? [false] : [false, true]).flatMap((recurrent) =>
    (['fast', 'reference'] as const).map((engine) => ({ name, recurrent, engine })),
  ),
);

describe.each(CASES)('$name, recurrent: $recurrent, $engine layers', ({ name, recurrent, engine }) => {
  const make = (policy: Parameters<typeof parsePolicy>[0], of: LayerEngine = engine) =>
    LEARNERS[name](parsePolicy(policy), recurrent, of);
  /** Weights below 2 in float32, rounded once a change. */
  const rounding = engine === 'fast' ? 2 ** -23 : 1e-12;
  const allWeights = (learner: Learner) => learner.layers.map((layer) => layer.weights());

  test('without a policy, every proposed change is written at once', () => {
    const learner = make({});
    const before = allWeights(learner);
    learner.present(0);
    learner.propose();
    const { persistentWrites, persistentChange, distance } = totalsOf(learner);
    const changed = allWeights(learner).reduce(
      (count, weights, l) => count + weights.filter((w, k) => w !== before[l][k]).length,
      0,
    );
    expect(changed).toBeGreaterThan(0);
    expect(persistentWrites).toBeGreaterThanOrEqual(changed);
    // L1 is counted in quanta of 2^-24, rounded at each synapse.
    expect(Math.abs(persistentChange - distance)).toBeLessThan(persistentWrites * (2 ** -25 + rounding));
  });

  test('competition writes the largest of what was proposed, and no more than its share', () => {
    const [plain, competing] = [make({}), make({ select: 'largest', fraction: 0.05, tied: false })];
    const before = allWeights(plain);
    for (const learner of [plain, competing]) {
      learner.present(1);
      learner.propose();
    }
    const proposed = allWeights(plain);
    const made = allWeights(competing);
    for (const [l, weights] of made.entries()) {
      const sizes = weights.map((_, k) => Math.abs(proposed[l][k] - before[l][k]));
      const kept = weights.map((w, k) => Math.abs(w - before[l][k]));
      const written = kept.filter((size) => size !== 0).length;
      expect(written).toBeLessThanOrEqual(Math.ceil(0.05 * weights.length) + 1);
      if (written === 0) continue;
      const least = Math.min(...kept.filter((size) => size !== 0));
      const most = Math.max(...sizes.filter((_, k) => kept[k] === 0));
      expect(least).toBeGreaterThanOrEqual(most - 2 * rounding);
    }
  });

  test('a cache holds the changes; the weights in force are those of learning without it', () => {
    const [plain, cached] = [make({}), make({ cache: { rule: 'neuron', threshold: 1e9 } })];
    for (const s of [0, 1, 2]) for (const learner of [plain, cached]) learnFrom(learner, s, PLAIN);
    const direct = allWeights(plain);
    for (const [l, weights] of allWeights(cached).entries()) {
      expect(weights).toBeAllclose(direct[l], { atol: 1e3 * rounding });
    }
    expect(totalsOf(cached).persistentWrites).toBe(0);
    expect(totalsOf(cached).maintenance).toBeGreaterThan(0);
    for (const layer of cached.layers) layer.finish();
    const { residual, persistentChange, distance } = totalsOf(cached);
    expect(residual).toBe(0);
    // Without decay and with free transients learning costs the least possible.
    expect(persistentChange).toBeCloseTo(distance, engine === 'fast' ? 3 : 4);
  });

  test.each([
    { select: 'largest', fraction: 0.1 },
    { select: 'largest-per-neuron', fraction: 0.1 },
    { select: 'smallest-weight', fraction: 0.1 },
    { select: 'random-redrawn', fraction: 0.1 },
    { select: 'largest', fraction: 0.1, cache: { rule: 'neuron', threshold: 0.01, tau: 50 } },
    {
      select: 'largest',
      fraction: 0.1,
      cache: { rule: 'synapse', threshold: 0.01, tau: 50 },
      order: 'cache-first',
    },
    { lazy: 'mistakes', cache: { rule: 'sum', threshold: 0.1 } },
  ] as Partial<Policy>[])('either kind of layers bills the same: %j', (policy) => {
    const learners = (['fast', 'reference'] as const).map((of) => make(policy, of));
    for (const learner of learners) {
      for (let k = 0; k < 6; k++) learnFrom(learner, k % patterns.length, parsePolicy(policy));
      for (const layer of learner.layers) layer.finish();
    }
    const [a, b] = learners.map(totalsOf);
    // Small numbers of writes may differ where float32 ties what float64 does not.
    for (const key of Object.keys(a) as (keyof typeof a)[]) {
      if (key === 'changedSynapses') continue;
      expect(Math.abs(a[key] - b[key]), key).toBeLessThanOrEqual(1e-3 + 0.02 * Math.abs(b[key]));
    }
  });

  test('lazy learning leaves a sample alone that is named rightly', () => {
    const lazy = parsePolicy({ lazy: 'mistakes' });
    const learner = make({});
    let [learnt, wrong] = [0, 0];
    for (let k = 0; k < 30; k++) {
      const outcome = learnFrom(learner, k % patterns.length, lazy);
      if (outcome.learnt) learnt++;
      if (named(outcome.answer) !== outcome.label) wrong++;
    }
    expect(learnt).toBe(wrong);
    expect(learnt).toBeLessThan(30);
  });

  test('it learns at least five of its six patterns; chance is two', () => {
    const learner = make({});
    for (let epoch = 0; epoch < 60; epoch++) for (const s of labels.keys()) learnFrom(learner, s, PLAIN);
    const right = labels.filter((label, s) => named(learner.present(s).answer) === label).length;
    expect(right).toBeGreaterThanOrEqual(5);
  });
});

test('an unsure answer is learnt from below a confidence, a sure one is not', () => {
  // softmax(0, 2) = 0.88
  expect(wantsToLearn('never', 1, [0, 2])).toBe(true);
  expect(wantsToLearn('mistakes', 1, [0, 2])).toBe(false);
  expect(wantsToLearn(0.9, 1, [0, 2])).toBe(true);
  expect(wantsToLearn(0.8, 1, [0, 2])).toBe(false);
  expect(wantsToLearn('mistakes', 0, [0, 2])).toBe(true);
});

test.each([{}, { cache: { rule: 'synapse' as const, threshold: 3, tau: 50 } }])(
  'the perceptron as a learner does what its fast run does: %j',
  (more) => {
    const task = { inputs: 40, patterns: 30, seed: 3, ...more };
    const fast = runPerceptron(task, 'reference');
    const layer = new ReferenceLayer(41, 1, new Float64Array(41), perceptronPolicy(task), stream(3, 'mask'));
    const learner = new PerceptronLearner(drawPatterns(task), layer);
    let updates = 0;
    for (let shown = 0; shown < fast.presentations; shown++) {
      if (learnFrom(learner, shown % task.patterns, { lazy: 'mistakes' }).learnt) updates++;
    }
    layer.finish();
    expect(updates).toBe(fast.updates);
    expect(layer.weights()).toBeAllclose(fast.weights, { atol: 1e-9 });
    expect(layer.totals().persistentChange).toBeCloseTo(fast.totals.persistentChange, 4);
  },
);

describe('pair STDP', () => {
  const rule = { aPlus: 0.3, aMinus: 0.2, tauPlusMs: 10, tauMinusMs: 15 };

  test('the traces of a layer give the sum over all pairs', () => {
    const { integer } = stream(1, 'pairs');
    const pre = Array.from({ length: 6 }, () => Array.from({ length: integer(4) }, () => integer(40)));
    const post = Array.from({ length: 5 }, () => Array.from({ length: 1 + integer(4) }, () => integer(40)));
    const spikes = [
      ...pre.flatMap((of, index) => of.map((atMs) => ({ atMs, side: 'pre' as const, index }))),
      ...post.flatMap((of, index) => of.map((atMs) => ({ atMs, side: 'post' as const, index }))),
    ].sort((x, y) => x.atMs - y.atMs);
    const expected = post.flatMap((to) => pre.map((from) => pairChange(rule, from, to)));
    expect(layerChange(rule, 6, 5, spikes)).toBeAllclose(expected, { atol: 1e-12 });
  });

  test('it is the additive rule of the event engine', () => {
    const [pre, post] = [
      [2, 9, 17, 30],
      [5, 9, 11, 28, 36],
    ];
    // Weights far from both bounds, so that the engine's rule clips nothing.
    const { weight } = stdpReference.pairStdp(
      {
        form: 'guetig',
        lambda: 0.3 / 100,
        alpha: 0.2 / 0.3,
        muPlus: 0,
        muMinus: 0,
        maxWeight: 100,
        referenceWeight: 1,
        tauPlusSteps: 10,
        tauMinusSteps: 15,
        nearest: false,
      },
      50,
      pre,
      post,
    );
    expect(pairChange(rule, pre, post)).toBeCloseTo(weight - 50, 10);
  });

  test('weights stay within their bounds', () => {
    const learner = new StdpLearner(timed, {
      ...STDP,
      rule: { ...STDP.rule, aPlus: 0.5, aMinus: 0.5 },
      policy: layerPolicies(PLAIN, [INPUTS, CLASSES], () => 1)[0],
    });
    for (let k = 0; k < 50; k++) learnFrom(learner, k % patterns.length, PLAIN);
    const weights = learner.layers[0].weights();
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-1e-6);
    expect(Math.max(...weights)).toBeLessThanOrEqual(1 + 1e-6);
    expect(weights.some((w) => w < 1e-6)).toBe(true);
  });
});
