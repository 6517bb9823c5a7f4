/**
 * Watts of a brain from its synaptic events, and back. Which of the four inputs a price already holds depends on
 * its basis: a price per vesicle (biology-vesicle) needs the release probability, a price per spike arrival
 * (biology-marginal, signalling, all-in) has it inside, so that `releaseProbability` is then 1.
 */

const FJ_PER_J = 1e15;

/** A quantity with the ends of its range. */
export interface Range {
  value: number;
  low: number;
  high: number;
}

/** A quantity whose range is not known. */
export function exactly(value: number): Range {
  return { value, low: value, high: value };
}

export interface BrainActivity {
  neurons: Range;
  synapsesPerNeuron: Range;
  /** Mean over all neurons, Hz. */
  rateHz: Range;
  /** Share of the arriving spikes that the price applies to; 1 where the price is per arrival. */
  releaseProbability: Range;
}

/**
 * Synaptic events per second: neurons × synapses per neuron × rate × release probability. The ends of the range
 * are the products of the ends, as if all inputs were at their lowest, or highest, together.
 * @throws RangeError if an input is negative, not finite, or its range does not hold its value
 */
export function eventsPerSecond(activity: BrainActivity): Range {
  for (const [name, range] of Object.entries(activity)) checkRange(name, range);
  const { neurons, synapsesPerNeuron, rateHz, releaseProbability } = activity;
  if (releaseProbability.high > 1) throw new RangeError('releaseProbability is above 1');
  return product(product(neurons, synapsesPerNeuron), product(rateHz, releaseProbability));
}

/** Watts = events per second × price, the price in fJ per event. */
export function brainPowerW(activity: BrainActivity, priceFj: Range): Range {
  checkRange('priceFj', priceFj);
  return product(product(eventsPerSecond(activity), priceFj), exactly(1 / FJ_PER_J));
}

/** The all-in price in fJ per event: watts divided by events per second. The lowest price goes with the most events. */
export function allInPriceFj(activity: BrainActivity, powerW: Range): Range {
  checkRange('powerW', powerW);
  const events = eventsPerSecond(activity);
  return {
    value: (powerW.value / events.value) * FJ_PER_J,
    low: (powerW.low / events.high) * FJ_PER_J,
    high: (powerW.high / events.low) * FJ_PER_J,
  };
}

/** Events per second that a power pays for at a price: watts / price. */
export function affordableEvents(powerW: number, priceFj: number): number {
  return (powerW * FJ_PER_J) / priceFj;
}

/** Mean rate in Hz at which `synapses` synapses make so many events per second, each spike one event at each. */
export function meanRateHz(eventsPerS: number, synapses: number): number {
  return eventsPerS / synapses;
}

function product(a: Range, b: Range): Range {
  return { value: a.value * b.value, low: a.low * b.low, high: a.high * b.high };
}

function checkRange(name: string, { value, low, high }: Range): void {
  if (!(Number.isFinite(high) && low >= 0 && low <= value && value <= high)) {
    throw new RangeError(`${name}: ${low} <= ${value} <= ${high} is not a range of numbers from 0 up`);
  }
}
