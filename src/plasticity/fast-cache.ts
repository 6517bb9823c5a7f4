import { RULE_NUMBER } from '../../kernels/consolidate/index.js';
import { held } from '../../kernels/consolidate/reference.js';
import type { CacheSettings } from './cache.js';
import type { FastLayer } from './fast-layer.js';
import { addressesOf, type FastCounts, fastCounts, type Kernels } from './fast-memory.js';
import { units } from './layer.js';

/** Below this scale the origin of time is moved; float32 has room for far smaller ones. */
const SMALLEST_SCALE = 2 ** -20;

/**
 * A transient of just θ is not above it; but scale·u is rounded, and so is a sum of many. What exceeds θ by less
 * than this share does not count as above.
 */
export const SLACK = 2 ** -20;

/** The transient weights of a FastLayer: s = scale·u, so that decay costs one multiplication a layer. */
export class FastCache {
  /** u, rows of the layer's stride. */
  readonly u: Float32Array;
  readonly detail: FastCounts | null;
  /** Maintenance of each synapse in quanta, or null if only totals are kept. */
  readonly maintained: Float64Array | null;
  private readonly since: Float64Array | null;
  /** Σ|u| of each row. */
  private readonly held: Float64Array;
  private readonly peak: Float32Array;
  /** What consolidation came to: [writes, quanta, rows]. */
  private readonly out: Float64Array;
  /** What decay has left of a transient written at the origin. */
  scale = 1;
  /** Σ scale over the presentations since the origin. */
  private clock = 0;
  /** The clock when every synapse was last billed. */
  private settledAt = 0;
  private writes = 0;
  private quanta = 0;
  private maintenance = 0;

  constructor(
    private readonly kernels: Kernels,
    readonly settings: CacheSettings,
    private readonly layer: FastLayer,
    private readonly persistentDetail: FastCounts | null,
    perSynapse: boolean,
  ) {
    const { arena } = kernels;
    const length = layer.persistent.length;
    this.u = arena.float32(length);
    this.held = arena.float64(layer.targets);
    this.peak = arena.float32(layer.targets);
    this.out = arena.float64(3);
    this.detail = perSynapse ? fastCounts(arena, length) : null;
    this.maintained = perSynapse ? arena.float64(length) : null;
    this.since = perSynapse ? arena.float64(length) : null;
  }

  tick(presentations: number): void {
    const elapsed = held(this.scale, presentations, this.settings.retention);
    this.clock += elapsed;
    this.maintenance += elapsed * this.heldTotal();
    this.scale *= this.settings.retention ** presentations;
    if (this.scale < SMALLEST_SCALE) this.moveOrigin();
  }

  private heldTotal(): number {
    let total = 0;
    for (let j = 0; j < this.held.length; j++) total += this.held[j];
    return total;
  }

  private moveOrigin(): void {
    this.settle();
    this.kernels.consolidate.rescale(this.u.byteOffset, this.scale, this.u.length);
    for (let j = 0; j < this.held.length; j++) this.held[j] *= this.scale;
    this.startClock();
  }

  /** While there is no transient the origin of time is free; scale = 1 stores the next changes without rounding. */
  private startAfreshIfEmpty(): void {
    if (this.scale !== 1 && this.heldTotal() === 0) this.startClock();
  }

  private startClock(): void {
    this.since?.fill(0);
    this.clock = 0;
    this.settledAt = 0;
    this.scale = 1;
  }

  /** Bills maintenance of every synapse up to now. */
  settle(): void {
    if (!this.maintained || !this.since || this.settledAt === this.clock) return;
    this.settledAt = this.clock;
    const [since, maintained] = [this.since.byteOffset, this.maintained.byteOffset];
    this.kernels.consolidate.settleMaintenance(
      this.u.byteOffset,
      since,
      maintained,
      this.clock,
      this.u.length,
    );
  }

  settleListed(list: number, count: number): void {
    if (!this.maintained || !this.since) return;
    this.kernels.consolidate.settleEntries(
      this.u.byteOffset,
      this.since.byteOffset,
      this.maintained.byteOffset,
      this.clock,
      list,
      count,
      this.layer.stride,
    );
  }

