import type { Ledger } from '../../src/energy/ledger.js';
import { simulate } from '../../src/engine/choose.js';
import type { EngineOptions, Spikes } from '../../src/engine/engine.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import { named } from '../../src/learning/named.js';
import { allToAll } from '../../src/network/connectors.js';
import type { Population } from '../../src/network/elements.js';
import { Network } from '../../src/network/network.js';
import { UsageError } from '../../src/util/errors.js';
import { classifierReadout, classifierUnit } from '../neurons/classifier-units.js';

/** A trained classifier as populations and projections, with the images that it is shown. */
export interface ClassifierNetwork {
  network: Network;
  /** The images, one after the other. */
  input: Population;
  hidden: Population[];
  readout: Population;
  /** By projection, [sources][targets]: the weights as the network has them. */
  weights: Float64Array[];
  images: number;
  /** Steps from one image to the next. */
  every: number;
  /** Steps of an image's window, and the first one in which each layer is there: hidden layers, then the readout. */
  window: number;
  starts: number[];
}

/** Steps from a spike to its arrival: the delay is one step, and a spike is sent at the end of its own. */
const LAG = 2;

/**
 * The network that a trainer has trained, described with populations and projections, and images as its spike source.
 * Any engine with given spikes runs it; the event engine sends the very spikes of the trainer (on its time grid), if
 * that has the weights returned here. What differs, and what is done about it:
 *
 * - Weights are rounded to sixteen bits, that is, to multiples of a power of two of which the largest weight has at
 *   most 32,767: so sums of what arrives in a step are exact in float32 here and there, whatever their order.
 * - A synapse has a delay of one time step, in the trainer none: layer l runs l steps behind. Each layer is there
 *   in its own window (`trials`), so that it is advanced, and spikes, in the same steps of an image as in the trainer.
 * - Between two images is a step in which no layer is there. What arrives after the window is lost, as in the trainer.
 * - The readout integrates its potential step by step, where the trainer adds closed forms: answers agree to the
 *   rounding of float32.
 *
 * @param weights of each projection, [sources][targets]
 * @throws UsageError if the network keeps exact time, or answers by its first spike: that is not on a grid
 */
export function toNetwork(
  config: EventPropConfig,
  weights: readonly ArrayLike<number>[],
  images: SpikeData,
): ClassifierNetwork {
  if (config.time === 'exact')
    throw new UsageError('the network keeps exact time', 'time', 'Train it on the grid to run it on one.');
  const { sizes, neuron, kappa, seed } = config;
  const { tauMMs, tauSMs, theta, dtMs, steps } = neuron;
  const every = steps + 1;
  const network = new Network({ name: 'classifier', seed, dtMs });
  const input = network.spikeSource('input', timesOf(images, every, dtMs));
  const starts = sizes.slice(1).map((_, l) => LAG + l);
  const layers = sizes.slice(1).map((size, l): Population => {
    const trials = {
      startMs: starts[l] * dtMs,
      lengthMs: steps * dtMs,
      everyMs: every * dtMs,
      count: images.count,
    };
    const parameters = { tau_m: tauMMs, tau_s: tauSMs };
    if (l === sizes.length - 2) {
      const gain = kappa / (steps * dtMs);
      return network.population('readout', size, classifierReadout, {
        parameters: { ...parameters, gain },
        trials,
      });
    }
    const name = sizes.length === 3 ? 'hidden' : `hidden ${l + 1}`;
    return network.population(name, size, classifierUnit, { parameters: { ...parameters, theta }, trials });
  });
  const rounded = layers.map((target, l) => {
    const source = l === 0 ? input : layers[l - 1];
    const weight = inSixteenBits(weights[l], target.size);
    const name = `${source.name} → ${target.name}`;
    network.connect(source, target, allToAll(), { name, weight, delayMs: dtMs });
    return weight;
  });
  return {
    network,
    input,
    hidden: layers.slice(0, -1),
    readout: layers[layers.length - 1],
    weights: rounded,
    images: images.count,
    every,
    window: steps,
    starts,
  };
}

/** What the network made of the images. */
export interface Presentation {
  /** Class of each image. */
  answers: Uint8Array;
  /** [images][classes] */
  potentials: Float32Array;
  /** All spikes; those of image s and hidden layer l are in the steps from s·every + starts[l] on. */
  spikes: Spikes;
  ledger: Ledger;
}

/** Runs the network over all its images; `answers` and `ledger` are those that a trainer gives that evaluates it. */
export async function presentImages(
  { network, input, readout, images, every, window, starts }: ClassifierNetwork,
  options: Omit<EngineOptions, 'record'> = {},
): Promise<Presentation> {
  const simulation = await simulate(network, {
    ...options,
    record: [{ population: readout, state: 'A' }],
  });
  try {
    const last = starts[starts.length - 1];
    await simulation.run((images * every + last) * network.dtMs);
    const { values } = await simulation.trace(readout, 'A');
    const classes = readout.size;
    const potentials = new Float32Array(images * classes);
    const answers = new Uint8Array(images);
    for (let s = 0; s < images; s++) {
      const end = s * every + last + window - 1;
      const own = potentials.subarray(s * classes, (s + 1) * classes);
      for (let k = 0; k < classes; k++) own[k] = values.get(end, k);
      answers[s] = named(own);
    }
    const whole = await simulation.ledger();
    // What a spike source sends is given: a trainer books no neuron that would have made it.
    const ledger = {
      ...whole,
      inferences: images,
      layers: whole.layers.filter(({ name }) => name !== input.name),
    };
    return { answers, potentials, spikes: await simulation.spikes(), ledger };
  } finally {
    await simulation.close();
  }
}

/** When each input neuron spikes: in step k of image s, so that the first layer sees it in step k of its window. */
function timesOf({ sources, steps, count, offsets, starts, spikes }: SpikeData, every: number, dtMs: number) {
  const times: number[][] = Array.from({ length: sources }, () => []);
  for (let s = 0; s < count; s++)
    for (let k = 0; k < steps; k++) {
      const at = s * (steps + 1) + k;
      for (let i = starts[at]; i < starts[at + 1]; i++)
        times[spikes[offsets[s] + i]].push((s * every + k + 1) * dtMs);
    }
  return times;
}

/** Largest size of a weight in quanta, and largest sum of sizes that float32 holds exactly. */
const LARGEST_WEIGHT = 2 ** 15 - 1;
const LARGEST_SUM = 2 ** 24;

/**
 * Weights as multiples of the smallest power of two of which none has more than 32,767, and a target with a spike
 * from each of its sources fewer than 2^24.
 * @param weights [sources][targets]
 */
export function inSixteenBits(weights: ArrayLike<number>, targets: number): Float64Array {
  const sums = new Float64Array(targets);
  let largest = 0;
  for (let k = 0; k < weights.length; k++) {
    largest = Math.max(largest, Math.abs(weights[k]));
    sums[k % targets] += Math.abs(weights[k]);
  }
  const sources = weights.length / targets;
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  // Rounding adds at most half a quantum to each.
  const least = Math.max(largest / LARGEST_WEIGHT, most / (LARGEST_SUM - sources));
  if (least === 0) return new Float64Array(weights.length);
  const quantum = 2 ** Math.ceil(Math.log2(least));
  return Float64Array.from(weights, (weight) => quantum * Math.round(weight / quantum));
}
