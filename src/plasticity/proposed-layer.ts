import { consolidated, decayed, held } from '../../kernels/consolidate/reference.js';
import { quanta } from '../../kernels/tally/reference.js';
import type { WeightChanges } from '../energy/ledger.js';
import type { Stream } from '../util/rng.js';
import type { CacheSettings } from './cache.js';
import { RandomMask } from './compete.js';
import { Largest } from './largest.js';
import { distanceOf, type LayerTotals, units } from './layer.js';
import type { LayerPolicy } from './policy.js';
import { transposed } from './reference-layer.js';

/** A step through which changes go; it leaves in the array what it lets through, or what was written in the end. */
type Step = (changes: Float32Array) => void;

/**
 * Plastic synapses for a learner that proposes any Δw for each synapse, such as EventProp with any optimiser: the same
 * policies as ReferenceLayer, in float32 and without sorting or allocating. Between its changes nothing touches a
 * transient; decay and maintenance are taken in closed form (s, and when it was last brought up to date).
 *
 * Arrays are in rows of targets: synapse (i, j) at j·sources + i.
 */
export class ProposedLayer {
  /** l + s as they are now. */
  readonly weights: Float32Array;
  private readonly initial: Float32Array;
  private readonly persistent: Float32Array;
  private readonly l0: Uint32Array;
  private readonly l1: Float64Array;
  private readonly cache: Transients | null;
  private readonly propose: Step;
  private steps = 0;

  constructor(
    readonly sources: number,
    readonly targets: number,
    weights: ArrayLike<number>,
    policy: LayerPolicy,
    random: Stream,
  ) {
    const synapses = sources * targets;
    this.weights = Float32Array.from(weights);
    this.initial = this.weights.slice();
    this.persistent = this.weights.slice();
    this.l0 = new Uint32Array(synapses);
    this.l1 = new Float64Array(synapses);
    this.cache = policy.cache
      ? new Transients(sources, targets, policy.cache, policy.order === 'cache-first')
      : null;
    const choose = this.choice(policy, random);
    const persist = (changes: Float32Array) => this.persist(changes);
    const { cache } = this;
    if (cache === null) {
      this.propose = (changes) => {
        choose(changes);
        persist(changes);
      };
    } else if (policy.order === 'compete-first') {
      this.propose = (changes) => {
        choose(changes);
        cache.add(changes, persist);
      };
    } else {
      this.propose = (changes) =>
        cache.add(changes, (offered) => {
          choose(offered);
          persist(offered);
        });
    }
  }

  private choice(policy: LayerPolicy, random: Stream): Step {
    const { sources, targets } = this;
    const { selection, plasticSources, plasticTargets } = policy;
    const subnet: Step = (changes) => {
      for (let j = 0; j < targets; j++) {
        changes.fill(0, j * sources + (j < plasticTargets ? plasticSources : 0), (j + 1) * sources);
      }
    };
    const within: Step = plasticSources < sources || plasticTargets < targets ? subnet : () => {};
    if (selection.kind === 'all') return within;
    if (selection.kind === 'random') {
      const mask = new RandomMask(sources, targets, selection.count, random);
      const kept = new Float32Array(sources * targets);
      return (changes) => {
        within(changes);
        if (selection.redrawn) mask.redraw();
        kept.fill(0);
        for (const entry of mask.entries) {
          const k = (entry >>> 16) * sources + (entry & 0xffff);
          kept[k] = changes[k];
        }
        changes.set(kept);
      };
    }
    if (selection.by !== 'change' || selection.end !== 'largest') {
      throw new Error('proposals compete by the size of the change, the largest first');
    }
    const largest = new Largest(sources, targets);
    return (changes) => {
      within(changes);
      if (selection.per === 'layer') largest.keep(changes, selection.count);
      else {
        for (let j = 0; j < targets; j++)
          largest.keep(changes, selection.count, j * sources, (j + 1) * sources);
      }
    };
  }

  /** l += changes; what is not 0 is counted. */
  private persist(changes: Float32Array): void {
    for (let k = 0; k < changes.length; k++) {
      const change = changes[k];
      if (change === 0) continue;
      this.persistent[k] += change;
      this.l0[k]++;
      this.l1[k] += quanta(change);
    }
  }

  /** Takes proposed changes (the array is written over); weights are then in force for the next samples. */
  learn(changes: Float32Array): void {
    this.steps++;
    this.propose(changes);
    this.putTogether();
  }

  /** Samples go by: transients decay. */
  tick(samples: number): void {
    if (this.cache === null) return;
    this.cache.now += samples;
    if (this.cache.settings.retention !== 1) this.putTogether();
  }

  private putTogether(): void {
    const { weights, persistent, cache } = this;
    weights.set(persistent);
    cache?.addTo(weights);
  }

  /** Consolidates what is left and bills it. */
  finish(): void {
    this.cache?.consolidateAll((changes) => this.persist(changes));
    this.putTogether();
  }

  totals(): LayerTotals {
    const cache = this.cache?.totals();
    return {
      persistentWrites: sum(this.l0),
      persistentChange: units(sum(this.l1)),
      transientWrites: cache?.writes ?? 0,
      transientChange: cache?.change ?? 0,
      maintenance: cache?.maintenance ?? 0,
      residual: cache?.residual ?? 0,
      residualSynapses: cache?.residualSynapses ?? 0,
      ...distanceOf(this.weights, this.initial),
    };
  }

