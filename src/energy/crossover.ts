import { type BillPart, energyFj, makeBill } from './bill.js';
import type { Ledger } from './ledger.js';
import type { Tariff } from './tariff.js';

/** Work of a spiking network that grows with its spikes; the rest (neuron updates) is done in silence too. */
const BY_SPIKES: BillPart = { phases: ['inference'], units: ['transmission', 'spike', 'activationByte'] };

/**
 * Mean spikes of a source in a time step, sources weighted by their synapses: the share of all synapses and steps at
 * which a spike arrives.
 *
 * @param steps time steps of a window
 */
export function spikeRate({ layers, inferences }: Ledger, steps: number): number {
  let arrived = 0;
  let possible = 0;
  for (const layer of layers) {
    if (layer.channel !== 'spike') throw new RangeError(`layer '${layer.name}' has no spikes`);
    arrived += layer.targets * layer.inferenceSpikes.reduce((sum, n) => sum + n, 0);
    possible += layer.targets * layer.sources * steps * inferences;
  }
  return arrived / possible;
}

export interface Crossover {
  /** Spikes a source and step: the rate of the network as it is. */
  rate: number;
  /**
   * The rate below which it costs less than its rival per inference, all spikes being thinned out alike:
   * s* = s (E_rival - E_silent)/E_spikes. Below 0: its neuron updates alone cost more than the whole rival.
   */
  crossover: number;
}

/**
 * The spike rate at which a spiking network and its rival cost the same per inference, each under a tariff of its own.
 *
 * @returns null where a tariff does not price all of their work
 */
export function crossoverOf(
  spiking: { ledger: Ledger; tariff: Tariff; steps: number },
  rival: { ledger: Ledger; tariff: Tariff },
): Crossover | null {
  const bill = makeBill(spiking.ledger, spiking.tariff);
  const all = energyFj(bill, { phases: ['inference'] }, spiking.ledger.inferences);
  const bySpikes = energyFj(bill, BY_SPIKES, spiking.ledger.inferences);
  const theirs = energyFj(
    makeBill(rival.ledger, rival.tariff),
    { phases: ['inference'] },
    rival.ledger.inferences,
  );
  if (!all || !bySpikes || !theirs || bySpikes.valueFj === 0) return null;
  const rate = spikeRate(spiking.ledger, spiking.steps);
  const silent = all.valueFj - bySpikes.valueFj;
  return { rate, crossover: (rate * (theirs.valueFj - silent)) / bySpikes.valueFj };
}

/**
 * The rule of thumb of a published comparison with a quantised rival of ⌈log₂(T + 1)⌉ bits, memory included:
 * s* ≈ ⌈log₂(T + 1)⌉/(8 T). (Study `honest_energy_accounting` of Spyx, with the constants of Yan, Bai and Wong 2024,
 * arXiv 2409.08290; its mean over T = 5 … 10 is 5.99 %.)
 */
export const publishedCrossover = (steps: number): number => Math.ceil(Math.log2(steps + 1)) / (8 * steps);
