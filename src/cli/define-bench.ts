import type { z } from 'zod';

/** What a bench is given besides its options. */
export interface BenchContext {
  readonly signal: AbortSignal;
  progress(done: number, total: number, doing: string): void;
}

/**
 * A measurement of speed: one file in src/cli/bench/ (or in experiments/bench/, if it needs a network from
 * models/), named as the bench, with this as its default export.
 * Every key of the schema is an option on the command line (hiddenUnits → --hidden-units).
 */
export interface Bench<Schema extends z.ZodObject = z.ZodObject> {
  description: string;
  /** Strict schema; every key has a default and a description. */
  options: Schema;
  /** Measures; the result is what `--json` prints. Medians or minima of repeats, never one time alone. */
  run(options: z.output<Schema>, context: BenchContext): Promise<Record<string, unknown>>;
}

/** Declares a bench. */
export function defineBench<Schema extends z.ZodObject>(bench: Bench<Schema>): Bench<Schema> {
  return bench;
}
