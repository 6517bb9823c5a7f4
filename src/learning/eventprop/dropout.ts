import type { EventPropConfig } from './config.js';

/**
 * Decides for one sample, spike after spike, whether it is left out: a small generator of its own, so that the
 * choice depends on seed, epoch and position only (xorshift32 of Marsaglia 2003, seeded by a mixing hash).
 */
export function dropper(
  config: Pick<EventPropConfig, 'inputDropout' | 'seed'>,
  epoch: number,
  position: number,
): (() => boolean) | undefined {
  if (config.inputDropout === 0) return undefined;
  const limit = config.inputDropout * 2 ** 32;
  let state = mix32(mix32(mix32(config.seed) ^ epoch) ^ position) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0 < limit;
  };
}

/** A bijective mixing of 32 bits (the finaliser of MurmurHash3). */
function mix32(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
