import { mean } from 'simple-statistics';
import type { Observation } from '../engine/observe.js';
import type { Population } from '../network/elements.js';
import { pairwiseCorrelations } from './correlation.js';
import { cvsOfIntervals, ratesHz, type SpikeTrains, spikeTrains, trainOf } from './spike-trains.js';
import { activity, dominantFrequencyHz, synchrony } from './synchrony.js';

/** How a network fired: plain JSON, from which every network experiment draws its figures and claims. */
export interface NetworkActivity {
  measuredMs: number;
  neurons: number;
  synapses: number;
  populations: PopulationActivity[];
  raster: RasterPopulation[];
}

export interface PopulationActivity {
  name: string;
  size: number;
  rateHz: number;
  /** Mean over neurons with at least three spikes; null if there are none. */
  cvIsi: number | null;
  /** Mean over pairs of a sample of neurons; null where fewer than two spiked. */
  correlation: number | null;
  /** Depth of common modulation (synchrony.ts) in bins of 0.5 ms; null if silent. */
  synchrony: number | null;
  /** Where the activity has most power; null if silent. */
  oscillationHz: number | null;
  rates: Bin[];
  cvs: Bin[];
  correlations: Bin[];
  /** Spikes of the whole population in each bin of 0.5 ms of the raster. */
  activity: number[];
}

/** A bar of a histogram: how large a share lies in from ≤ x < from + width. */
export interface Bin {
  from: number;
  width: number;
  share: number;
}

/** Spikes of some neurons of a population, for a raster: times from its beginning, and which of the neurons. */
export interface RasterPopulation {
  name: string;
  neurons: number;
  timesMs: number[];
  rows: number[];
}

export interface ActivityOptions {
  /** Length of the raster, taken from the end of the observation. */
  rasterMs?: number;
  /**
   * Neurons in the raster, shared among the populations by size; each has at least four. Default: 200, or as many
   * more as it takes to show some 2,000 spikes.
   */
  rasterNeurons?: number;
  seed: number;
}

/** Bins of synchrony and rhythm: the fastest rhythm they can hold is 1 kHz. */
export const BIN_MS = 0.5;
/** Bins for correlations are as long as the fluctuations that matter: input is filtered by the membrane. */
const CORRELATION_BIN_MS = 5;
const CORRELATION_NEURONS = 100;

/** Statistics and pictures' data of an observed network. */
export function networkActivity(observation: Observation, options: ActivityOptions): NetworkActivity {
  const { network, size, ms } = observation;
  const { rasterMs = 300, seed } = options;
  const shownMs = Math.min(rasterMs, ms);
  const spikesEach = (observation.spikes.steps.length / size.neurons) * (shownMs / ms);
  const rasterNeurons = options.rasterNeurons ?? Math.round(Math.min(800, Math.max(200, 2000 / spikesEach)));
  const all = network.populations.reduce((sum, population) => sum + population.size, 0);
  const parts = network.populations.map((population) => {
    const trains = spikeTrains(observation.spikes, population);
    const rows = Math.min(population.size, Math.max(4, Math.round((rasterNeurons * population.size) / all)));
    return { population, trains, rows };
  });
  return {
    measuredMs: ms,
    neurons: size.neurons,
    synapses: size.synapses,
    populations: inCommonBins(
      parts.map(({ population, trains }) =>
        populationActivity(population, trains, observation, shownMs, seed),
      ),
      1000 / ms,
    ),
    raster: parts.map(({ population, trains, rows }) =>
      rasterOf(population.name, trains, rows, observation, shownMs),
    ),
  };
}

type Distributed = 'rates' | 'cvs' | 'correlations';
/** A population with the values of its neurons (or pairs), before they are put into bins. */
type MeasuredPopulation = Omit<PopulationActivity, Distributed> & Record<Distributed, ArrayLike<number>>;

/**
 * Puts the values of all populations into bins of one width, so that their shares can be compared.
 * @param rateStepHz rates are multiples of this (a spike more or less): bins of rates hold a whole number of them
 */
export function inCommonBins(
  populations: readonly MeasuredPopulation[],
  rateStepHz: number,
): PopulationActivity[] {
  const widthOf = (what: Distributed) => widthFor(populations.map((population) => population[what]));
  const widths = {
    rates: rateStepHz * Math.max(1, Math.ceil(widthOf('rates') / rateStepHz - 1e-9)),
    cvs: widthOf('cvs'),
    correlations: Math.max(0.05, widthOf('correlations')),
  };
  return populations.map((population) => ({
    ...population,
    rates: histogram(population.rates, widths.rates),
    cvs: histogram(population.cvs, widths.cvs),
    correlations: histogram(population.correlations, widths.correlations),
  }));
}

function populationActivity(
  { name, size }: Population,
  trains: SpikeTrains,
  observation: Observation,
  shownMs: number,
  seed: number,
): MeasuredPopulation {
  const { ms, firstStep } = observation;
  const rates = ratesHz(trains, observation);
  const cvs = cvsOfIntervals(trains);
  const correlations = pairwiseCorrelations(trains, {
    firstStep,
    ms,
    binMs: CORRELATION_BIN_MS,
    neurons: CORRELATION_NEURONS,
    seed,
  });
  const counts = activity(trains, observation, BIN_MS);
  const meanRate = mean(Array.from(rates));
  return {
    name,
    size,
    rateHz: meanRate,
    cvIsi: cvs.length > 0 ? mean(Array.from(cvs)) : null,
    correlation: correlations.length > 0 ? mean(Array.from(correlations)) : null,
    synchrony: synchrony(counts),
    oscillationHz: dominantFrequencyHz(counts, BIN_MS),
    rates,
    cvs,
    correlations,
    activity: Array.from(counts.slice(counts.length - Math.floor(shownMs / BIN_MS))),
  };
}

/** Neurons spread evenly over the population. */
function rasterOf(
  name: string,
  trains: SpikeTrains,
  neurons: number,
  { firstStep, ms }: Observation,
  shownMs: number,
): RasterPopulation {
  const timesMs: number[] = [];
  const rows: number[] = [];
  const from = firstStep * trains.dtMs + ms - shownMs;
  for (let row = 0; row < neurons; row++)
    for (const step of trainOf(trains, Math.floor((row * trains.neurons) / neurons))) {
      const t = (step + 1) * trains.dtMs - from;
      if (t < 0) continue;
      timesMs.push(Number(t.toFixed(3)));
      rows.push(row);
    }
  return { name, neurons, timesMs, rows };
}

/** Shares of the values in bins of `width`; bins begin at multiples of it. */
export function histogram(values: ArrayLike<number>, width: number): Bin[] {
  if (values.length === 0) return [];
  const bins = Array.from(values, (value) => Math.floor(value / width + 1e-9));
  const [low, high] = bins.reduce(([a, b], bin) => [Math.min(a, bin), Math.max(b, bin)], [bins[0], bins[0]]);
  const counts = new Uint32Array(high - low + 1);
  for (const bin of bins) counts[bin - low] += 1;
  return Array.from(counts, (n, i) => ({
    from: Number(((low + i) * width).toPrecision(12)),
    width,
    share: n / values.length,
  }));
}

/** Width of about twenty bins over the range of all values: 1, 2 or 5 times a power of ten. */
function widthFor(groups: readonly ArrayLike<number>[]): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of groups)
    for (let i = 0; i < values.length; i++)
      [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  const wish = (high - low) / 20;
  if (!(wish > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(wish));
  return Number(([1, 2, 5, 10].find((step) => step * power >= wish * (1 - 1e-9))! * power).toPrecision(3));
}
