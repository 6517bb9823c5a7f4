import seedrandom from 'seedrandom';

/** A stream of random numbers with a name of its own; the global generator is never touched. */
export interface Stream {
  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number;
  /** Standard normal (Box-Muller, one value a call, the second of each pair is kept). */
  normal(): number;
  /** Integer in [0, n). */
  integer(n: number): number;
  /** A random order of 0 … n-1 (Fisher-Yates). */
  permutation(n: number): Uint32Array;
}

/**
 * The random stream called `name` of the experiment with seed `seed`. Streams of different names are
 * independent, so that drawing more numbers in one place changes nothing in another.
 *
 * Generator: Alea (Baagøe), as packaged by seedrandom.
 */
export function stream(seed: number | string, name: string): Stream {
  const next = seedrandom.alea(`${seed}/${name}`);
  let spare: number | undefined;

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  function permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      const held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }

  return { uniform: next, normal, integer: (n) => Math.floor(next() * n), permutation };
}