  /** The ledger of each synapse, (i, j) at i·targets + j. */
  changes(): WeightChanges {
    const { sources, targets, cache } = this;
    const bySource = <A extends Uint32Array | Float64Array>(rows: A) => transposed(rows, sources, targets);
    const changes: WeightChanges = { steps: this.steps, l0: bySource(this.l0), l1Quanta: bySource(this.l1) };
    if (cache) {
      cache.settleAll();
      changes.transient = {
        l1Quanta: bySource(cache.l1),
        heldQuanta: bySource(cache.held),
        consolidations: bySource(this.l0),
      };
    }
    return changes;
  }
}

/** Transient weights with the sample at which each was last brought up to date. */
class Transients {
  now = 0;
  private readonly s: Float32Array;
  private readonly since: Float64Array;
  private readonly offer: Float32Array;
  private readonly row: Float32Array;
  /** Largest |s| among the synapses of a target that were just changed: a threshold is crossed nowhere else. */
  private readonly peak: Float32Array;
  private writes = 0;
  readonly l1: Float64Array;
  readonly held: Float64Array;

  constructor(
    private readonly sources: number,
    private readonly targets: number,
    readonly settings: CacheSettings,
    /** Whether what is offered may be refused, and then is offered again. */
    private readonly refusable: boolean,
  ) {
    const synapses = sources * targets;
    this.s = new Float32Array(synapses);
    this.since = new Float64Array(synapses);
    this.offer = new Float32Array(synapses);
    this.row = new Float32Array(sources);
    this.peak = new Float32Array(targets);
    this.l1 = new Float64Array(synapses);
    this.held = new Float64Array(synapses);
  }

  private settle(k: number): void {
    const samples = this.now - this.since[k];
    this.since[k] = this.now;
    if (samples === 0 || this.s[k] === 0) return;
    this.held[k] += quanta(held(this.s[k], samples, this.settings.retention));
    this.s[k] = decayed(this.s[k], samples, this.settings.retention);
  }

  settleAll(): void {
    for (let k = 0; k < this.s.length; k++) this.settle(k);
  }

  /** s += changes; what the rule consolidates is offered, and what that wrote is taken off s. */
  add(changes: Float32Array, next: Step): void {
    const { s, l1, peak, sources, settings } = this;
    for (let j = 0, k = 0; j < this.targets; j++) {
      let largest = 0;
      for (let i = 0; i < sources; i++, k++) {
        const change = changes[k];
        if (change === 0) continue;
        this.settle(k);
        s[k] += change;
        this.writes++;
        l1[k] += quanta(change);
        largest = Math.max(largest, Math.abs(s[k]));
      }
      peak[j] = largest;
    }
    const { rule, threshold } = settings;
    const least = rule === 'sum' ? 0 : threshold;
    this.consolidate(threshold, (j) => this.refusable || peak[j] > least, next);
  }

  consolidateAll(next: Step): void {
    this.consolidate(-1, () => true, next);
  }

  /** @param may whether anything of a target can be consolidated */
  private consolidate(threshold: number, may: (target: number) => boolean, next: Step): void {
    const { s, offer, row, sources, settings } = this;
    let any = false;
    for (let j = 0; j < this.targets; j++) {
      if (!may(j)) continue;
      const start = j * sources;
      for (let i = 0; i < sources; i++) row[i] = this.at(start + i);
      if (!reaches(row, settings.rule, threshold)) continue;
      consolidated(row, settings.rule, threshold).forEach((yes, i) => {
        if (!yes || row[i] === 0) return;
        this.settle(start + i);
        offer[start + i] = s[start + i];
        any = true;
      });
    }
    if (!any) return;
    next(offer);
    for (let k = 0; k < offer.length; k++) s[k] -= offer[k];
    offer.fill(0);
  }

  /** s of a synapse as it is now. */
  private at(k: number): number {
    const { retention } = this.settings;
    return retention === 1 || this.s[k] === 0
      ? this.s[k]
      : decayed(this.s[k], this.now - this.since[k], retention);
  }

  addTo(weights: Float32Array): void {
    if (this.settings.retention === 1) for (let k = 0; k < weights.length; k++) weights[k] += this.s[k];
    else for (let k = 0; k < weights.length; k++) weights[k] += this.at(k);
  }

  totals() {
    this.settleAll();
    let [residual, residualSynapses] = [0, 0];
    for (const s of this.s) {
      residual += Math.abs(s);
      if (s !== 0) residualSynapses++;
    }
    return {
      writes: this.writes,
      change: units(sum(this.l1)),
      maintenance: units(sum(this.held)),
      residual,
      residualSynapses,
    };
  }
}

/** Whether anything of a row is consolidated; most rows are not. */
function reaches(s: Float32Array, rule: CacheSettings['rule'], threshold: number): boolean {
  let [largest, all] = [0, 0];
  for (let i = 0; i < s.length; i++) {
    const size = Math.abs(s[i]);
    if (size > largest) largest = size;
    all += size;
  }
  return (rule === 'sum' ? all : largest) > threshold;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k];
  return total;
}
