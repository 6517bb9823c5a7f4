import type { Stream } from '../util/rng.js';
import { RandomMask } from './compete.js';
import type { FastLayer } from './fast-layer.js';
import type { Kernels } from './fast-memory.js';
import type { LayerPolicy } from './policy.js';

/** One side of an outer product, sorted by magnitude. */
interface Ranking {
  order: Uint32Array;
  sorted: Float64Array;
  spare: Uint32Array;
}

/**
 * Which synapses of a FastLayer change for a sample: all of a block (`x`, `rows`), or those of a `list`, whose
 * entries are target·2^16 + source. Work space is taken once; a sample allocates nothing.
 */
export class FastSelection {
  readonly list: Uint32Array;
  /** Input of a block of whole rows: the layer's own, or a copy that is zero outside the subnet. */
  readonly x: Float32Array;
  /** Rows of the block. */
  readonly rows: number;
  private readonly subnetOfSources: boolean;
  private readonly mask: RandomMask | null;
  private readonly bySource: Ranking;
  private readonly byTarget: Ranking;
  private readonly bins: Uint32Array;
  private readonly candidates: Float64Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly layer: FastLayer,
    private readonly policy: LayerPolicy,
    random: Stream,
  ) {
    const { arena } = kernels;
    const { sources, targets } = layer;
    const { selection, plasticSources, plasticTargets } = policy;
    this.rows = plasticTargets;
    this.subnetOfSources = plasticSources < sources;
    this.x = this.subnetOfSources ? arena.float32(layer.stride) : layer.input;
    const ranked = selection.kind === 'ranked';
    const random_ = selection.kind === 'random';
    this.list = arena.uint32(random_ ? sources * targets : ranked ? this.longestList() : 0);
    this.mask = random_ ? new RandomMask(sources, targets, selection.count, random, this.list) : null;
    const ranking = (n: number): Ranking => ({
      order: arena.uint32(n),
      sorted: arena.float64(n),
      spare: arena.uint32(n),
    });
    this.bySource = ranking(ranked ? plasticSources : 0);
    this.byTarget = ranking(ranked ? plasticTargets : 0);
    this.bins = arena.uint32(ranked ? 256 : 0);
    this.candidates = arena.float64(ranked ? 1024 : 0);
  }

  private longestList(): number {
    const { selection, plasticTargets } = this.policy;
    if (selection.kind !== 'ranked') return 0;
    return selection.per === 'layer' ? selection.count : selection.count * plasticTargets;
  }

  /** Chooses for the present input and change: the length of the list, or -1 for the whole block. */
  choose(): number {
    const { selection } = this.policy;
    if (selection.kind === 'random') return this.drawn(selection.redrawn);
    if (selection.kind === 'ranked') return this.ranked(selection.per, selection.count);
    if (this.subnetOfSources) this.x.set(this.layer.input.subarray(0, this.policy.plasticSources));
    return -1;
  }

  private drawn(redrawn: boolean): number {
    if (redrawn) this.mask!.redraw();
    return this.mask!.count;
  }

  private ranked(per: 'layer' | 'neuron', count: number): number {
    const { compete } = this.kernels;
    const { plasticSources: n, plasticTargets: rows } = this.policy;
    const [x, g, list] = [this.layer.input.byteOffset, this.layer.change.byteOffset, this.list.byteOffset];
    const { order, sorted } = this.rank(x, n, this.bySource);
    if (per === 'neuron') {
      return compete.selectPerTarget(order.byteOffset, sorted.byteOffset, n, g, rows, count, list);
    }
    const targets = this.rank(g, rows, this.byTarget);
    return compete.selectLargest(
      x,
      order.byteOffset,
      sorted.byteOffset,
      n,
      g,
      targets.order.byteOffset,
      targets.sorted.byteOffset,
      rows,
      count,
      this.candidates.byteOffset,
      list,
    );
  }

  private rank(values: number, n: number, ranking: Ranking): Ranking {
    const { compete } = this.kernels;
    const { order, sorted, spare } = ranking;
    compete.sortByMagnitude(values, n, order.byteOffset, spare.byteOffset, this.bins.byteOffset);
    compete.gather(values, order.byteOffset, n, sorted.byteOffset);
    return ranking;
  }
}
