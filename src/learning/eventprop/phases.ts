import { gradientKernel } from '../../../kernels/gradient/index.js';
import { optimiserKernel } from '../../../kernels/optimiser/index.js';
import { readoutKernel } from '../../../kernels/readout/index.js';
import { spikeListsKernel } from '../../../kernels/spike-lists/index.js';
import { BLOCK, spikingLayerKernel } from '../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from './config.js';
import { dropper } from './dropout.js';
import { CONTROL, type DataLayout, type LayerLayout, type Layout } from './layout.js';
import { propagators } from './neuron.js';
import { sharedPhases } from './shared-phases.js';
import { type UpdateTask, updateTasksOf } from './update-tasks.js';
import { weightChanger } from './weight-changer.js';

const ROW_BYTES = BLOCK * 4;

/** A run of batches of one epoch. */
export interface Chunk {
  epoch: number;
  firstBatch: number;
  batches: number;
  /** Optimiser steps taken before this chunk. */
  stepsDone: number;
  /** Learning rate of each batch. */
  rates: Float64Array;
}

/** What a learner with a plasticity policy does in its own way (see plastic-trainer.ts); one thread alone. */
export interface LearningHooks {
  /** Takes the gradient of an update task in place of the optimiser's step. */
  change?: ReturnType<typeof weightChanger>;
  /** Whether to learn from a sample with this label, asked when its answer (f32, an entry a class) is there. */
  learnsFrom?: (slot: number, label: number, answer: Float32Array) => boolean;
}

/**
 * What one thread does. All threads call the same method at the same time; they share the work of a phase by
 * claiming tasks and meet between phases. Which thread does a task changes nothing in its result: a sample's
 * forward and backward pass stand alone, and the gradient of a synapse is summed by one thread in the order of
 * the samples.
 */