  drive(x: number, y: number): void {
    const { persistent, targets, stride } = this.layer;
    this.kernels.layer.driveCached(
      persistent.byteOffset,
      this.u.byteOffset,
      this.scale,
      x,
      y,
      targets,
      stride,
    );
  }

  /** Writes l + s to an address. */
  merge(to: number): void {
    const { persistent } = this.layer;
    this.kernels.layer.effective(to, persistent.byteOffset, this.u.byteOffset, this.scale, persistent.length);
  }

  writeOuter(x: number, g: number, rows: number): void {
    this.startAfreshIfEmpty();
    const [held, peak] = [this.held.byteOffset, this.peak.byteOffset];
    this.kernels.consolidate.writeOuter(
      this.u.byteOffset,
      x,
      g,
      1 / this.scale,
      held,
      peak,
      rows,
      this.layer.stride,
    );
  }

  writeListed(x: number, g: number, list: number, count: number): void {
    this.startAfreshIfEmpty();
    this.kernels.consolidate.writeEntries(
      this.u.byteOffset,
      x,
      g,
      1 / this.scale,
      this.held.byteOffset,
      this.peak.byteOffset,
      list,
      count,
      this.layer.stride,
    );
  }

  /** Takes changes of any shape, and what they were counted as. */
  writeChanges(changes: Float32Array, [writes, quanta]: Float64Array): void {
    this.settle();
    this.startAfreshIfEmpty();
    this.count(writes, quanta);
    this.kernels.consolidate.writeChanges(
      this.u.byteOffset,
      changes.byteOffset,
      1 / this.scale,
      this.held.byteOffset,
      this.peak.byteOffset,
      this.layer.targets,
      this.layer.stride,
    );
  }

  /** Writes to `offered` what the rule would consolidate; false if it is nothing. */
  offer(offered: Float32Array): boolean {
    return (
      this.kernels.consolidate.offer(
        this.u.byteOffset,
        this.scale,
        this.settings.threshold * (1 + SLACK),
        RULE_NUMBER[this.settings.rule],
        this.held.byteOffset,
        this.layer.targets,
        this.layer.stride,
        offered.byteOffset,
      ) !== 0
    );
  }

  /** Consolidates what was kept of an offer. */
  take(kept: Float32Array): void {
    const { persistent, targets, stride } = this.layer;
    this.settle();
    this.out.fill(0);
    this.kernels.consolidate.take(
      persistent.byteOffset,
      this.u.byteOffset,
      kept.byteOffset,
      this.held.byteOffset,
      targets,
      stride,
      this.out.byteOffset,
      ...addressesOf(this.persistentDetail),
    );
    this.layer.count(this.out[0], this.out[1]);
  }

  /** Takes writes of transients, and their quanta, into the totals. */
  count(writes: number, quanta: number): void {
    this.writes += writes;
    this.quanta += quanta;
  }

  consolidate(): void {
    this.consolidateAbove(this.settings.threshold * (1 + SLACK), RULE_NUMBER[this.settings.rule]);
  }

  consolidateAll(): void {
    this.consolidateAbove(-1, RULE_NUMBER.sum);
  }

  private consolidateAbove(threshold: number, rule: number): void {
    const { persistent, targets, stride } = this.layer;
    // A consolidated synapse stops costing maintenance; where each is billed, that is now.
    if (this.maintained) this.settle();
    this.out.fill(0);
    this.kernels.consolidate.consolidate(
      persistent.byteOffset,
      this.u.byteOffset,
      this.scale,
      threshold,
      rule,
      this.held.byteOffset,
      this.peak.byteOffset,
      targets,
      stride,
      this.out.byteOffset,
      ...addressesOf(this.persistentDetail),
    );
    this.layer.count(this.out[0], this.out[1]);
  }

  /** s at index k of the padded rows. */
  at(k: number): number {
    return this.scale * this.u[k];
  }

  /** Σ of the maintenance of each synapse. */
  private billed(): number {
    this.settle();
    return units(this.maintained!.reduce((sum, quanta) => sum + quanta, 0));
  }

  totals() {
    return {
      transientWrites: this.writes,
      transientChange: units(this.quanta),
      maintenance: this.maintained ? this.billed() : this.maintenance,
      residual: this.scale * this.heldTotal(),
      residualSynapses: this.u.reduce((count, u) => count + (u === 0 ? 0 : 1), 0),
    };
  }
}
