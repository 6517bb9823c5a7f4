import { fixedInDegree } from '../../src/network/connectors.js';
import { uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import { lifDelta } from '../neurons/lif-delta.js';

/** Defaults are those of NEST's example; weights in mV of jump at each spike. */
export interface BrunelOptions {
  /** Multiplies the number of neurons. */
  scale?: number;
  /** Synapses onto a neuron, four excitatory to one inhibitory. */
  indegree?: number;
  /** Strength of inhibition relative to excitation. */
  g?: number;
  /** External rate relative to the rate that would bring the mean potential to the threshold. */
  eta?: number;
  delayMs?: number;
  /** Where a spike leaves the membrane: 0 in NEST's example, 10 in the paper. */
  resetMv?: number;
  weightMv?: number;
  seed?: number;
  dtMs?: number;
}

/**
 * Sparse network of excitatory and inhibitory integrate-and-fire neurons (Brunel 2000, doi:10.1023/A:1008925309027),
 * with the numbers of NEST's example brunel_delta_nest at order 2500.
 */
export function brunel(options: BrunelOptions = {}): Network {
  const {
    scale = 1,
    indegree = 1250,
    g = 5,
    eta = 2,
    delayMs = 1.5,
    resetMv = 0,
    weightMv = 0.1,
    seed = 1,
    dtMs = 0.1,
  } = options;
  const [excitatory, inhibitory] = [Math.round(10_000 * scale), Math.round(2_500 * scale)];
  const [degreeE, degreeI] = [Math.round(0.8 * indegree), Math.round(0.2 * indegree)];
  const [thresholdMv, tauMs] = [20, 20];

  const network = new Network({ name: 'brunel', seed, dtMs });
  const initial = { V: uniform(0, thresholdMv) };
  const parameters = { V_r: resetMv };
  const e = network.population('E', excitatory, lifDelta, { parameters, initial });
  const i = network.population('I', inhibitory, lifDelta, { parameters, initial });
  // Per millisecond: the threshold rate of one of C_E synapses, times C_E synapses.
  const rateHz = ((1000 * eta * thresholdMv) / (weightMv * degreeE * tauMs)) * degreeE;
  for (const target of [e, i]) {
    network.connect(e, target, fixedInDegree(degreeE), { weight: weightMv, delayMs });
    network.connect(i, target, fixedInDegree(degreeI), { weight: -g * weightMv, delayMs });
    network.poisson(target, { rateHz, weight: weightMv });
  }
  return network;
}
