import { RunError } from '../../util/errors.js';
import { CONTROL } from './layout.js';

/** Why training stopped, as a thread writes it into the control words; 0 while all is well. */
export const DIVERGED = { weight: 1, spikes: 2, potential: 3 } as const;

/** Stops a training that has diverged. @param when such as "in epoch 3" */
export function refuseDivergence(control: Int32Array, when: string, theta: number): void {
  const told = (what: string, remedy: string) =>
    new RunError(`training diverged ${when}: ${what}. Lower the learning rate${remedy}.`);
  switch (control[CONTROL.diverged]) {
    case DIVERGED.weight:
      throw told(`a weight moved by more than 1 (the threshold is ${theta}) in one step`, '');
    case DIVERGED.spikes:
      throw told('a layer sent more than 8 spikes a neuron for one sample', ' or the initial weights');
    case DIVERGED.potential:
      throw told('a potential is not finite', ' or the initial weights');
  }
}
