import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { median, min } from 'simple-statistics';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { selectBackend } from '../../src/baseline/backend.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { adaptiveBy, lifBy } from '../../src/engine/tensor/index.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { type LayerOptions, options } from './layer/options.js';
import { cpuMs, RATE, TimedLayer, type Times } from './layer/timed-layer.js';

/**
 * Steps in a row, of the tensor engine and of the event engine's trainer alike. The first few after the other one had
 * the machine take two to three times as long, since the caches hold nothing of theirs: where a step is short, a burst
 * must be long for that to be little, as it is in training. Dense input takes 2 MB a batch, steps on `cpu` 7 ms.
 */
const STEPS = { short: 100, other: 30 };

/** Rounds that are not counted: V8 compiles what tfjs does in a step within the first few hundred. */
const WARM_UPS = 8;

interface EngineTimes {
  ms: number;
  cpuMs: number;
}

/**
 * A training step of 784-H-10 on batches of digits, each part through tfjs: the layer's own kernels, the same
 * composed of tfjs operations, and the event engine's trainer on one thread. Kernels and trainer take turns, so that
 * they meet the same machine; the composition comes after them, since it leaves megabytes for the garbage collector.
 */
export default defineBench({
  description: 'a spiking layer as a tfjs kernel: ms a step, beside tfjs operations and the event engine',
  options,
  async run(given, { progress }) {
    const { used, why, software } = await selectBackend(given.backend);
    const asked = fitted(given, software);
    const { cell, repeats, optimiser } = asked;
    const short = used === 'wasm' && cell === 'lif' && asked.input === 'events';
    const steps = software ? 1 : STEPS[short ? 'short' : 'other'];
    const { network, data } = networkOf(asked, steps);
    const tensorsBefore = tf.memory().numTensors;
    const layer = new TimedLayer(network, data, asked, (composed) => (composed ? 1 : steps));
    // On a time grid the event engine's neurons neither adapt nor talk to each other.
    const trainer = cell === 'lif' ? new EventPropTrainer(network, data, data) : null;
    const fused: Times[] = [];
    const composed: Times[] = [];
    const engine: EngineTimes[] = [];
    const warmUps = software ? 1 : WARM_UPS;
    const rounds = warmUps + repeats;
    const total = rounds + 1 + repeats;
    try {
      for (let round = 0; round < rounds; round++) {
        fused.push(await layer.time(false));
        if (trainer) engine.push(await engineStep(trainer, data.count / network.batch));
        progress(round + 1, total, 'rounds');
      }
      for (let round = 0; round < 1 + repeats; round++) {
        composed.push(await layer.time(true));
        progress(rounds + round + 1, total, 'rounds of the composition');
      }
      for (const list of [fused, engine]) list.splice(0, warmUps);
      composed.shift();
    } finally {
      layer.dispose();
      await trainer?.close();
    }
    const [own, plain] = [summary(fused), summary(composed)];
    const events = (data.offsets[data.count] / data.count) * network.batch * asked.hidden;
    const perS = (ms: number) => (events * 1000) / ms;
    return {
      backend: used,
      why,
      cell,
      layerBy: cell === 'lif' ? lifBy(used) : adaptiveBy(used),
      sizes: network.sizes,
      steps: network.neuron.steps,
      batch: network.batch,
      gradient: asked.gradient,
      optimiser,
      input: cell === 'lif' ? asked.input : 'dense',
      ...own.median,
      fastest: own.fastest,
      composed: { ...plain.median, fastest: plain.fastest },
      speedupOverComposed: plain.fastest.msPerStep / own.fastest.msPerStep,
      layerSpeedupOverComposed: plain.fastest.msLayerGradients / own.fastest.msLayerGradients,
      ...besideEngine(fused, engine),
      inputEventsPerS: {
        forward: perS(own.fastest.msLayerForward),
        backward: perS(own.fastest.msLayerBackward),
      },
      tensorsBefore,
      tensorsAfter: tf.memory().numTensors,
    };
  },
});

/** Sizes that were left to us: a GPU in software takes a hundred times as long. */
function fitted(given: LayerOptions, software: boolean): LayerOptions {
  const asked = {
    ...given,
    batch: given.batch || (software ? 2 : 32),
    repeats: given.repeats || (software ? 1 : 20),
  };
  if (software) {
    process.stderr.write(
      `the adapter is emulated in software: batches of ${asked.batch}, ${asked.repeats} × 1 step after 1 to warm up\n`,
    );
  }
  return asked;
}

function networkOf({ hidden, batch, optimiser, seed }: LayerOptions, batches: number) {
  const { pixels, classes, train } = loadMnist();
  const base = latencyClassifier({
    inputs: pixels,
    hidden: [hidden],
    classes,
    batch,
    inputDropout: 0,
    seed,
    threads: 1,
  });
  const network: EventPropConfig = {
    ...base,
    optimiser: optimiser === 'sgd' ? { kind: 'sgd' } : base.optimiser,
  };
  return { network, data: encodeImages(subset(train, batch * batches, seed), pixels) };
}

/**
 * The steps beside those of the event engine, fastest to fastest and as the median of the rounds' ratios, in wall time
 * and in processor time (which holds that of V8's helpers, such as its garbage collector's). Nulls where the event engine has no such neurons.
 */
function besideEngine(fused: readonly Times[], engine: readonly EngineTimes[]) {
  if (engine.length === 0) {
    return {
      eventEngine: 'has no such neurons on a time grid',
      eventEngineMsPerStep: null,
      eventEngineCpuMsPerStep: null,
      timesEventEngine: null,
      timesEventEngineMedian: null,
      timesEventEngineCpu: null,
      timesEventEngineCpuMedian: null,
    };
  }
  const [ms, cpu] = [min(engine.map((step) => step.ms)), min(engine.map((step) => step.cpuMs))];
  return {
    eventEngineMsPerStep: ms,
    eventEngineCpuMsPerStep: cpu,
    timesEventEngine: min(fused.map(({ msPerStep }) => msPerStep)) / ms,
    timesEventEngineMedian: median(fused.map(({ msPerStep }, n) => msPerStep / engine[n].ms)),
    timesEventEngineCpu: min(fused.map(({ cpuMsPerStep }) => cpuMsPerStep)) / cpu,
    timesEventEngineCpuMedian: median(fused.map(({ cpuMsPerStep }, n) => cpuMsPerStep / engine[n].cpuMs)),
  };
}

/** Medians and minima; backward is what the gradients take beyond forward. */
function summary(times: readonly Times[]) {
  const over = (of: (values: number[]) => number) => {
    const ms = (part: keyof Times) => of(times.map((time) => time[part]));
    return {
      msPerStep: ms('msPerStep'),
      cpuMsPerStep: ms('cpuMsPerStep'),
      msForward: ms('msForward'),
      msBackward: ms('msGradients') - ms('msForward'),
      msLayerForward: ms('msLayerForward'),
      msLayerBackward: ms('msLayerGradients') - ms('msLayerForward'),
      msLayerGradients: ms('msLayerGradients'),
      msInput: ms('msInput'),
    };
  };
  return { median: over(median), fastest: over(min) };
}

/** A step of the event engine, wall time and processor time: the mean of an epoch. */
async function engineStep(trainer: EventPropTrainer, steps: number): Promise<EngineTimes> {
  const [start, cpuBefore] = [performance.now(), cpuMs()];
  await trainer.epoch({ rate: () => RATE });
  return { ms: (performance.now() - start) / steps, cpuMs: (cpuMs() - cpuBefore) / steps };
}
