import { Barrier } from '../../util/barrier.js';
import { CONTROL } from './layout.js';

/** Shares out tasks 0 … count-1 among the threads and waits until all are done; every thread calls it. */
export type Phase = (count: number, work: (task: number) => void) => void;

export function sharedPhases(control: Int32Array, threads: number): Phase {
  const barrier = new Barrier(control, threads);
  /** The next task of this phase, from 0. */
  const claim = () => Atomics.add(control, CONTROL.task, 1);
  return (count, work) => {
    for (let task = claim(); task < count; task = claim()) work(task);
    barrier.meet(() => Atomics.store(control, CONTROL.task, 0));
  };
}
