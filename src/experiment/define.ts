import type { PlotOptions } from '@observablehq/plot';
import type { z } from 'zod';
import type { Ledger } from '../energy/ledger.js';

/** How much of an experiment to run: a sketch for the classroom, the defaults, or everything. */
export type Preset = 'quick' | 'default' | 'full';

/** What a run is given besides its configuration. */
export interface RunContext {
  readonly preset: Preset;
  /** First seed; every random stream of the run is derived from one of `seeds` by name. */
  readonly seed: number;
  /** `seed`, `seed + 1`, …: one replicate each (`--seeds n`). */
  readonly seeds: readonly number[];
  /** Worker threads that the run may use. */
  readonly threads: number;
  /** What shall advance simulated networks; see engineOf. */
  readonly engine: EngineName;
  /** The backend asked for, of tfjs or of the engine 'tensor'; 'auto' means the best one present. */
  readonly backend: BackendChoice;
  /** Aborted on Ctrl-C. A run stops its workers and rejects with InterruptedError soon after. */
  readonly signal: AbortSignal;
  /**
   * Folder where finished parts of a long run may be kept (see sweep.ts), so that a run that was interrupted goes on
   * from there; it is removed when a run finishes. null where nothing shall be kept.
   */
  readonly scratch: string | null;
  /** Tells how far the run is: `done` of `total` units of work, and what is being done now. */
  progress(done: number, total: number, doing: string): void;
  /**
   * Notes a fact about how the run was carried out (durations, counts of the machine) for manifest.json, as plain
   * JSON; figures and claims see it as `recorded`.
   * The key 'backend' tells the backend used: its name, or an object with the name as `used`; 'engine' the engine.
   */
  record(key: string, value: unknown): void;
}

export type EngineName = 'event' | 'tensor';

export type BackendChoice = 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

/** What a run brings home. All of it is written to the run folder, and everything shown is derived from it. */
export interface RunOutput<Metrics> {
  /**
   * Plain JSON, the same for the same configuration and seeds: no times, no dates, no machine. Numbers are
   * finite (null where there is none): NaN would be lost in a file, so a run that returns one has failed.
   */
  metrics: Metrics;
  /** Counts of what the networks did. Joules are not in here: they are priced afterwards. */
  ledgers?: Ledger[];
}

/** A finished run, read back or just made: all that figures, tables, claims and texts may depend on. */
export interface RunView<Config, Metrics> {
  readonly config: Config;
  readonly preset: Preset;
  readonly seeds: readonly number[];
  readonly metrics: Metrics;
  readonly ledgers: readonly Ledger[];
  /**
   * What the run noted with `record`. Times that were measured are here: they are those of one run on one machine, and
   * whatever is shown of them must say so.
   */
  readonly recorded?: Readonly<Record<string, unknown>>;
}

/** A check against a published or derived number, with its tolerance. */
export interface Claim {
  name: string;
  value: number;
  /** The number expected, or the end of a one-sided bound. */
  expected: number;
  /** |value - expected| <= tolerance passes; with `bound`, value >= expected - tolerance ('at least') or <= expected + tolerance. */
  tolerance: number;
  bound?: 'at least' | 'at most';
  unit?: string;
  /** Where the expected number comes from: paper, DOI, closed form. */
  source: string;
}

export type Cell = string | number | null;

/** Rows with named columns; written as CSV, shown in the report, the first one also on stdout. */
export interface Table {
  /** File name without ending: small letters, digits, dashes. */
  name: string;
  title: string;
  /** `digits`: significant digits shown (4 if left out); the CSV has them all. */
  columns: { key: string; label: string; unit?: string; digits?: number }[];
  rows: Record<string, Cell>[];
  /** By which keys of the rows the reader of a report can choose among them; keys with few values, shown or not. */
  filters?: { key: string; label: string }[];
}

/** One picture: written as SVG, with the rows it draws as CSV. */
export interface Figure {
  /** File name without ending: small letters, digits, dashes. */
  name: string;
  title: string;
  /** What to see in it, in one or two sentences; the alternative text of the picture. */
  caption: string;
  /**
   * Observable Plot options; the renderer adds size, font and the colours of the house. Axis labels carry their
   * unit. `color: { legend: true, label }` and `symbol: { legend: true }` draw a legend into the picture.
   */
  plot: PlotOptions;
  /** The data behind the picture. */
  rows: Record<string, Cell>[];
}

/** One question, asked of a network or of data: everything that the command line needs to run and show it. */
export interface Experiment<Schema extends z.ZodObject = z.ZodObject, Metrics = unknown> {
  /** Name on the command line; equals the file name. */
  id: string;
  title: string;
  question: string;
  /** What the reader is asked to guess before looking at the figures. */
  prediction: string;
  /** Strict schema; every key has a default and a description, from which `--help` is made. */
  config: Schema;
  /** Changes to the defaults under `--quick` and `--full`. */
  presets: { quick: Partial<z.input<Schema>>; full: Partial<z.input<Schema>> };
  run(config: z.output<Schema>, context: RunContext): Promise<RunOutput<Metrics>>;
  tables(view: RunView<z.output<Schema>, Metrics>): Table[];
  figures(view: RunView<z.output<Schema>, Metrics>): Figure[];
  claims(view: RunView<z.output<Schema>, Metrics>): Claim[];
  /** The answer in two sentences, computed from the data. */
  finding(view: RunView<z.output<Schema>, Metrics>): string;
  /** What the reader must not conclude, and why. */
  caveats(view: RunView<z.output<Schema>, Metrics>): string[];
}

/** Declares an experiment; a file in experiments/ (or a user's own) exports the result as its default. */
export function defineExperiment<Schema extends z.ZodObject, Metrics>(
  experiment: Experiment<Schema, Metrics>,
): Experiment<Schema, Metrics> {
  return experiment;
}

/** Whether a claim holds. A value that is not a number never does. */
export function holds(claim: Claim): boolean {
  const excess = claim.value - claim.expected;
  if (claim.bound === 'at least') return excess >= -claim.tolerance;
  if (claim.bound === 'at most') return excess <= claim.tolerance;
  return Math.abs(excess) <= claim.tolerance;
}
