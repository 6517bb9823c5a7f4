/**
 * Philox 4x32-10, a counter-based generator: a block cipher on four 32-bit words. Any number of a stream is
 * had without those before it, so every neuron, synapse and step can have numbers of its own.
 *
 * Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [highA, lowA] = multiply(0xd2511f53, c0);
    const [highB, lowB] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [highB ^ c1 ^ k0, lowB, highA ^ c3 ^ k1, lowA];
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** High and low word of the 64-bit product of two 32-bit words. */
function multiply(a: number, b: number): [number, number] {
  const product = BigInt(a >>> 0) * BigInt(b >>> 0);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/** An alias table of sixteen columns: column i yields i if a coin of 20 bits is below threshold[i], else alias[i]. */
export interface AliasTable {
  threshold: Uint32Array;
  alias: Uint8Array;
}

const COIN = 2 ** 20;

/** Largest mean drawn in one go: the probability of 16 or more is then below the resolution of 2^-24. */
export const LARGEST_LAMBDA = 2.25;

/**
 * The Poisson distribution as an alias table (Walker 1977, in Vose's order), for lambda up to LARGEST_LAMBDA.
 * Probabilities are held in multiples of 2^-24.
 */
export function poissonTable(lambda: number): AliasTable {
  const share = new Float64Array(16);
  let p = Math.exp(-lambda);
  for (let k = 0; k < 16; k++) {
    share[k] = 16 * p;
    p *= lambda / (k + 1);
  }
  const threshold = new Uint32Array(16).fill(COIN);
  const alias = Uint8Array.from({ length: 16 }, (_, i) => i);
  const small = [...share.keys()].filter((k) => share[k] < 1);
  const large = [...share.keys()].filter((k) => share[k] >= 1);
  while (small.length > 0 && large.length > 0) {
    const s = small.pop()!;
    const l = large[large.length - 1];
    threshold[s] = Math.round(share[s] * COIN);
    alias[s] = l;
    share[l] -= 1 - share[s];
    if (share[l] < 1) small.push(large.pop()!);
  }
  return { threshold, alias };
}

/**
 * Poisson count of one neuron in one step: the sum of `parts` draws from `table`.
 *
 * Sixteen neurons and four steps share one block of counters; byte l of the block's random words is neuron l's.
 */
export function poissonCount(
  table: AliasTable,
  parts: number,
  neuron: number,
  step: number,
  key: readonly [number, number],
): number {
  const lane = neuron & 15;
  let count = 0;
  for (let part = 0; part < parts; part++) {
    const byte = (vector: number) => {
      const counter = [neuron >>> 4, step >>> 2, 4 * (vector >> 2) + (lane >> 2), part] as const;
      return (philox(counter, key)[vector & 3] >>> (8 * (lane & 3))) & 255;
    };
    const first = byte(2 * (step & 3));
    const coin = ((first >> 4) << 16) | (byte(2 * (step & 3) + 1) << 8) | byte(8 + (step & 3));
    const column = first & 15;
    count += coin < table.threshold[column] ? column : table.alias[column];
  }
  return Math.min(count, 255);
}
