import type { RandomMask } from './compete.js';
import type { FastLayer } from './fast-layer.js';
import { addressesOf, type FastCounts, type Kernels } from './fast-memory.js';
import type { LayerPolicy } from './policy.js';

/** Bits of a float32 below those that name its bin: fine bins for a whole layer, few for the rows of single neurons. */
const LAYER_SHIFT = 16;
const NEURON_SHIFT = 20;

/**
 * Changes of any shape on their way through the policy of a FastLayer, one float32 a synapse: what learners propose whose
 * Δw is no outer product, and outer products under policies that need each of their elements. Work space is taken once.
 */
export class FastProposals {
  /** Δw, rows of the layer's stride. */
  private readonly changes: Float32Array;
  /** What may be consolidated and must compete for it; empty unless changes are cached first. */
  private readonly offered: Float32Array;
  private readonly keys: Uint32Array;
  private readonly bins: Uint32Array;
  private readonly candidates: Float64Array;
  private readonly spare: Float32Array;
  private readonly out: Float64Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly layer: FastLayer,
    private readonly policy: LayerPolicy,
    private readonly mask: RandomMask | null,
  ) {
    const { arena } = kernels;
    const { selection } = policy;
    const synapses = layer.persistent.length;
    const ranked = selection.kind === 'ranked';
    const perLayer = ranked && selection.per === 'layer';
    this.changes = arena.float32(synapses);
    this.offered = arena.float32(policy.cache && policy.order === 'cache-first' ? synapses : 0);
    this.keys = arena.uint32(ranked ? synapses : 0);
    this.bins = arena.uint32(ranked ? 2 ** (31 - (perLayer ? LAYER_SHIFT : NEURON_SHIFT)) : 0);
    this.candidates = arena.float64(ranked ? (perLayer ? synapses : layer.stride) : 0);
    this.spare = arena.float32(mask?.count ?? 0);
    this.out = arena.float64(2);
  }

  /** Takes Δw, index j·sources + i, through the policy. */
  propose(proposed: Float32Array | Float64Array): void {
    const { sources, targets, stride } = this.layer;
    for (let j = 0; j < targets; j++) {
      this.changes.set(proposed.subarray(j * sources, (j + 1) * sources), j * stride);
    }
    this.write();
  }

  /** The same for Δw_ji = change_j·input_i. */
  proposeOuter(): void {
    const { input, change, targets, stride } = this.layer;
    const { byteOffset } = this.changes;
    this.kernels.layer.outer(byteOffset, input.byteOffset, change.byteOffset, targets, stride);
    this.write();
  }

  private write(): void {
    const { changes, offered, layer, kernels } = this;
    const { cache, persistent, detail } = layer;
    if (cache && this.policy.order === 'cache-first') {
      cache.writeChanges(changes, this.tallied(changes, cache.detail));
      if (!cache.offer(offered)) return;
      this.choose(offered);
      cache.take(offered);
      return;
    }
    this.choose(changes);
    if (cache) {
      cache.writeChanges(changes, this.tallied(changes, cache.detail));
      cache.consolidate();
      return;
    }
    const [writes, quanta] = this.tallied(changes, detail);
    layer.count(writes, quanta);
    kernels.layer.add(persistent.byteOffset, changes.byteOffset, changes.length);
  }

  /** Writes and quanta of changes, which are counted for each synapse too. */
  private tallied(changes: Float32Array, counts: FastCounts | null): Float64Array {
    const { out } = this;
    out.fill(0);
    this.kernels.tally.all(changes.byteOffset, changes.length, out.byteOffset, ...addressesOf(counts));
    return out;
  }

  /** Sets to 0 what the policy does not let through. */
  private choose({ byteOffset: changes, length }: Float32Array): void {
    const { compete } = this.kernels;
    const { sources, targets, stride } = this.layer;
    const { selection, plasticSources, plasticTargets } = this.policy;
    if (plasticSources < sources || plasticTargets < targets) {
      compete.keepBlock(changes, plasticSources, plasticTargets, targets, stride);
    }
    if (selection.kind === 'random') {
      const { mask, spare } = this;
      if (selection.redrawn) mask!.redraw();
      const { byteOffset: list, length: count } = mask!.entries;
      compete.keepListed(changes, length, list, count, stride, spare.byteOffset);
    }
    if (selection.kind !== 'ranked') return;
    const { count, by, end, per } = selection;
    const keys = this.keys.byteOffset;
    const ranking = by === 'change' ? changes : this.layer.inForce().byteOffset;
    compete.rankKeys(changes, ranking, end === 'smallest' ? 1 : 0, keys, length);
    const keep = (first: number, last: number, shift: number) =>
      compete.keepLargest(
        changes,
        keys,
        stride,
        first,
        last,
        count,
        shift,
        this.bins.byteOffset,
        this.candidates.byteOffset,
      );
    if (per === 'layer') keep(0, targets, LAYER_SHIFT);
    else for (let j = 0; j < targets; j++) keep(j, j + 1, NEURON_SHIFT);
  }
}
