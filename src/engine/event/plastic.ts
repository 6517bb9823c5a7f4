import type { Arena } from '../../../kernels/arena.js';
import { loadKernel } from '../../../kernels/load.js';
import {
  decayTable,
  EMPTY,
  ledgerQuantum,
  NEVER_SPIKED,
  PLASTIC_BYTES,
  plasticCounts,
  RECORD_BYTES,
  SOURCE_WORDS,
  type StdpKernel,
  writePlastic,
} from '../../../kernels/stdp/index.js';
import { GROUP, type Part } from './layout.js';
import type { PlasticPlan } from './plan.js';
import type { SynapseTable } from './synapse-table.js';

/** Synapses of a slice with their weights, row by row. */
export interface SliceWeights {
  /** Of the source and target populations. */
  sources: Int32Array;
  targets: Int32Array;
  weights: Float32Array;
}

/** What learning did to the synapses of a projection. */
export interface Changes {
  /** Index of the projection. */
  projection: number;
  /** Weights written with another value. */
  l0: bigint;
  /** Σ|Δw| in quanta of `quantum` receptor units. */
  l1: bigint;
  quantum: number;
}

/**
 * The synapses of a slice that belong to one projection that learns. The spikes of their targets wait here until
 * they have come back along the dendrite; the weights of a row are brought up to date when its source spikes.
 */
export class PlasticSynapses {
  private readonly kernel: StdpKernel;
  private readonly plastic: number;
  private readonly records: number;
  private readonly nRecords: number;
  private readonly list: Int32Array;
  private readonly view: DataView;
  private readonly keep: number;
  private readonly delay: number;
  private base: number;
  /** Spikes that the synapses have not seen yet, by step: indices in the slice. */
  private readonly coming: { step: number; neurons: Int32Array }[] = [];

  constructor(
    private readonly table: SynapseTable,
    readonly plan: PlasticPlan,
    readonly part: Part,
    private readonly sources: number,
    private readonly arena: Arena,
  ) {
    const { rule, quanta } = plan;
    this.kernel = loadKernel<StdpKernel>('stdp', arena.memory);
    this.delay = table.delay!;
    const place = (values: Float32Array) => {
      const at = arena.float32(values.length);
      at.set(values);
      return at.byteOffset;
    };
    const plus = decayTable(rule.tauPlusSteps);
    const minus = decayTable(rule.tauMinusSteps);
    this.nRecords = part.padded + GROUP;
    const bytes = arena.uint8(this.nRecords * RECORD_BYTES);
    this.records = bytes.byteOffset;
    const steps = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    // Fourteen empty places, then a trace of 0.
    steps.forEach((_, i) => {
      steps[i] = i % (RECORD_BYTES / 2) < 14 ? EMPTY : 0;
    });
    const states = arena.int32(SOURCE_WORDS * sources);
    for (let source = 0; source < sources; source++)
      states.set([0, NEVER_SPIKED.last, NEVER_SPIKED.settled], SOURCE_WORDS * source);
    this.list = arena.int32(part.padded);
    this.plastic = arena.uint8(PLASTIC_BYTES).byteOffset;
    this.view = new DataView(arena.memory.buffer);
    // Behind a new base there must be room for all that the trace of a target still remembers.
    this.keep = minus.length + 2;
    this.base = -this.delay - (EMPTY + this.keep);
    writePlastic(
      this.view,
      this.plastic,
      {
        rows: table.rows,
        targets: table.data,
        weights: table.weights,
        records: this.records - RECORD_BYTES * part.local,
        sources: states.byteOffset,
        sourceCount: sources,
        delay: this.delay,
        base: this.base,
        plusTable: place(plus),
        plusLength: plus.length - 1,
        minusTable: place(minus),
        minusLength: minus.length - 1,
        quanta,
      },
      rule,
    );
  }

  /** Tells of the spikes of the targets in `step` (indices in the population). Steps come in order. */
  expect(step: number, spikes: Int32Array): void {
    if (spikes.length === 0) return;
    const { from, local } = this.part;
    this.coming.push({ step, neurons: spikes.map((neuron) => neuron - from + local) });
  }

  /**
   * Delivers spikes of `step` to the row of accumulators at `acc`, and lets the synapses learn.
   * @param efficacies address of a factor for each spike, or 0
   */
  deliver(step: number, spikes: number, n: number, acc: number, efficacies: number): void {
    this.catchUp(step - this.delay);
    this.kernel.deliverPlastic(this.plastic, spikes, n, step, acc, efficacies);
  }

  /** The weights as they are once all that came before `step` has reached the synapses. */
  weights(step: number): SliceWeights {
    this.settle(step);
    const { table, part, sources, arena, plan } = this;
    const { buffer } = arena.memory;
    const rows = new Uint32Array(buffer, table.rows, sources + 1);
    const places = new Uint16Array(buffer, table.data, rows[sources]);
    const sizes = new Float32Array(buffer, table.weights, rows[sources]);
    const result = {
      sources: new Int32Array(table.synapses),
      targets: new Int32Array(table.synapses),
      weights: new Float32Array(table.synapses),
    };
    const sign = Math.sign(plan.quanta);
    let at = 0;
    for (let source = 0; source < sources; source++)
      for (let k = rows[source]; k < rows[source + 1]; k++) {
        const target = places[k] - part.local;
        if (target >= part.count) continue;
        result.sources[at] = source;
        result.targets[at] = part.from + target;
        result.weights[at] = sign * sizes[k];
        at += 1;
      }
    return result;
  }

  /** What learning has done up to `step`. */
  changes(step: number): Changes {
    this.settle(step);
    const { projection, rule } = this.plan;
    const counts = plasticCounts(this.view, this.plastic);
    return { projection, ...counts, quantum: ledgerQuantum(rule.maxWeight) };
  }

  private settle(step: number): void {
    const upTo = step - 1 - this.delay;
    this.catchUp(upTo);
    this.kernel.settle(this.plastic, upTo);
  }

  /** Brings the spikes of the targets up to step `upTo` into their records. */
  private catchUp(upTo: number): void {
    const { coming, kernel, plastic, list } = this;
    while (coming.length > 0 && coming[0].step <= upTo) {
      const { step, neurons } = coming.shift()!;
      list.set(neurons);
      const tooLate = step - this.base > 32_767;
      if (tooLate || kernel.recordsFull(plastic, list.byteOffset, neurons.length))
        kernel.settle(plastic, step - 1);
      if (tooLate) {
        const shift = step - this.base - (EMPTY + this.keep);
        kernel.rebase(plastic, this.records, this.nRecords, shift);
        this.base += shift;
      }
      kernel.record(plastic, list.byteOffset, neurons.length, step);
    }
  }
}
