import { stream } from '../../src/index.js';
import { Committee, learnsAll } from './committee.js';
import { committeeBound, coverShare } from './cover.js';

export const NEURONS = ['point neuron', 'branches', 'two layers'] as const;
export type Neuron = (typeof NEURONS)[number];

interface Settings {
  readonly synapses: number;
  readonly branches: number;
  readonly trials: number;
  readonly sweeps: number;
}

/** Which inputs each branch sees. */
function wiringOf(neuron: Neuron, { synapses, branches }: Settings): number[][] {
  const all = Array.from({ length: synapses }, (_, i) => i);
  if (neuron === 'point neuron') return [all];
  if (neuron === 'two layers') return Array.from({ length: branches }, () => all);
  const each = synapses / branches;
  return Array.from({ length: branches }, (_, b) => all.slice(b * each, (b + 1) * each));
}

/**
 * Share of random dichotomies of normal patterns that a neuron learns at a load of P/N, and Cover's share (point
 * neuron) or the bound of it (the others). The soma asks for a majority of the branches; of two, for one.
 */
export function capacityPoints(neuron: Neuron, load: number, settings: Settings, seed: number) {
  const { synapses, trials, sweeps } = settings;
  const wiring = wiringOf(neuron, settings);
  const patterns = Math.round(load * synapses);
  // All neurons meet the same dichotomies.
  const task = stream(seed, `dichotomies/${load}`);
  const start = stream(seed, `weights/${neuron}/${load}`);
  let learnt = 0;
  for (let trial = 0; trial < trials; trial++) {
    const xs = Array.from({ length: patterns }, () =>
      Float64Array.from({ length: synapses }, () => task.normal()),
    );
    const targets = xs.map(() => task.uniform() < 0.5);
    const committee = new Committee(wiring, Math.ceil(wiring.length / 2), () => start.normal());
    if (learnsAll(committee, xs, targets, sweeps)) learnt++;
  }
  const share = learnt / trials;
  return {
    neuron,
    weights: wiring.flat().length,
    patterns,
    load,
    share,
    error: Math.sqrt((share * (1 - share)) / trials),
    theory:
      wiring.length === 1
        ? coverShare(patterns, synapses)
        : committeeBound(patterns, wiring[0].length, wiring.length),
  };
}
