import { setMaxListeners } from 'node:events';

/** A signal that Ctrl-C aborts, until it is released. */
export interface Interrupt {
  readonly signal: AbortSignal;
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Catches Ctrl-C (and a polite kill): the first aborts the signal and gives the work time to stop and to mark
 * its folder; a second one ends the process at once, and the folder stays hidden and marked unfinished.
 */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  // Every job that waits in a pool listens: more than ten are no leak.
  setMaxListeners(0, controller.signal);
  const handle = () => {
    if (controller.signal.aborted) process.exit(130);
    const clear = process.stderr.isTTY ? '\r\x1b[K' : '';
    process.stderr.write(`${clear}stopping; press Ctrl-C again to stop at once\n`);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    release() {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
