import type { NeuronModel } from '../../kernels/compile/index.js';
import { UsageError } from '../util/errors.js';

/** Stands for neurons whose spikes are given: it does nothing of itself. */
export const spikeSourceModel: NeuronModel = {
  name: 'spike-source',
  equations: 'dV/dt = 0/ms',
  threshold: 'V >= 1',
  reset: 'V = 0',
  parameters: { ms: [1, 'ms'] },
  state: { V: [0, ''] },
  receptors: {},
  integrator: 'exact',
};

/**
 * Steps of given spikes: a spike found in step n is at (n + 1)·dt.
 * @param timesMs of one neuron
 * @throws UsageError if a time is not on or after the first step, or two fall into one step
 */
export function spikeSteps(timesMs: ArrayLike<number>, dtMs: number, where: string): Int32Array {
  const steps = Int32Array.from(timesMs, (ms) => {
    const step = Math.round(ms / dtMs) - 1;
    if (!(step >= 0 && step < 2 ** 31))
      throw new UsageError(`a spike at ${ms} ms`, where, `Give times from ${dtMs} ms on.`);
    return step;
  }).sort();
  for (let k = 1; k < steps.length; k++)
    if (steps[k] === steps[k - 1])
      throw new UsageError(
        `two spikes at ${((steps[k] + 1) * dtMs).toFixed(3)} ms`,
        where,
        `A neuron sends at most one in a time step of ${dtMs} ms.`,
      );
  return steps;
}

/**
 * A current, or any other parameter, that changes in steps: from timesMs[i] until the next time it is values[i];
 * before the first it is 0. It is added to what the population's own parameter says.
 */
export interface StepInput<Target> {
  readonly name: string;
  readonly target: Target;
  readonly parameter: string;
  /** Neurons of the target that get it; null: all. */
  readonly neurons: readonly number[] | null;
  readonly timesMs: readonly number[];
  /** In the unit of the parameter. */
  readonly values: readonly number[];
}

/** Refuses tables that are none. */
export function requireSteps(
  { timesMs, values, neurons }: Omit<StepInput<unknown>, 'name' | 'target' | 'parameter'>,
  size: number,
  where: string,
): void {
  if (timesMs.length !== values.length || timesMs.length === 0)
    throw new UsageError(
      `${timesMs.length} times and ${values.length} values`,
      where,
      'Give a value a time.',
    );
  if (!values.every(Number.isFinite))
    throw new UsageError('a value is not finite', `${where}, values`, 'Give numbers.');
  const wrong = timesMs.findIndex(
    (ms, k) => !(ms >= 0 && Number.isFinite(ms) && (k === 0 || ms > timesMs[k - 1])),
  );
  if (wrong >= 0)
    throw new UsageError(
      `time ${wrong} is ${timesMs[wrong]} ms`,
      `${where}, timesMs`,
      'Give rising times from 0 on.',
    );
  const outside = neurons?.find((n) => !(Number.isInteger(n) && n >= 0 && n < size));
  if (outside !== undefined)
    throw new UsageError(
      `there is no neuron ${outside}`,
      `${where}, neurons`,
      `Count from 0 to ${size - 1}.`,
    );
}
