import type { Stream } from '../util/rng.js';
import { RandomMask } from './compete.js';
import { FastCompetition } from './fast-competition.js';
import type { FastLayer } from './fast-layer.js';
import type { Kernels } from './fast-memory.js';
import type { LayerPolicy } from './policy.js';

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
  readonly mask: RandomMask | null;
  /** Where changes of a layer compete: what is not in the list is prefixed there. */
  readonly competition: FastCompetition | null;
  private readonly perNeuron: {
    order: Uint32Array;
    sorted: Float64Array;
    spare: Uint32Array;
    bins: Uint32Array;
  };

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
    const perLayer = selection.kind === 'ranked' && selection.per === 'layer';
    this.competition = perLayer
      ? new FastCompetition(kernels, layer, plasticSources, plasticTargets, selection.count, this.list)
      : null;
    const n = ranked && !perLayer ? plasticSources : 0;
    this.perNeuron = {
      order: arena.uint32(n),
      sorted: arena.float64(n),
      spare: arena.uint32(n),
      bins: arena.uint32(n > 0 ? 256 : 0),
    };
  }

  private longestList(): number {
    const { selection, plasticSources, plasticTargets } = this.policy;
    if (selection.kind !== 'ranked') return 0;
    return selection.per === 'layer' ? selection.count + plasticSources : selection.count * plasticTargets;
  }

  /** Chooses for the present input and change: the length of the list, or -1 for the whole block. */
  choose(): number {
    const { selection } = this.policy;
    if (selection.kind === 'random') return this.drawn(selection.redrawn);
    if (this.competition) return this.competition.choose();
    if (selection.kind === 'ranked') return this.largestPerNeuron(selection.count);
    if (this.subnetOfSources) this.x.set(this.layer.input.subarray(0, this.policy.plasticSources));
    return -1;
  }

  private drawn(redrawn: boolean): number {
    if (redrawn) this.mask!.redraw();
    return this.mask!.count;
  }

  private largestPerNeuron(count: number): number {
    const { compete } = this.kernels;
    const { plasticSources: n, plasticTargets: rows } = this.policy;
    const [x, g, list] = [this.layer.input.byteOffset, this.layer.change.byteOffset, this.list.byteOffset];
    const { order, sorted, spare, bins } = this.perNeuron;
    compete.sortByMagnitude(x, n, order.byteOffset, spare.byteOffset, bins.byteOffset);
    compete.gather(x, order.byteOffset, n, sorted.byteOffset);
    return compete.selectPerTarget(order.byteOffset, sorted.byteOffset, n, g, rows, count, list);
  }
}
