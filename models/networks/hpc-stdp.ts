import { fixedInDegree } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import { powerLawStdp } from '../../src/network/plasticity.js';
import { lifAlpha } from '../neurons/lif-alpha.js';

/** Left out, all is as published but the in-degree, which is a tenth. */
export interface HpcStdpOptions {
  /** Multiplies the number of neurons. */
  scale?: number;
  /** Synapses onto a neuron, four excitatory to one inhibitory; published 11,250. */
  indegree?: number;
  /** External rate relative to the one that would bring the mean potential to the threshold. */
  eta?: number;
  /** Strength of inhibition relative to excitation. */
  g?: number;
  /** Whether the synapses between excitatory neurons learn. */
  plastic?: boolean;
  seed?: number;
  dtMs?: number;
}

/** In-degree of the published network; weights of a smaller one are larger by the root of the ratio. */
export const HPC_INDEGREE = 11_250;

const CELL = { C: 250, tau_m: 10, tau_syn: 0.32582722403722841, E_L: 0, V_th: 20, V_r: 0, t_ref: 0.5 };

/**
 * Random balanced network with power-law STDP between excitatory neurons (Morrison, Aertsen and Diesmann 2007,
 * doi:10.1162/neco.2007.19.6.1437), with the numbers of NEST's example hpc_benchmark. Its 11,250 neurons have the
 * published in-degree at `indegree` 11,250; the default is a tenth of it.
 */
export function hpcStdp(options: HpcStdpOptions = {}): Network {
  const { scale = 1, indegree = 1125, eta = 1.685, g = 5, plastic = true, seed = 1, dtMs = 0.1 } = options;
  const [excitatory, inhibitory] = [Math.round(9000 * scale), Math.round(2250 * scale)];
  const [degreeE, degreeI] = [Math.round(0.8 * indegree), Math.round(0.2 * indegree)];
  const { C, tau_m, tau_syn, V_th } = CELL;
  const weightMv = 0.14 * Math.sqrt(HPC_INDEGREE / indegree);
  const weightPa = weightMv / alphaPspPeak(tau_m, tau_syn, C);

  const network = new Network({ name: 'hpc-stdp', seed, dtMs });
  const neurons = { parameters: CELL, initial: { V: normal(5.7, 7.2) } };
  const e = network.population('E', excitatory, lifAlpha, neurons);
  const i = network.population('I', inhibitory, lifAlpha, neurons);
  const stdp = powerLawStdp({
    lambda: 0.1,
    alpha: 0.0513,
    mu: 0.4,
    referenceWeight: 1,
    tauPlusMs: 15,
    tauMinusMs: 30,
  });
  // An alpha current with a peak of 1 pA carries a charge of e·tau_syn; this many of them a millisecond, for each of
  // the excitatory synapses, hold the mean potential at the threshold.
  const thresholdPerMs = V_th / ((degreeE * tau_m * weightPa * Math.E * tau_syn) / C);
  for (const target of [e, i]) {
    const delayMs = 1.5;
    const plasticity = plastic && target === e ? stdp : null;
    network.connect(e, target, fixedInDegree(degreeE), { weight: weightPa, delayMs, plasticity });
    network.connect(i, target, fixedInDegree(degreeI), { weight: -g * weightPa, delayMs });
    network.poisson(target, { rateHz: 1000 * eta * thresholdPerMs * degreeE, weight: weightPa });
  }
  return network;
}

/**
 * Peak in mV of the potential that an alpha current with a peak of 1 pA evokes:
 * V(t) = e/(τ_s C) · [(e^(-t/τ_m) - e^(-t/τ_s))/a² - t e^(-t/τ_s)/a] with a = 1/τ_s - 1/τ_m.
 * @param c capacitance in pF
 */
function alphaPspPeak(tauMMs: number, tauSynMs: number, c: number): number {
  const a = 1 / tauSynMs - 1 / tauMMs;
  const membrane = (t: number) => Math.exp(-t / tauMMs);
  const synapse = (t: number) => Math.exp(-t / tauSynMs);
  const potential = (t: number) => (membrane(t) - synapse(t)) / a ** 2 - (t * synapse(t)) / a;
  const slope = (t: number) =>
    (synapse(t) / tauSynMs - membrane(t) / tauMMs) / a ** 2 - (synapse(t) * (1 - t / tauSynMs)) / a;
  // The potential rises until its only peak.
  let [rising, falling] = [0, 20 * Math.max(tauMMs, tauSynMs)];
  for (let i = 0; i < 100; i++) {
    const middle = (rising + falling) / 2;
    if (slope(middle) > 0) rising = middle;
    else falling = middle;
  }
  return (Math.E / (tauSynMs * c)) * potential(rising);
}
