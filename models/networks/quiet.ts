import { fixedInDegree } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';
import { lifDelta } from '../neurons/lif-delta.js';

/** Left out: a million neurons with 100 synapses onto each, of which one in a thousand fires. */
export interface QuietOptions {
  neurons?: number;
  indegree?: number;
  /** Share of the neurons that fire, driven by a direct current. */
  active?: number;
  seed?: number;
  dtMs?: number;
}

/**
 * A large network of which a small share is active: what should it cost? The active neurons fire at about 10 Hz,
 * and reach as many others as any neuron does, through synapses too weak to bring one to fire.
 */
export function quiet(options: QuietOptions = {}): Network {
  const { neurons = 1_000_000, indegree = 100, active = 0.001, seed = 1, dtMs = 0.1 } = options;
  const network = new Network({ name: 'quiet', seed, dtMs });
  const drivers = Math.round(active * neurons);
  // I = V∞ C/tau, and a period of T ms needs V∞ = 20/(1 - e^(-(T - 2)/20)); periods differ, so that none are in step.
  const currents = new Float32Array(neurons);
  for (let i = 0; i < drivers; i++) {
    const period = 90 + (20 * i) / drivers;
    currents[i] = (20 / (1 - Math.exp(-(period - 2) / 20))) * (250 / 20);
  }
  const cells = network.population('cells', neurons, lifDelta, { parameters: { I: currents } });
  network.connect(cells, cells, fixedInDegree(indegree), { weight: 0.1, delayMs: 1.5 });
  return network;
}
