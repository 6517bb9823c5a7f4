import type { WeightChanges } from '../energy/ledger.js';
import type { Stream } from '../util/rng.js';
import { FastCache } from './fast-cache.js';
import type { FastCompetition } from './fast-competition.js';
import { addressesOf, type FastCounts, fastCounts, type Kernels, strideOf } from './fast-memory.js';
import { FastProposals } from './fast-proposals.js';
import { FastSelection } from './fast-selection.js';
import { distanceOf, type LayerTotals, type PlasticLayer, units } from './layer.js';
import type { LayerPolicy } from './policy.js';
import { transposed } from './reference-layer.js';

/** Whether changes of an outer product can be chosen, and written, without forming it. */
function staysOuter(policy: LayerPolicy, sources: number, targets: number): boolean {
  const { selection } = policy;
  if (policy.cache && policy.order === 'cache-first' && selection.kind !== 'all') return false;
  const isWhole = policy.plasticSources === sources && policy.plasticTargets === targets;
  if (selection.kind === 'all') return isWhole || policy.cache === null || policy.order === 'compete-first';
  if (selection.kind === 'random') return isWhole;
  return selection.by === 'change' && selection.end === 'largest';
}

/**
 * Plastic synapses in float32 on WASM SIMD kernels, under any policy and for any learner. Equal to ReferenceLayer up to
 * the rounding of float32.
 * At most 65,536 sources and 65,536 targets.
 */
export class FastLayer implements PlasticLayer {
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly change: Float32Array;
  readonly error: Float32Array;
  readonly stride: number;
  /** l, rows of `stride`. */
  readonly persistent: Float32Array;
  readonly cache: FastCache | null;
  private readonly initial: Float64Array;
  readonly selection: FastSelection;
  readonly detail: FastCounts | null;
  /** What a proposal came to: [writes, quanta]. */
  private readonly tallied: Float64Array;
  /** |x|, work space. */
  private readonly sizes: Float32Array;
  private readonly merged: Float32Array | null;
  private readonly staysOuter: boolean;
  private proposals: FastProposals | null = null;
  private writes = 0;
  private quanta = 0;
  private steps = 0;

  /**
   * @param weights initial weights, row j at j·sources
   * @param perSynapse whether to keep the ledger of each synapse (slower) or totals alone
   */
  constructor(
    private readonly kernels: Kernels,
    readonly sources: number,
    readonly targets: number,
    weights: ArrayLike<number>,
    private readonly policy: LayerPolicy,
    random: Stream,
    perSynapse: boolean,
  ) {
    const { arena } = kernels;
    this.stride = strideOf(sources);
    const synapses = this.stride * targets;
    this.input = arena.float32(this.stride).subarray(0, sources);
    this.output = arena.float32(targets);
    this.change = arena.float32(targets);
    this.error = arena.float32(this.stride).subarray(0, sources);
    this.persistent = arena.float32(synapses);
    for (let j = 0; j < targets; j++) {
      for (let i = 0; i < sources; i++) this.persistent[j * this.stride + i] = weights[j * sources + i];
    }
    this.detail = perSynapse ? fastCounts(arena, synapses) : null;
    this.tallied = arena.float64(2);
    this.sizes = arena.float32(this.stride);
    this.cache = policy.cache ? new FastCache(kernels, policy.cache, this, this.detail, perSynapse) : null;
    this.merged = this.cache ? arena.float32(synapses) : null;
    this.selection = new FastSelection(kernels, this, policy, random);
    this.staysOuter = staysOuter(policy, sources, targets);
    this.initial = this.weights();
  }

  /** Whether weights in force change as time goes by. */
  get decays(): boolean {
    return this.policy.cache !== null && this.policy.cache.retention < 1;
  }

  tick(presentations: number): void {
    this.cache?.tick(presentations);
  }

  drive(): void {
    const { layer } = this.kernels;
    const [x, y] = [this.input.byteOffset, this.output.byteOffset];
    if (this.cache) this.cache.drive(x, y);
    else layer.drive(this.persistent.byteOffset, x, y, this.targets, this.stride);
  }

  backward(): void {
    this.kernels.layer.backward(
      this.inForce().byteOffset,
      this.change.byteOffset,
      this.error.byteOffset,
      this.targets,
      this.stride,
    );
  }

  /** Rows of `stride`: l, or l + s put together for the purpose. */
  inForce(): Float32Array {
    if (!this.cache || !this.merged) return this.persistent;
    this.cache.merge(this.merged.byteOffset);
    return this.merged;
  }

