import { largestOfLayer, largestOfNeuron } from '../../kernels/compete/reference.js';
import type { Stream } from '../util/rng.js';
import type { Stage } from './stage.js';

/** Which of the proposed changes of a layer are made; `count` of them (for each neuron, if ranked per neuron). */
export type Selection =
  | { kind: 'all' }
  | { kind: 'random'; count: number; redrawn: boolean }
  | {
      kind: 'ranked';
      count: number;
      per: 'layer' | 'neuron';
      by: 'change' | 'weight';
      end: 'largest' | 'smallest';
    };

/** Passes on the changes that rank among the first by size of the change or of the weight, in place of the rest 0. */
export function ranked(
  selection: Extract<Selection, { kind: 'ranked' }>,
  sources: number,
  weights: () => ArrayLike<number>,
  next: Stage,
): Stage {
  const choose = selection.per === 'layer' ? largestOfLayer : largestOfNeuron;
  return (changes, now) => {
    const ranking = selection.by === 'change' ? changes : weights();
    // Ranked from the other end by the reciprocal; a synapse without a proposed change takes no place.
    const measure = Array.from(changes, (change, k) => {
      const size = Math.abs(ranking[k]);
      if (change === 0) return 0;
      return selection.end === 'largest' ? size : 1 / size;
    });
    const kept = choose(measure, sources, selection.count);
    for (let k = 0; k < changes.length; k++) if (!kept[k]) changes[k] = 0;
    next(changes, now);
  };
}

/** Passes on the changes of the synapses in a mask, which is asked for anew each time. */
export function masked(mask: () => ArrayLike<number>, sources: number, next: Stage): Stage {
  return (changes, now) => {
    const entries = mask();
    const kept = new Set<number>();
    for (let k = 0; k < entries.length; k++) kept.add((entries[k] >>> 16) * sources + (entries[k] & 0xffff));
    for (let k = 0; k < changes.length; k++) if (!kept.has(k)) changes[k] = 0;
    next(changes, now);
  };
}

/** Passes on the changes of the synapses between the first plastic sources and targets. */
export function withinSubnet(
  sources: number,
  plasticSources: number,
  plasticTargets: number,
  next: Stage,
): Stage {
  return (changes, now) => {
    for (let k = 0; k < changes.length; k++) {
      const target = Math.floor(k / sources);
      if (k - target * sources >= plasticSources || target >= plasticTargets) changes[k] = 0;
    }
    next(changes, now);
  };
}

/**
 * A random subset of the synapses of a layer, exactly `count` of them, each subset as likely as any other: the
 * first entries of an order that is shuffled as far as it is needed (Fisher-Yates), again from where it is left.
 * An entry is target·2^16 + source.
 */
export class RandomMask {
  private readonly order: Uint32Array;

  /** @param order room for sources × targets entries */
  constructor(
    sources: number,
    targets: number,
    readonly count: number,
    private readonly random: Stream,
    order: Uint32Array = new Uint32Array(sources * targets),
  ) {
    this.order = order;
    for (let k = 0; k < order.length; k++) {
      const target = Math.floor(k / sources);
      order[k] = target * 65536 + (k - target * sources);
    }
    this.redraw();
  }

  get entries(): Uint32Array {
    return this.order.subarray(0, this.count);
  }

  redraw(): void {
    const { order, random } = this;
    for (let k = 0; k < this.count; k++) {
      const other = k + random.integer(order.length - k);
      const held = order[k];
      order[k] = order[other];
      order[other] = held;
    }
  }
}
