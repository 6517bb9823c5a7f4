import type { Kernels } from '../../plasticity/fast-memory.js';

type Part = Exclude<keyof Kernels, 'arena'>;

/** Milliseconds spent in each kernel. Two readings of the clock a call cost some 0.1 µs. */
export class Stopwatch {
  private spent: Partial<Record<Part, number>> = {};

  reset(): void {
    this.spent = {};
  }

  around({ arena, ...parts }: Kernels): Kernels {
    const timed = Object.entries(parts).map(([name, kernel]) => [name, this.timed(name as Part, kernel)]);
    return { arena, ...Object.fromEntries(timed) };
  }

  private timed(part: Part, kernel: object): object {
    const entries = Object.entries(kernel)
      .filter(([, value]) => typeof value === 'function')
      .map(([name, work]) => [
        name,
        (...args: number[]) => {
          const started = performance.now();
          const result = work(...args);
          this.spent[part] = (this.spent[part] ?? 0) + performance.now() - started;
          return result;
        },
      ]);
    return Object.fromEntries(entries);
  }

  shares(totalMs: number): Record<string, number> {
    return Object.fromEntries(Object.entries(this.spent).map(([part, ms]) => [part, ms / totalMs]));
  }
}
