import { Emitter, Injector } from './inject.js';
import type { PartState } from './place-part.js';
import type { PopulationPlan } from './plan.js';
import type { Sleep } from './sleep.js';
import type { SliceNeurons } from './slice-neurons.js';
import { inTrials } from './trials.js';
import type { WindowSpikes } from './window-spikes.js';

/** Takes a part of a population through a window that begins with `step`. */
export type Advance = (step: number, steps: number) => void;

/** How a part goes through a window: it sends given spikes, sleeps, lives in trials, is injected, or is just updated. */
export function advanceOf(
  part: PartState,
  { emits, trials, injections }: PopulationPlan,
  sleep: Sleep | null,
  neurons: SliceNeurons,
  spikes: WindowSpikes,
): Advance {
  if (part.count === 0) return () => {};
  if (emits !== null) return emitting(new Emitter(emits, part), part, spikes);
  if (sleep !== null)
    return (step, steps) => {
      const reached = sleep.advance(step, steps, (first, groups, from, n) =>
        neurons.update(part, step, from - step, n, first, groups),
      );
      neurons.updates[part.population] += reached;
    };
  if (trials !== null) return inTrialsOf(trials, part, neurons);
  if (injections.length === 0) return (step, steps) => neurons.updateAwake(part, step, 0, steps);
  const injector = new Injector(injections, part, (variable) => neurons.stored(part, variable));
  return (step, steps) =>
    injector.advance(step, steps, (from, n) => neurons.updateAwake(part, step, from, from + n));
}

function emitting(emitter: Emitter, { population }: PartState, spikes: WindowSpikes): Advance {
  return (step, steps) => {
    for (let i = 0; i < steps; i++) {
      const n = emitter.take(step + i, spikes.words, spikes.list(population, i) >> 2);
      spikes.words[spikes.countAddress(population, i) >> 2] = n;
    }
  };
}

/** Between two trials the state stands as it was, and is recorded so. */
function inTrialsOf(
  trials: NonNullable<PopulationPlan['trials']>,
  part: PartState,
  neurons: SliceNeurons,
): Advance {
  const initial = neurons.stateWords(part).slice();
  return (step, steps) =>
    inTrials(trials, step, steps, {
      begin: () => neurons.stateWords(part).set(initial),
      advance: (from, to) => neurons.updateAwake(part, step, from, to),
      pass: (i) => {
        neurons.forgetInput(part, step + i);
        neurons.record(part);
      },
    });
}
