import type { PairRule } from './reference.js';

export { type PairRule, pairStdp } from './reference.js';

/** What dist/kernels/stdp.wasm exports; `plastic` is the address of what `writePlastic` wrote. */
export interface StdpKernel {
  deliverPlastic(
    plastic: number,
    spikes: number,
    n: number,
    step: number,
    acc: number,
    efficacies: number,
  ): void;
  settle(plastic: number, upTo: number): void;
  recordsFull(plastic: number, neurons: number, n: number): number;
  record(plastic: number, neurons: number, n: number, step: number): void;
  rebase(plastic: number, records: number, n: number, shift: number): void;
}

/** Bytes of the kernel's Plastic, of the record of a target and of the state of a source. */
export const PLASTIC_BYTES = 168;
export const RECORD_BYTES = 32;
export const SOURCE_WORDS = 3;

/** A source that never spiked: `last` is long ago, and there is nothing to settle. */
export const NEVER_SPIKED = { last: -(2 ** 30), settled: 2 ** 30 };

/** What an empty place in a record holds. */
export const EMPTY = -32768;

/** Σ|Δw| is counted in 2^-23 of the largest weight, rounded up to a power of two. */
export function ledgerQuantum(maxWeight: number): number {
  return 2 ** (Math.ceil(Math.log2(maxWeight)) - 23);
}

/** e^(-k/τ) for k = 0, 1, … until it is below half an ulp of 1; then 0. */
export function decayTable(tauSteps: number): Float32Array {
  const length = Math.ceil(25 * Math.LN2 * tauSteps);
  return Float32Array.from({ length: length + 1 }, (_, k) => (k < length ? Math.exp(-k / tauSteps) : 0));
}

/** Where a Plastic finds its arrays. */
export interface PlasticPlaces {
  rows: number;
  targets: number;
  weights: number;
  records: number;
  sources: number;
  sourceCount: number;
  delay: number;
  base: number;
  plusTable: number;
  plusLength: number;
  minusTable: number;
  minusLength: number;
  /** Quanta of the accumulator for a weight of 1. */
  quanta: number;
}

/** Writes a Plastic for the kernel; its counters start at 0. */
export function writePlastic(view: DataView, at: number, places: PlasticPlaces, rule: PairRule): void {
  const growing = rule.form === 'power-law';
  const { lambda, alpha, maxWeight, referenceWeight } = rule;
  const words = [
    places.rows,
    places.targets,
    places.weights,
    places.records,
    places.sources,
    places.sourceCount,
    places.delay,
    places.base,
    EMPTY,
    places.plusTable,
    places.plusLength,
    places.minusTable,
    places.minusLength,
    Number(rule.nearest),
    Number(growing),
  ];
  words.forEach((word, i) => {
    view.setInt32(at + 4 * i, word, true);
  });
  const floats = [
    rule.muPlus,
    growing ? 1 : rule.muMinus,
    1 / (growing ? referenceWeight : maxWeight),
    1 / maxWeight,
    lambda * (growing ? referenceWeight : maxWeight),
    lambda * alpha * maxWeight,
    maxWeight,
    places.quanta,
    1 / ledgerQuantum(maxWeight),
  ];
  floats.forEach((value, i) => {
    view.setFloat32(at + 60 + 4 * i, value, true);
  });
  POWER_CONSTANTS.forEach((value, i) => {
    if (i < 2) view.setInt32(at + COUNTERS + 16 + 4 * i, value, true);
    else view.setFloat32(at + COUNTERS + 16 + 4 * i, value, true);
  });
  view.setBigInt64(at + COUNTERS, 0n, true);
  view.setBigInt64(at + COUNTERS + 8, 0n, true);
}

/** Σ|Δw| and number of changes lie behind the 24 words. */
const COUNTERS = 96;

/** Constants of power.wasm.ts: two words, then floats; the polynomials are fitted for the least largest error. */
const POWER_CONSTANTS = [
  // Bits of √½, mask of the mantissa.
  0x3f3504f3,
  0x007fffff,
  // Of the ledger: 2^23.
  2 ** 23,
  1,
  1.5 * 2 ** 23,
  // log2((1 + s)/(1 - s)) = s (a + b s² + c s⁴).
  2.88539129,
  0.96147094,
  0.59896972,
  // 2^f = 1 + a f + b f² + …
  0.69314698,
  0.24022242,
  0.05550734,
  0.0096715,
  0.00132646,
];

/** What the kernel has counted: the number of changes (L0) and Σ|Δw| in ledger quanta (L1). */
export function plasticCounts(view: DataView, at: number): { l0: bigint; l1: bigint } {
  return { l1: view.getBigInt64(at + COUNTERS, true), l0: view.getBigInt64(at + COUNTERS + 8, true) };
}
