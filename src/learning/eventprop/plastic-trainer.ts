import { Arena } from '../../../kernels/arena.js';
import { optimiserKernel } from '../../../kernels/optimiser/index.js';
import { BLOCK } from '../../../kernels/spiking-layer/index.js';
import type { Ledger, SpikingLayerLedger } from '../../energy/ledger.js';
import { exponentialRetention } from '../../plasticity/cache.js';
import { FastLayer } from '../../plasticity/fast-layer.js';
import { type Kernels, kernelsOn } from '../../plasticity/fast-memory.js';
import { addTotals, type LayerTotals } from '../../plasticity/layer.js';
import { wantsToLearn } from '../../plasticity/lazy.js';
import { layerPolicies, type Policy } from '../../plasticity/policy.js';
import { type WriteCost, WriteMeter } from '../../plasticity/write-meter.js';
import { UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import type { EventPropConfig } from './config.js';
import { refuseDivergence } from './divergence.js';
import type { SpikeData } from './encode.js';
import { GridPasses } from './grid-passes.js';
import { CONTROL, type DataLayout, type Layout, type ProjectionLayout } from './layout.js';
import { Phases } from './phases.js';
import { SpikeBook } from './spike-book.js';
import { drawnWeights } from './trainer.js';
import { memoryOf, type TrainerMemory } from './trainer-memory.js';
import type { UpdateTask } from './update-tasks.js';

/**
 * EventProp on the grid whose weight changes go through a plasticity policy, on the thread that calls it. What is
 * ranked, cached and written is what the optimiser proposes: -η·gradient, or Adam's step with its moments.
 *
 * Lazy learning asks for each sample; a batch proposes the mean over all its samples, those passed over included as 0.
 * Transients decay once a sample, and are billed for each.
 */
export class PlasticTrainer {
  /** Samples shown while learning, samples learnt from, and optimiser steps. */
  samples = 0;
  updates = 0;
  steps = 0;
  readonly layers: FastLayer[];
  private readonly at: TrainerMemory;
  private readonly layout: Layout;
  private readonly phases: Phases<DataLayout>;
  private readonly proposals: Float32Array[];
  /** Sources of each layer that were active in the batch: no other synapse is proposed to change. */
  private readonly active: Uint8Array[];
  private readonly spikes: SpikeBook;
  private inferences = 0;
  private epoch = 0;
  private nextBatch = 0;
  private readonly meter: WriteMeter;

  /** @throws UsageError if configuration, policy and data do not fit each other */
  constructor(
    readonly config: EventPropConfig,
    private readonly train: SpikeData,
    private readonly test: SpikeData,
    private readonly policy: Policy,
    {
      exponents,
      instrument = (kernels) => kernels,
    }: {
      /** Exponents α for which M = Σ|Δl|^α over the persistent writes is wanted; slow. */
      exponents?: readonly number[];
      /** Puts something between the layers and their kernels (a stopwatch). */
      instrument?: (kernels: Kernels) => Kernels;
    } = {},
  ) {
    if (config.threads !== 1 || config.time === 'exact' || config.sizes.length !== 3) {
      throw new UsageError(
        'policies need one thread, a time grid and one hidden layer',
        'plasticity',
        'Give threads 1, time grid and three populations.',
      );
    }
    this.at = memoryOf(config, train, test);
    this.layout = this.at.layout as Layout;
    const policies = layerPolicies(policy, config.sizes, exponentialRetention);
    const kernels = instrument(kernelsOn(new Arena()));
    this.layers = this.at.projections.map(({ source, target, init }, p) => {
      const [sources, targets] = [config.sizes[source], config.sizes[target]];
      const its =
        source === target ? layerPolicies(policy, [sources, targets], exponentialRetention)[0] : policies[p];
      const weights = drawnWeights(config, init, p);
      this.at.setWeights(p, weights);
      const rows = Float32Array.from({ length: sources * targets }, (_, k) => {
        const j = Math.floor(k / sources);
        return weights[(k - j * sources) * targets + j];
      });
      const mask = stream(config.seed, `eventprop/mask/${p}`);
      return new FastLayer(kernels, sources, targets, rows, its, mask, true);
    });
    this.meter = new WriteMeter(this.layers, exponents);
    this.proposals = this.layers.map(({ sources, targets }) => new Float32Array(sources * targets));
    this.active = this.layers.map(({ sources }) => new Uint8Array(sources));
    this.spikes = new SpikeBook(config, this.layout, this.at);
    const passes = new GridPasses(config, this.layout, this.at.memory, 0);
    this.phases = new Phases(config, this.layout, this.at.memory, 0, passes, {
      change: this.proposing(),
      learnsFrom: (slot, label) => this.learnsFrom(slot, label, passes.answer),
      passOver: (slot) => passes.passOver(slot),
    });
    this.drawOrder();
  }

  /** Learns the next `batches` batches; epochs follow each other, each in a new random order. */
  learn(batches: number, rate: (step: number) => number): void {
    for (let b = 0; b < batches; b++) this.learnBatch(rate(this.steps));
  }

  private learnBatch(rate: number): void {
    const { batch } = this.config;
    const count = Math.min(batch, this.train.count - this.nextBatch * batch);
    this.spikes.beginBatch();
    for (const proposal of this.proposals) proposal.fill(0);
    for (const active of this.active) active.fill(0);
    this.phases.train({
      epoch: this.epoch,
      firstBatch: this.nextBatch,
      batches: 1,
      stepsDone: this.steps,
      rates: Float64Array.of(rate),
    });
    const control = this.at.i32(this.layout.control, CONTROL.words);
    refuseDivergence(control, `after ${this.samples} samples`, this.config.neuron.theta);
    const learnt = this.spikes.endBatch(count);
    for (const [l, layer] of this.layers.entries()) {
      if (learnt > 0) layer.propose(this.proposals[l]);
      layer.tick(count);
      if (layer.decays) this.putWeights(l);
      else if (learnt > 0) this.putWeights(l, this.active[l]);
    }
    this.meter.look();
    this.steps++;
    this.samples += count;
    this.updates += learnt;
    this.nextBatch++;
    if (this.nextBatch * batch >= this.train.count) {
      this.epoch++;
      this.nextBatch = 0;
      this.drawOrder();
    }
  }

  private drawOrder(): void {
    const { count } = this.train;
    const order = stream(this.config.seed, `order of epoch ${this.epoch}`).permutation(count);
    this.at.u32(this.layout.order, count).set(order);
  }

  /**
   * In place of the optimiser's write: its step on weights of 0, which is what it proposes. The layers keep their own
   * ledger, so that the memory of the trainer's is free: l1Total, 0 in new memory, holds those weights.
   */
  private proposing(): (at: ProjectionLayout, task: UpdateTask, step: number, rate: number) => boolean {
    const kernel = optimiserKernel(this.at.memory);
    const { active, gradient } = this.layout.threads[0];
    const u8 = new Uint8Array(this.at.memory.buffer);
    const { optimiser } = this.config;
    const f32 = new Float32Array(this.at.memory.buffer);
    return (at, task, step, rate) => {
      const rows = task.lastRow - task.firstRow;
      const row = (task.block * at.sources + task.firstRow) * BLOCK * 4;
      const moved = f32.subarray((at.l1Total + row) >> 2, ((at.l1Total + row) >> 2) + rows * BLOCK);
      const [weights, l0, l1] = [at.l1Total + row, 0, 0];
      let tooFar: number;
      if (optimiser.kind === 'adam') {
        const { beta1, beta2, epsilon } = optimiser;
        const correction = Math.sqrt(1 - beta2 ** step);
        const adamRate = (rate * correction) / (1 - beta1 ** step);
        const [m, v, eps] = [at.first + row, at.second + row, epsilon * correction];
        tooFar = kernel.adam(rows, active, gradient, weights, m, v, l0, l1, beta1, beta2, adamRate, eps);
      } else {
        tooFar = kernel.sgd(rows, active, gradient, weights, l0, l1, rate);
      }
      this.take(task, moved, u8.subarray(active, active + rows));
      return tooFar !== 0;
    };
  }

  /** From [rows][16] to rows of targets, for the sources that were active; their rows are 0 again for the next step. */
  private take({ layer, block, firstRow }: UpdateTask, moved: Float32Array, active: Uint8Array): void {
    const { sources, targets } = this.layers[layer];
    const to = this.proposals[layer];
    const firstTarget = block * BLOCK;
    const lastTarget = Math.min(firstTarget + BLOCK, targets);
    for (let row = 0; row < active.length; row++) {
      if (active[row] === 0) continue;
      const source = firstRow + row;
      this.active[layer][source] = 1;
      let from = row * BLOCK;
      for (let j = firstTarget; j < lastTarget; j++) to[j * sources + source] = moved[from++];
      moved.fill(0, row * BLOCK, (row + 1) * BLOCK);
    }
  }

  /** The weights in force, of some sources or of all, where the kernels read them. */
  private putWeights(l: number, of: Uint8Array | null = null): void {
    const { sources, targets, stride } = this.layers[l];
    const weights = this.layers[l].inForce();
    const { weights: address, synapses } = this.layout.layers[l];
    const to = this.at.f32(address, synapses);
    for (let i = 0; i < sources; i++) {
      if (of !== null && of[i] === 0) continue;
      for (let first = 0; first < targets; first += BLOCK) {
        const lanes = Math.min(BLOCK, targets - first);
        const row = first * sources + i * BLOCK;
        for (let lane = 0; lane < lanes; lane++) to[row + lane] = weights[(first + lane) * stride + i];
      }
    }
  }

  /** Lazy learning (Pache & van Rossum 2023, arXiv:2303.16067); confidence is that of the softmax. */
  private learnsFrom(slot: number, label: number, answer: Float32Array): boolean {
    const learns = wantsToLearn(this.policy.lazy, label, answer);
    this.spikes.noteSample(slot, learns);
    return learns;
  }

  /** Fraction of the test samples named rightly, and the hidden spikes of one; booked as inferences. */
  evaluate(): { accuracy: number; hiddenSpikes: number } {
    this.phases.evaluate('test');
    const { at, layout, test } = this;
    const sent = this.spikes.endInference();
    this.inferences += test.count;
    const answers = at.u8(layout.test.answers, test.count);
    let right = 0;
    for (let s = 0; s < test.count; s++) if (answers[s] === test.labels[s]) right++;
    return { accuracy: right / test.count, hiddenSpikes: sent / test.count };
  }

  /** Consolidates what is left and bills it: learning is over. */
  finish(): void {
    for (const [l, layer] of this.layers.entries()) {
      layer.finish();
      this.putWeights(l);
    }
    this.meter.look();
  }

  /** What all persistent writes cost by the exponents asked for. */
  costs(): WriteCost[] {
    return this.meter.costs();
  }

  totals(): LayerTotals {
    return this.layers.map((layer) => layer.totals()).reduce(addTotals);
  }

  /** What the network did so far, in training and in inference, the plasticity of each synapse included. */
  ledger(network: string, labels: Ledger['labels'] = {}): Ledger {
    const { neuron } = this.config;
    const { training, learnt, inference } = this.spikes;
    const sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
    const layers = this.layers.map((layer, l): SpikingLayerLedger => {
      const { name, source, target } = this.at.projections[l];
      // A population that two projections enter is booked with the first.
      const isFirst = source !== target;
      const sends = isFirst && target < training.length;
      const updates = isFirst ? layer.targets * neuron.steps : 0;
      return {
        name,
        channel: 'spike',
        sources: layer.sources,
        targets: layer.targets,
        inferenceSpikes: inference[source].slice(),
        trainingSpikes: training[source].slice(),
        backwardSpikes: learnt[source].slice(),
        inferenceNeuronUpdates: this.inferences * updates,
        trainingNeuronUpdates: this.samples * updates,
        inferenceTargetSpikes: sends ? sum(inference[target]) : 0,
        trainingTargetSpikes: sends ? sum(training[target]) : 0,
        backwardMacsPerSpike: source === 0 ? 0 : 1,
        changes: layer.changes(),
      };
    });
    return { network, labels, inferences: this.inferences, trainingSamples: this.samples, layers };
  }
}
