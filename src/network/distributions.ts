import { type Distribution, LARGEST_NORMAL } from '../../kernels/connect/index.js';

export type { Distribution } from '../../kernels/connect/index.js';

/** A value that is the same everywhere, or drawn for each neuron or synapse. */
export type Draw = number | Distribution;

/** A value for each synapse of a list, in its order. */
export interface Given {
  readonly kind: 'given';
  readonly values: Float64Array;
}

/** What the synapses of a projection have: one value, draws, or a value each. */
export type PerSynapse = Draw | Given;

export function isGiven(value: PerSynapse): value is Given {
  return typeof value === 'object' && value.kind === 'given';
}

interface Clip {
  /** Draws below are set to this. */
  low?: number;
  /** Draws above are set to this. */
  high?: number;
}

/** Uniform between two values. */
export function uniform(from: number, to: number): Distribution {
  const [a, b] = from < to ? [from, to] : [to, from];
  return { kind: 'uniform', a, b, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}

/** Normal, clipped to [low, high] if these are given. */
export function normal(
  mean: number,
  sd: number,
  { low = -Infinity, high = Infinity }: Clip = {},
): Distribution {
  return { kind: 'normal', a: mean, b: sd, low, high };
}

/** e^normal(mean, sd): `mean` and `sd` are those of the logarithm. */
export function logNormal(
  mean: number,
  sd: number,
  { low = -Infinity, high = Infinity }: Clip = {},
): Distribution {
  return { kind: 'log-normal', a: mean, b: sd, low, high };
}

/** A draw as a distribution, its values multiplied by a positive `factor`. */
export function scaled(draw: Draw, factor: number): Distribution {
  if (typeof draw === 'number')
    return { kind: 'constant', a: draw * factor, b: 0, low: -Infinity, high: Infinity };
  const { kind, a, b } = draw;
  const clip = { low: draw.low * factor, high: draw.high * factor };
  if (kind === 'log-normal') return { kind, a: a + Math.log(factor), b, ...clip };
  return { kind, a: a * factor, b: b * factor, ...clip };
}

/** Values with another factor. */
export function scaledValues({ values }: Given, factor: number): Float64Array {
  return values.map((value) => value * factor);
}

/** The sizes of draws that all have one sign. */
export function sized(draw: Draw): Distribution {
  const distribution = scaled(draw, 1);
  if (rangeOf(draw)[0] >= 0) return distribution;
  const { kind, a, b, low, high } = distribution;
  const clip = { low: -high, high: -low };
  return kind === 'uniform' ? { kind, a: -a, b: -b, ...clip } : { kind, a: -a, b, ...clip };
}

/** The smallest and largest value that a draw can have, or that there is among given ones. */
export function rangeOf(draw: PerSynapse): [low: number, high: number] {
  if (typeof draw === 'number') return [draw, draw];
  if (isGiven(draw)) {
    const { values } = draw;
    if (values.length === 0) return [0, 0];
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  }
  const { kind, a, b, low, high } = draw;
  const clip = (value: number) => Math.min(Math.max(value, low), high);
  if (kind === 'constant') return [clip(a), clip(a)];
  if (kind === 'uniform') return [clip(Math.min(a, b)), clip(Math.max(a, b))];
  const spread = LARGEST_NORMAL * Math.abs(b);
  if (kind === 'normal') return [clip(a - spread), clip(a + spread)];
  return [clip(Math.exp(a - spread)), clip(Math.exp(a + spread))];
}
