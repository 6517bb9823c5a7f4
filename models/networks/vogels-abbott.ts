import { bernoulli, type Connector, fixedInDegree } from '../../src/network/connectors.js';
import { normal, uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import { lifCond } from '../neurons/lif-cond.js';
import { lifExp } from '../neurons/lif-exp.js';

/** Left out, the network is that of the benchmark: 4,000 neurons with 80 synapses onto each on average. */
export interface VogelsAbbottOptions {
  /** Excitatory and inhibitory neurons, four to one. */
  neurons?: number;
  /** Mean number of synapses onto a neuron; the published network has 2 % of 4,000. */
  indegree?: number;
  /** 'bernoulli': every pair with the same probability. 'fixed': every neuron has exactly `indegree`. */
  connectivity?: 'bernoulli' | 'fixed';
  seed?: number;
  dtMs?: number;
}

const G_L_NS = 10;

/**
 * Self-sustained irregular activity without input (Vogels and Abbott 2005), as in Brette et al. 2007
 * (doi:10.1007/s10827-007-0038-6): benchmark 2, current-based synapses.
 *
 * Weights are scaled by 80/indegree, so that the mean input stays that of the published network.
 */
export function cuba(options: VogelsAbbottOptions = {}): Network {
  const { indegree = 80, seed = 1, dtMs = 0.1 } = options;
  const network = new Network({ name: 'cuba', seed, dtMs });
  // Weights were published in mV of the membrane's steady state; times the leak conductance they are currents.
  const scale = (80 / indegree) * G_L_NS;
  const cell = {
    parameters: { C: 200, tau_m: 20, tau_e: 5, tau_i: 10, E_L: -49, V_th: -50, V_r: -60, t_ref: 5 },
    initial: { V: uniform(-60, -50) },
  };
  return wire(network, options, [1.62 * scale, -9 * scale], (name, size) =>
    network.population(name, size, lifExp, cell),
  );
}

/** The same network with conductance-based synapses: benchmark 1. About one network in eight falls silent. */
export function coba(options: VogelsAbbottOptions = {}): Network {
  const { indegree = 80, seed = 1, dtMs = 0.1 } = options;
  const network = new Network({ name: 'coba', seed, dtMs });
  const scale = 80 / indegree;
  const initial = { V: normal(-65, 5), g_e: normal(40, 15, { low: 0 }), g_i: normal(200, 120, { low: 0 }) };
  return wire(network, options, [6 * scale, 67 * scale], (name, size) =>
    network.population(name, size, lifCond, { initial }),
  );
}

function wire(
  network: Network,
  { neurons = 4000, indegree = 80, connectivity = 'bernoulli' }: VogelsAbbottOptions,
  [weightE, weightI]: readonly [number, number],
  add: (name: string, size: number) => ReturnType<Network['population']>,
): Network {
  const excitatory = Math.round(0.8 * neurons);
  const e = add('E', excitatory);
  const i = add('I', neurons - excitatory);
  const rule = (share: number): Connector =>
    connectivity === 'fixed' ? fixedInDegree(Math.round(share * indegree)) : bernoulli(indegree / neurons);
  for (const target of [e, i]) {
    network.connect(e, target, rule(0.8), { receptor: 'excitatory', weight: weightE, delayMs: 0.1 });
    network.connect(i, target, rule(0.2), { receptor: 'inhibitory', weight: weightI, delayMs: 0.1 });
  }
  return network;
}
