import type { Arena } from '../../../kernels/arena.js';
import { POISSON_SCRATCH_BYTES, type RandomKernel } from '../../../kernels/random/index.js';
import { GROUP, type Part } from './layout.js';
import type { PoissonInputPlan } from './plan.js';
import type { Accumulators } from './ring.js';

/** Poisson input of a part of a population: drawn for four steps at once, added to the accumulators step by step. */
export class PoissonInput {
  private readonly table: number;
  private readonly counts: number;
  private readonly scratch: number;
  /** The four steps whose counts are drawn already, as step / 4. */
  private drawn = -1;

  constructor(
    private readonly input: PoissonInputPlan,
    private readonly part: Part,
    private readonly ring: Accumulators,
    arena: Arena,
    private readonly kernel: RandomKernel,
  ) {
    const table = arena.uint8(input.draws.bytes.length);
    table.set(input.draws.bytes);
    this.table = table.byteOffset;
    this.counts = arena.uint8(4 * part.padded).byteOffset;
    this.scratch = arena.uint8(POISSON_SCRATCH_BYTES).byteOffset;
  }

  /** Adds the input of some steps. */
  add(step: number, steps: number): void {
    const { input, part, ring, counts } = this;
    const groups = part.padded / GROUP;
    for (let s = step; s < step + steps; s++) {
      if (s >> 2 !== this.drawn) this.draw(s >> 2);
      const row = ring.at + (input.channel * ring.slots + (s % ring.slots)) * ring.rowBytes + 4 * part.local;
      this.kernel.addCounts(row, counts + (s & 3) * part.padded, groups, input.weight);
    }
  }

  private draw(quad: number): void {
    const { part, counts, table, scratch } = this;
    const { draws, key } = this.input;
    const [first, groups] = [part.from / GROUP, part.padded / GROUP];
    this.kernel.poissonCounts(
      counts,
      part.padded,
      first,
      groups,
      quad,
      draws.parts,
      key[0],
      key[1],
      table,
      scratch,
    );
    this.drawn = quad;
  }
}
