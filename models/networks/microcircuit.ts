import { fixedTotal } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import { lifCurrent } from '../neurons/lif-current.js';

/** Left out, it is a tenth of the published network, with Poisson background. */
export interface MicrocircuitOptions {
  /** Multiplies the numbers of neurons and of synapses per neuron; weights and a direct current make up for it. */
  scale?: number;
  /** Background: Poisson spikes, or their mean as a direct current. */
  background?: 'poisson' | 'dc';
  seed?: number;
  dtMs?: number;
}

/** Populations of the cortical microcircuit under 1 mm², from the top. */
export const MICROCIRCUIT_POPULATIONS = ['L23E', 'L23I', 'L4E', 'L4I', 'L5E', 'L5I', 'L6E', 'L6I'] as const;

/** Potjans and Diesmann 2014, table 5. */
const NEURONS = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];
const EXTERNAL_DEGREE = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100];
/** Connection probabilities; rows are targets, columns sources. */
const PROBABILITY = [
  [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0],
  [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0],
  [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0],
  [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0],
  [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0],
  [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0],
  [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
  [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
];
/** Mean rates of the full network, by which the smaller one is compensated (NEST's example of the same network). */
const FULL_RATES_HZ = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829];

const WEIGHT_PA = 87.8;
const EXTERNAL_RATE_HZ = 8;
const TAU_SYN_MS = 0.5;

/** Synapses drawn with repetition, so that a pair is connected with probability p. */
function synapseNumber(p: number, sources: number, targets: number): number {
  return Math.log(1 - p) / Math.log(1 - 1 / (sources * targets));
}

/** Number of synapses of the circuit at a scale, by the published rule. */
export function microcircuitSynapses(scale: number): number {
  return PROBABILITY.flatMap((row, t) =>
    row.map((p, s) => Math.round(synapseNumber(p, NEURONS[s], NEURONS[t]) * scale * scale)),
  ).reduce((sum, n) => sum + n, 0);
}

/**
 * The cortical microcircuit of Potjans and Diesmann 2014 (doi:10.1093/cercor/bhs358): four layers, eight
 * populations, at full scale 77,169 neurons and 299 million synapses with weights and delays of their own.
 */
export function microcircuit(options: MicrocircuitOptions = {}): Network {
  const { scale = 0.1, background = 'poisson', seed = 1, dtMs = 0.1 } = options;
  const network = new Network({ name: 'microcircuit', seed, dtMs });
  const synapses = PROBABILITY.map((row, t) => row.map((p, s) => synapseNumber(p, NEURONS[s], NEURONS[t])));
  /** Mean weight of one synapse at full scale. */
  const weightOf = (t: number, s: number) => {
    if (s % 2 === 1) return -4 * WEIGHT_PA;
    const fromL4EToL23E = t === 0 && s === 2;
    return fromL4EToL23E ? 2 * WEIGHT_PA : WEIGHT_PA;
  };

  const populations = MICROCIRCUIT_POPULATIONS.map((name, t) => {
    const externalPa = WEIGHT_PA * EXTERNAL_DEGREE[t] * EXTERNAL_RATE_HZ;
    const recurrentPa = synapses[t].reduce(
      (sum, n, s) => sum + ((weightOf(t, s) * n) / NEURONS[t]) * FULL_RATES_HZ[s],
      0,
    );
    const missing = 0.001 * TAU_SYN_MS * (1 - Math.sqrt(scale)) * (recurrentPa + externalPa);
    const direct = background === 'dc' ? 0.001 * TAU_SYN_MS * externalPa * Math.sqrt(scale) : 0;
    return network.population(name, Math.round(NEURONS[t] * scale), lifCurrent, {
      parameters: { I: missing + direct },
      initial: { V: normal(-58, 10) },
    });
  });
  populations.forEach((target, t) => {
    populations.forEach((source, s) => {
      const n = Math.round(synapses[t][s] * scale * scale);
      if (n === 0) return;
      const mean = weightOf(t, s) / Math.sqrt(scale);
      const excitatory = s % 2 === 0;
      // The doubled projection keeps the absolute spread of its halved relative one.
      const sd = Math.abs(mean) * (t === 0 && s === 2 ? 0.05 : 0.1);
      network.connect(source, target, fixedTotal(n), {
        weight: excitatory ? normal(mean, sd, { low: 0 }) : normal(mean, sd, { high: 0 }),
        delayMs: excitatory ? normal(1.5, 0.75, { low: 0.1 }) : normal(0.75, 0.375, { low: 0.1 }),
      });
    });
    if (background === 'poisson')
      network.poisson(target, {
        rateHz: EXTERNAL_DEGREE[t] * scale * EXTERNAL_RATE_HZ,
        weight: WEIGHT_PA / Math.sqrt(scale),
      });
  });
  return network;
}
