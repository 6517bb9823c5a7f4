/** What the kernel knows of a projection, written by index.ts. */
import { Distribution } from './draw.wasm';

/** Everything about one projection in one slice; addresses are in the slice's memory. */
@unmanaged
export class Projection {
  connector: i32;
  sources: i32;
  /** The slice's targets: firstTarget … firstTarget + targets - 1 of the target population … */
  firstTarget: i32;
  targets: i32;
  /** … which are the neurons localOffset, localOffset + 1, … of the slice. */
  localOffset: i32;
  allTargets: i32;
  /** Synapses per target or source, the same for all, or an array of them for the slice's targets. */
  degree: i32;
  degrees: usize;
  /** 1: source and target populations are one and no neuron connects to itself. */
  noAutapses: i32;
  noMultapses: i32;
  key0: u32;
  key1: u32;
  /** Bin (source, delay) has index source · delays + delay - firstDelay. */
  cursors: usize;
  delays: i32;
  firstDelay: i32;
  /** 0 counts, 1 writes. */
  write: i32;
  data: usize;
  /**
   * 1: a synapse is target | weight << 16 in four bytes; 0: target in two bytes; 2: these, and f32 at `weights`;
   * 3: weights << shift as i32 [targets/16][sources][16], 0 where there is no synapse, those of one pair added up.
   */
  packed: i32;
  /** Room for 48 words, then for the sources of one target. */
  scratch: usize;
  /** One word per source, zeroed; tells which sources a target has already. */
  marks: usize;
  probability: f64;
  /**
   * A delay is as many steps above `shortest` as there are thresholds that its random word reaches. guide[word >> 24]
   * is how many it reaches at least.
   */
  thresholds: usize;
  guide: usize;
  shortest: i32;
  longest: i32;
  weight: Distribution;
  weights: usize;
  sheet: Sheet;
  shift: i32;
}

/** Where neurons lie, for a probability that falls with distance. Places are pairs of f32, in mm. */
@unmanaged
export class Sheet {
  sources: usize;
  targets: usize;
  /** 0: e^(-d²/2s²); 1: e^(-d/s). */
  profile: i32;
  unused: i32;
  /** s, in mm. */
  length: f64;
  /** Size of a sheet whose edges meet; 0: they do not. */
  width: f64;
  height: f64;
}

export const FIXED_IN_DEGREE = 0;
export const BERNOULLI = 1;
export const ALL_TO_ALL = 2;
export const ONE_TO_ONE = 3;
export const DISTANCE = 4;