  learn(): void {
    this.steps++;
    if (!this.staysOuter) {
      this.anyShape().proposeOuter();
      return;
    }
    const { list, x, rows, competition } = this.selection;
    const count = this.selection.choose();
    if (count < 0) this.writeAll(x.byteOffset, rows);
    else if (competition === null) this.writeListed(list.byteOffset, count);
    else if (this.cache || this.detail) this.writeListed(list.byteOffset, competition.listAll(count));
    else this.writePrefixed(competition, list.byteOffset, count);
    this.cache?.consolidate();
  }

  /** Takes any proposed changes, j·sources + i. */
  propose(changes: Float32Array | Float64Array): void {
    this.steps++;
    this.anyShape().propose(changes);
  }

  private anyShape(): FastProposals {
    const { kernels, policy, selection } = this;
    this.proposals ??= new FastProposals(kernels, this, policy, selection.mask);
    return this.proposals;
  }

  private writeAll(x: number, rows: number): void {
    const { tally, layer } = this.kernels;
    const g = this.change.byteOffset;
    this.tallied.fill(0);
    tally.outer(x, g, rows, this.stride, this.sizes.byteOffset, this.tallied.byteOffset);
    const counter = this.cache ?? this;
    counter.count(this.tallied[0], this.tallied[1]);
    const counts = this.cache ? this.cache.detail : this.detail;
    if (counts) {
      this.cache?.settle();
      tally.outerDetail(x, g, rows, this.stride, ...addressesOf(counts));
    }
    if (this.cache) this.cache.writeOuter(x, g, rows);
    else layer.addOuter(this.persistent.byteOffset, x, g, rows, this.stride);
  }

  /** What competition lets through, in totals: whole runs of sources are counted and written at once. */
  private writePrefixed(competition: FastCompetition, list: number, count: number): void {
    const { tally, layer } = this.kernels;
    const { order, xs, prefix, largest } = competition;
    const [x, g, w] = [this.input.byteOffset, this.change.byteOffset, this.persistent.byteOffset];
    const out = this.tallied.byteOffset;
    this.tallied.fill(0);
    tally.prefixes(xs.byteOffset, largest, prefix.byteOffset, g, prefix.length, out);
    tally.entries(x, g, list, count, this.stride, out, 0, 0);
    this.count(this.tallied[0], this.tallied[1]);
    layer.addPrefixes(w, order.byteOffset, xs.byteOffset, g, prefix.byteOffset, prefix.length, this.stride);
    layer.addEntries(w, x, g, list, count, this.stride);
  }

  private writeListed(list: number, count: number): void {
    const { tally, layer } = this.kernels;
    const [x, g] = [this.input.byteOffset, this.change.byteOffset];
    const counts = this.cache ? this.cache.detail : this.detail;
    if (counts) this.cache?.settleListed(list, count);
    this.tallied.fill(0);
    tally.entries(x, g, list, count, this.stride, this.tallied.byteOffset, ...addressesOf(counts));
    const counter = this.cache ?? this;
    counter.count(this.tallied[0], this.tallied[1]);
    if (this.cache) this.cache.writeListed(x, g, list, count);
    else layer.addEntries(this.persistent.byteOffset, x, g, list, count, this.stride);
  }

  /** Takes writes of the persistent weights, and their quanta, into the totals. */
  count(writes: number, quanta: number): void {
    this.writes += writes;
    this.quanta += quanta;
  }

  finish(): void {
    this.cache?.consolidateAll();
  }

  weights(): Float64Array {
    const { sources, targets, stride } = this;
    const all = new Float64Array(sources * targets);
    for (let j = 0; j < targets; j++) {
      const from = j * stride;
      all.set(this.persistent.subarray(from, from + sources), j * sources);
      if (this.cache) for (let i = 0; i < sources; i++) all[j * sources + i] += this.cache.at(from + i);
    }
    return all;
  }

  totals(): LayerTotals {
    return {
      persistentWrites: this.writes,
      persistentChange: units(this.quanta),
      ...(this.cache?.totals() ?? NO_TRANSIENTS),
      ...distanceOf(this.weights(), this.initial),
    };
  }

  changes(): WeightChanges | null {
    if (!this.detail) return null;
    const { sources, targets, stride } = this;
    const bySource = <A extends Uint32Array | Float64Array>(rows: A) =>
      transposed(rows, sources, targets, stride);
    const l0 = bySource(this.detail.l0);
    const changes: WeightChanges = { steps: this.steps, l0, l1Quanta: bySource(this.detail.l1) };
    if (this.cache?.detail && this.cache.maintained) {
      this.cache.settle();
      changes.transient = {
        l1Quanta: bySource(this.cache.detail.l1),
        heldQuanta: bySource(this.cache.maintained),
        consolidations: l0.slice(),
      };
    }
    return changes;
  }
}

const NO_TRANSIENTS = {
  transientWrites: 0,
  transientChange: 0,
  maintenance: 0,
  residual: 0,
  residualSynapses: 0,
};
