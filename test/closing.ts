import { afterEach } from 'vitest';

interface Closable {
  close(): Promise<void>;
}

/** Keeps what the tests of a file open, and closes it after each of them: `opened(await build(…))`. */
export function closing<T extends Closable>(): (one: T) => T {
  const open: T[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  return (one) => {
    open.push(one);
    return one;
  };
}
