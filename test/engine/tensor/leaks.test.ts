import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeEach, expect, test } from 'vitest';
import * as engine from '../../../src/engine/tensor/index.js';
import { eachBackend } from '../../each-backend.js';
import { randomSample, spikesOf, weightsOf } from './windows.js';

const sample = randomSample({ batch: 2, steps: 9, sources: 5, targets: 5, rate: 0.3, seed: 6 });
const GRADIENTS = ['eventprop', 'superspike', 'arctan'] as const;

/** Every function of the public interface that is given or gives tensors: what it is called with. */
const CALLS: Record<string, (tensors: Tensors) => tf.Tensor[]> = {
  lifWindow: ({ spikes, weights, events }) =>
    GRADIENTS.flatMap((gradient) =>
      [false, true].flatMap((composed) => [
        engine.lifWindow(spikes, weights, { gradient, composed }),
        engine.lifWindow(events, weights, { gradient, composed }),
      ]),
    ),
  adaptiveLifWindow: ({ spikes, weights }) =>
    GRADIENTS.flatMap((gradient) =>
      [false, true].flatMap((composed) => [
        engine.adaptiveLifWindow(spikes, weights, { gradient, composed }),
        engine.adaptiveLifWindow(spikes, weights, { gradient, composed, recurrent: weights }),
      ]),
    ),
  meanPotential: ({ spikes, weights }) =>
    [false, true].map((composed) => engine.meanPotential(spikes, weights, { composed })),
  potentials: ({ spikes, weights }) => [engine.potentials(spikes, weights)],
  softmaxCrossEntropy: ({ weights }) => [engine.softmaxCrossEntropy(weights, weights)],
  denseSpikes: ({ events }) => [engine.denseSpikes(events)],
  spikeEvents: () => {
    const { starts, sources } = engine.spikeEvents(Int32Array.of(0, 1), Int32Array.of(2), [1, 1, 3]);
    return [starts, sources];
  },
  // The same tensor, checked.
  asSpikes: ({ spikes }) => [tf.clone(engine.asSpikes(spikes))],
};

/** Functions without tensors, and classes whose own tests count what they leave (layers.test, fused.test). */
const OTHERS = ['adaptiveBy', 'lifBy', 'AdaptiveLif', 'LeakyReadout', 'Lif', 'FusedAdam', 'FusedSgd'];

interface Tensors {
  spikes: engine.SpikeTensor;
  weights: tf.Tensor2D;
  events: engine.SpikeEvents;
}

/** The same spikes as a list. */
function eventsOf(): engine.SpikeEvents {
  const { batch, steps, sources, input } = sample;
  const starts = [0];
  const list: number[] = [];
  for (let row = 0; row < batch * steps; row++) {
    for (let i = 0; i < sources; i++) if (input[row * sources + i] === 1) list.push(i);
    starts.push(list.length);
  }
  return engine.spikeEvents(Int32Array.from(starts), Int32Array.from(list), [batch, steps, sources]);
}

test('all that is public is looked at here, or named as looked at elsewhere', () => {
  const functions = Object.entries(engine).filter(([, value]) => typeof value === 'function');
  expect(functions.map(([name]) => name).sort()).toEqual([...Object.keys(CALLS), ...OTHERS].sort());
});

eachBackend((_, select) => {
  beforeEach(select);

  test.each(Object.entries(CALLS))('%s leaves nothing but what it returns', (_name, call) => {
    const given = { spikes: spikesOf(sample), weights: weightsOf(sample), events: eventsOf() };
    const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    // The first call may make constants that stay.
    tf.dispose(call(given));
    const before = held();
    const made = call(given);
    expect(tf.memory().numTensors - before[0]).toBe(made.length);
    tf.dispose(made);
    expect(held()).toEqual(before);
    tf.dispose([given.spikes, given.weights, given.events.starts, given.events.sources]);
  });

  test('nor do their gradients', () => {
    const given = { spikes: spikesOf(sample), weights: weightsOf(sample), events: eventsOf() };
    const all = () => {
      for (const name of ['lifWindow', 'adaptiveLifWindow', 'meanPotential', 'potentials']) {
        const loss = (weights: tf.Tensor) =>
          tf.addN(CALLS[name]({ ...given, weights: weights as tf.Tensor2D }).map((tensor) => tf.sum(tensor)));
        tf.dispose(tf.grad(loss)(given.weights));
      }
    };
    all();
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    all();
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
    tf.dispose([given.spikes, given.weights, given.events.starts, given.events.sources]);
  });
});
