import { consolidated, decayed, held, type Rule } from '../../kernels/consolidate/reference.js';
import { quanta } from '../../kernels/tally/reference.js';
import type { Stage, WriteCounts } from './stage.js';

export type { Rule } from '../../kernels/consolidate/reference.js';

export interface CacheSettings {
  rule: Rule;
  /** θ; a transient is consolidated strictly above it. */
  threshold: number;
  /** d: what is left of a transient after one presentation; 1 means no decay. */
  retention: number;
}

/** Retention of a perceptron's transients in the published code: 1 - 1/τ. */
export function linearRetention(tau: number): number {
  return 1 - 1 / tau;
}

/** Retention of a multilayer perceptron's transients in the published code: exp(-1/τ). */
export function exponentialRetention(tau: number): number {
  return Math.exp(-1 / tau);
}

/**
 * Transient weights, each with the presentation at which it was last brought up to date: between its updates
 * nothing touches a synapse, decay and maintenance are taken in closed form.
 */
export class TransientMemory {
  private readonly s: Float64Array;
  private readonly updatedAt: Float64Array;
  /** Maintenance Σ|s| of each synapse, one term a presentation, in quanta. */
  readonly heldQuanta: Float64Array;

  constructor(
    private readonly sources: number,
    readonly targets: number,
    private readonly settings: CacheSettings,
    private readonly counts: WriteCounts,
  ) {
    this.s = new Float64Array(sources * targets);
    this.updatedAt = new Float64Array(sources * targets);
    this.heldQuanta = new Float64Array(sources * targets);
  }

  /** s of a synapse as it is now. */
  at(k: number, now: number): number {
    return decayed(this.s[k], now - this.updatedAt[k], this.settings.retention);
  }

  private settle(k: number, now: number): void {
    const presentations = now - this.updatedAt[k];
    this.heldQuanta[k] += quanta(held(this.s[k], presentations, this.settings.retention));
    this.s[k] = decayed(this.s[k], presentations, this.settings.retention);
    this.updatedAt[k] = now;
  }

  /**
   * Adds changes to s; where the rule asks for it, s is offered to the next stage, and what that wrote is taken
   * off s. All changes offered to the cache are written.
   */
  stage(next: Stage): Stage {
    return (changes, now) => {
      changes.forEach((change, k) => {
        if (change === 0) return;
        this.settle(k, now);
        this.s[k] += change;
        this.counts.l0[k]++;
        this.counts.l1Quanta[k] += quanta(change);
      });
      this.consolidate(this.settings.threshold, now, next);
    };
  }

  /** Consolidates everything, whatever the threshold: the end of learning. */
  consolidateAll(now: number, next: Stage): void {
    this.consolidate(-1, now, next);
  }

  private consolidate(threshold: number, now: number, next: Stage): void {
    const offer = new Float64Array(this.s.length);
    let any = false;
    for (let j = 0; j < this.targets; j++) {
      const start = j * this.sources;
      const row = Array.from({ length: this.sources }, (_, i) => this.at(start + i, now));
      consolidated(row, this.settings.rule, threshold).forEach((yes, i) => {
        if (!yes || row[i] === 0) return;
        this.settle(start + i, now);
        offer[start + i] = this.s[start + i];
        any = true;
      });
    }
    if (!any) return;
    next(offer, now);
    for (let k = 0; k < offer.length; k++) this.s[k] -= offer[k];
  }

  /** Bills maintenance up to now. */
  settleAll(now: number): void {
    for (let k = 0; k < this.s.length; k++) this.settle(k, now);
  }
}
