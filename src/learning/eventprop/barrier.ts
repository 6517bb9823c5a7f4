import { CONTROL } from './layout.js';

/** Looks at the generation this often before going to sleep: a phase lasts some tens of microseconds. */
const SPINS = 2000;

/**
 * Threads meet here between two phases of a batch; the last one to arrive resets the task counter.
 *
 * @param control Int32Array of the layout's control words, on shared memory
 */
export function meet(control: Int32Array, threads: number): void {
  if (threads === 1) {
    control[CONTROL.task] = 0;
    return;
  }
  const generation = Atomics.load(control, CONTROL.generation);
  if (Atomics.add(control, CONTROL.arrived, 1) === threads - 1) {
    Atomics.store(control, CONTROL.arrived, 0);
    Atomics.store(control, CONTROL.task, 0);
    Atomics.add(control, CONTROL.generation, 1);
    Atomics.notify(control, CONTROL.generation);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(control, CONTROL.generation) !== generation) return;
  }
  while (Atomics.load(control, CONTROL.generation) === generation) {
    Atomics.wait(control, CONTROL.generation, generation);
  }
}

/** The next task of this phase, from 0; the caller stops when it is beyond the last. */
export function claim(control: Int32Array): number {
  return Atomics.add(control, CONTROL.task, 1);
}