export function phasesOf(
  config: EventPropConfig,
  layout: Layout,
  memory: WebAssembly.Memory,
  thread: number,
  hooks: LearningHooks = {},
) {
  const layer = spikingLayerKernel(memory);
  const readout = readoutKernel(memory);
  const gradient = gradientKernel(memory);
  const optimiser = optimiserKernel(memory);
  const lists = spikeListsKernel(memory);

  const { neuron, batch, threads, slopeFloor } = config;
  const { steps, theta } = neuron;
  const { decayM, decayS, gain, mix } = propagators(neuron);
  const { layers } = layout;
  const hidden = layers.slice(0, layout.recurrent.length);
  const output = layers[hidden.length];
  const recurrent = layout.recurrent.map((at) => (at < 0 ? null : layers[at]));
  /** Projections whose events the hidden layers send. */
  const byHidden = layers.flatMap((at, l) => (l > 0 && at.lambdaI !== 0 ? [l] : []));
  const lastHidden = hidden[hidden.length - 1];
  const own = layout.threads[thread];

  const f32 = new Float32Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const u16 = new Uint16Array(memory.buffer);
  const u8 = new Uint8Array(memory.buffer);
  const control = new Int32Array(memory.buffer, layout.control, CONTROL.words);
  const phase = sharedPhases(control, threads);
  const change = hooks.change ?? weightChanger(config, optimiser, own);

  /** Address of the spike list of a slot of the batch: starts, spikes. */
  function listAt(at: LayerLayout, slot: number): [number, number] {
    return [at.listStarts + slot * at.listStartsStride, at.listSpikes + slot * at.listSpikesStride];
  }

  /** Runs the network on one spike list and leaves the readout's answer at `own.answer`. */
  function forward(starts: number, spikes: number, slot: number): void {
    let from = { starts, spikes };
    for (const [l, at] of hidden.entries()) {
      const drive = at.drive + slot * at.blocks * ROW_BYTES;
      const input = [steps, at.blocks, at.sources, from.starts, from.spikes, at.weights] as const;
      const neurons = [decayM, decayS, gain, theta, slopeFloor, layout.readoutGain] as const;
      const out = [own.inverseSlope[l], own.masks[l], drive, own.counts[l]] as const;
      const loop = recurrent[l];
      if (loop === null) layer.forward(...input, ...neurons, ...out);
      else {
        layer.forwardRecurrent(...input, loop.weights, loop.sources, ...neurons, own.state[l], ...out);
        const [starts, spikes] = listAt(loop, slot);
        lists.fromMasks(steps, at.blocks, own.masks[l], starts, spikes);
      }
      if (l + 1 < hidden.length) {
        const next = hidden[l + 1];
        from = {
          starts: next.listStarts + slot * next.listStartsStride,
          spikes: next.listSpikes + slot * next.listSpikesStride,
        };
        lists.fromMasks(steps, at.blocks, own.masks[l], from.starts, from.spikes);
      }
    }
    readout.forward(
      output.sources,
      output.blocks,
      lastHidden.drive + slot * lastHidden.blocks * ROW_BYTES,
      output.weights,
      own.answer,
    );
  }

  /** Cross-entropy of softmax(answer) against `label`; leaves its derivative by the answer at `error`. */
  function loss(label: number, error: number): number {
    const z = own.answer >> 2;
    const e = error >> 2;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < output.targets; i++) largest = Math.max(largest, f32[z + i]);
    let sum = 0;
    for (let i = 0; i < output.targets; i++) sum += Math.exp(f32[z + i] - largest);
    for (let i = 0; i < output.targets; i++) {
      f32[e + i] = Math.exp(f32[z + i] - largest) / sum - (i === label ? 1 : 0);
    }
    return Math.log(sum) + largest - f32[z + label];
  }

  /** Runs the adjoint of the sample in `slot` of the batch, from the readout's error to λ_I of every layer. */
  function backward(slot: number): void {
    const top = hidden.length - 1;
    const drive = lastHidden.drive + slot * lastHidden.blocks * ROW_BYTES;
    const answerError = output.error + slot * output.blocks * ROW_BYTES;
    readout.backward(output.sources, output.blocks, drive, output.weights, answerError, own.sourceError[top]);
    for (let l = top; l >= 0; l--) {
      const at = hidden[l];
      const error = l === top ? own.sourceError[l] : own.error[l];
      const errorGain = l === top ? layout.errorGain : 0;
      const neurons = [decayM, decayS, mix, theta] as const;
      const lambdaI = at.lambdaI + slot * steps * ROW_BYTES;
      const out = [lambdaI, own.lambdaDifference[l], at.lambdaStride] as const;
      const loop = recurrent[l];
      if (loop === null)
        layer.backward(steps, at.blocks, own.inverseSlope[l], error, errorGain, ...neurons, ...out);
      else {
        const sent = [
          own.inverseSlope[l],
          own.masks[l],
          error,
          errorGain,
          loop.weights,
          loop.sources,
        ] as const;
        layer.backwardRecurrent(steps, at.blocks, ...sent, ...neurons, own.state[l], ...out);
      }
      if (l > 0) {
        layer.backproject(
          steps,
          hidden[l - 1].blocks,
          own.masks[l - 1],
          at.sources,
          at.blocks,
          at.weights,
          own.lambdaDifference[l],
          own.error[l - 1],
        );
      }
    }
  }

  /** Makes the gradient of a sample 0. */
  function passOver(slot: number, error: number): void {
    f32.fill(0, error >> 2, (error + output.blocks * ROW_BYTES) >> 2);
    for (const at of hidden) {
      for (let block = 0; block < at.blocks; block++) {
        const from = (at.lambdaI + block * at.lambdaStride + slot * steps * ROW_BYTES) >> 2;
        f32.fill(0, from, from + steps * BLOCK);
      }
    }
  }

  const samplesIn = (b: number) => Math.min(batch, layout.train.count - b * batch);

  /** Copies the input lists of a batch to its slots, dropping spikes at random. */
  function prepareInput(chunk: Chunk, b: number): void {
    const at = layers[0];
    const { train } = layout;
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const position = b * batch + slot;
      const sample = u32[(layout.order >> 2) + position];
      const drops = dropper(config, chunk.epoch, position);
      let from = (train.spikes >> 1) + u32[(train.offsets >> 2) + sample];
      const startsOf = (train.starts >> 1) + sample * (steps + 1);
      const starts = (at.listStarts + slot * at.listStartsStride) >> 1;
      const spikes = (at.listSpikes + slot * at.listSpikesStride) >> 1;
      let kept = 0;
      u16[starts] = 0;
      for (let k = 0; k < steps; k++) {
        for (let left = u16[startsOf + k + 1] - u16[startsOf + k]; left > 0; left--, from++) {
          if (drops === undefined || !drops()) u16[spikes + kept++] = u16[from];
        }
        u16[starts + k + 1] = kept;
      }
    }
  }

  /** Files the spikes of a batch that enter layer `l` as events by source; those of the input are counted. */
  function fileEvents(l: number, b: number): void {
    const at = layers[l];
    lists.clear(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const starts = at.listStarts + slot * at.listStartsStride;
      lists.count(u16[(starts >> 1) + steps], at.listSpikes + slot * at.listSpikesStride, at.rowStarts);
    }
    lists.offsets(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) {
      lists.file(
        steps,
        at.listStarts + slot * at.listStartsStride,
        at.listSpikes + slot * at.listSpikesStride,
        slot * steps,
        at.rowStarts,
        at.events,
      );
    }
    if (l > 0) return;
    const rows = at.rowStarts >> 2;
    const total = layout.inputSpikes >> 2;
    for (let i = 0; i < at.sources; i++) u32[total + i] += u32[rows + i + 1] - u32[rows + i];
  }

  function trainSample(b: number, slot: number): void {
    const position = b * batch + slot;
    const label = u8[layout.train.labels + u32[(layout.order >> 2) + position]];
    const input = layers[0];
    forward(
      input.listStarts + slot * input.listStartsStride,
      input.listSpikes + slot * input.listSpikesStride,
      slot,
    );
    const error = output.error + slot * output.blocks * ROW_BYTES;
    f32[(layout.loss >> 2) + position] = loss(label, error);
    const answer = own.answer >> 2;
    if (hooks.learnsFrom?.(slot, label, f32.subarray(answer, answer + output.targets)) === false) {
      passOver(slot, error);
    } else backward(slot);
  }

  /** Gradient and optimiser step of one run of rows of one block of one layer. */
  function update(task: UpdateTask, b: number, step: number, rate: number): void {
    const at = layers[task.layer];
    const samples = samplesIn(b);
    if (at.lambdaI !== 0) {
      const vectors = at.lambdaI + task.block * at.lambdaStride;
      const scale = -neuron.tauSMs / samples;
      gradient.fromEvents(
        task.firstRow,
        task.lastRow,
        at.rowStarts,
        at.events,
        vectors,
        scale,
        own.gradient,
        own.active,
      );
    } else {
      gradient.fromDrive(
        task.firstRow,
        task.lastRow,
        samples,
        lastHidden.drive,
        lastHidden.blocks * ROW_BYTES,
        at.error + task.block * ROW_BYTES,
        at.blocks * ROW_BYTES,
        1 / samples,
        own.gradient,
        own.active,
      );
    }
    if (change(at, task, step, rate)) Atomics.store(control, CONTROL.diverged, 1);
  }

  const updateTasks = updateTasksOf(layout.layers);

  function train(chunk: Chunk): void {
    const last = chunk.firstBatch + chunk.batches - 1;
    phase(1, () => prepareInput(chunk, chunk.firstBatch));
    for (let b = chunk.firstBatch; b <= last; b++) {
      const step = chunk.stepsDone + (b - chunk.firstBatch) + 1;
      const rate = chunk.rates[b - chunk.firstBatch];
      const samples = samplesIn(b);
      // The input's events depend on the lists alone: filing them is one more task beside the samples.
      phase(samples + 1, (task) => (task === 0 ? fileEvents(0, b) : trainSample(b, task - 1)));
      if (byHidden.length > 0) phase(byHidden.length, (task) => fileEvents(byHidden[task], b));
      phase(updateTasks.length + 1, (task) => {
        if (task > 0) update(updateTasks[task - 1], b, step, rate);
        else if (b < last) prepareInput(chunk, b + 1);
      });
    }
  }

  /** Answers of the network to the samples of a data set, and what it did meanwhile (own.counts, own.inputCounts). */
  function evaluate(data: DataLayout): void {
    const perTask = 64;
    phase(Math.ceil(data.count / perTask), (task) => {
      const end = Math.min((task + 1) * perTask, data.count);
      for (let sample = task * perTask; sample < end; sample++) {
        const offset = u32[(data.offsets >> 2) + sample];
        const starts = data.starts + sample * (steps + 1) * 2;
        // Slots of a batch are scratch here; a thread has one of its own.
        forward(starts, data.spikes + offset * 2, thread);
        let best = 0;
        const z = own.answer >> 2;
        for (let i = 1; i < output.targets; i++) if (f32[z + i] > f32[z + best]) best = i;
        u8[data.answers + sample] = best;
        const spikes = (data.spikes >> 1) + offset;
        for (let i = 0; i < u16[(starts >> 1) + steps]; i++) u32[(own.inputCounts >> 2) + u16[spikes + i]]++;
      }
    });
  }

  /** Brings the counters of L1 up to date. */
  function settle(): void {
    phase(layers.length, (l) => {
      const at = layers[l];
      optimiser.flush(at.synapses, at.l1, at.l1Total);
    });
  }

  return { train, evaluate, settle };
}
