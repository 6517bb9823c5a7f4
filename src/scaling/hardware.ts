/** Arithmetic intensity at which a machine turns from waiting for memory to waiting for arithmetic, FLOP/byte. */
export function ridge(peakTflops: number, bandwidthTbPerS: number): number {
  return peakTflops / bandwidthTbPerS;
}

/** Attainable rate at an arithmetic intensity: min(peak, intensity · bandwidth), in TFLOP/s (Williams et al. 2009). */
export function roofline(flopPerByte: number, peakTflops: number, bandwidthTbPerS: number): number {
  return Math.min(peakTflops, flopPerByte * bandwidthTbPerS);
}

/**
 * Tokens per second of one sequence when every weight is read once a token: bandwidth / (N · bytes a weight).
 * An upper bound: the cache of keys and values is read too.
 */
export function decodeTokensPerS(
  parameters: number,
  bytesPerWeight: number,
  bandwidthTbPerS: number,
): number {
  return (bandwidthTbPerS * 1e12) / (parameters * bytesPerWeight);
}

/** Energy of an operation, power over rate, in pJ. */
export function pjPerFlop(watts: number, tflops: number): number {
  return watts / tflops;
}

/** How attention stores what it has read. */
export interface AttentionShape {
  readonly name: string;
  readonly layers: number;
  /** Numbers stored a token and layer. */
  readonly numbersPerLayer: number;
}

/** Keys and values of every head that has its own. */
export function headsCache(name: string, layers: number, heads: number, width: number): AttentionShape {
  return { name, layers, numbersPerLayer: 2 * heads * width };
}

/** Bytes that one token of context takes in the cache. */
export function cacheBytesPerToken({ layers, numbersPerLayer }: AttentionShape, bytesPerNumber = 2): number {
  return layers * numbersPerLayer * bytesPerNumber;
}

/** GB/s of a memory stack: width · pin rate / 8. */
export function stackBandwidthGbPerS(widthBits: number, pinGbps: number): number {
  return (widthBits * pinGbps) / 8;
}
