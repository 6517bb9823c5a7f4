import { type NetworkActivity, networkActivity } from '../../src/analysis/network-activity.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import type { RunContext } from '../../src/experiment/define.js';
import type { Network } from '../../src/network/network.js';
import type { Stdp } from '../../src/network/plasticity.js';

/** Rates and weights at one moment of a simulation. */
export interface Moment {
  timeMs: number;
  /** Of the excitatory population, in the stretch before; null at the start. */
  rateHz: number | null;
  meanPa: number;
  sdPa: number;
  bins: { from: number; width: number; share: number }[];
}

export interface Learning {
  activity: NetworkActivity;
  moments: Moment[];
  /** Changes of weights, per synapse that learns and second. */
  writesPerSecond: number;
  /** What independent Poisson spikes at the measured rates would have done to the mean weight. */
  expectedPa: number;
  ledger: Ledger;
}

/** Looks at the weights so often, the first and the last moment included. */
const MOMENTS = 6;

/** Runs a network in which the first projection learns, and watches its weights. */
export async function learn(
  network: Network,
  { warmupMs, ms }: { warmupMs: number; ms: number },
  { threads, signal, progress, seed }: Pick<RunContext, 'threads' | 'signal' | 'progress' | 'seed'>,
): Promise<Learning> {
  const [projection] = network.projections;
  const e = projection.source;
  progress(0, warmupMs + ms, `connecting ${network.name}, step ${network.dtMs} ms`);
  const simulation = await eventEngine.build(network, { threads, signal });
  try {
    const moments: Moment[] = [];
    const look = async (rateHz: number | null) => {
      const { weights } = await simulation.weights(projection);
      moments.push({ timeMs: simulation.timeMs, rateHz, ...describeWeights(weights.data) });
    };
    await simulation.run(warmupMs);
    await simulation.forgetSpikes();
    const firstStep = Math.round(simulation.timeMs / network.dtMs);
    await look(null);
    const stretch = ms / (MOMENTS - 1);
    let seen = 0;
    for (let i = 1; i < MOMENTS; i++) {
      progress(warmupMs + (i - 1) * stretch, warmupMs + ms, `simulating, step ${network.dtMs} ms`);
      await simulation.run(stretch);
      const { neurons, first } = await simulation.spikes();
      const from = first.get(e)!;
      const own = neurons.reduce((n, neuron) => n + Number(neuron >= from && neuron < from + e.size), 0);
      await look((1000 * (own - seen)) / (e.size * stretch));
      seen = own;
    }
    const spikes = await simulation.spikes();
    const ledger = await simulation.ledger();
    const { size } = simulation;
    const observation = { network, size, spikes, firstStep, ms, ledger, traces: [], recorded: [] };
    const layer = ledger.layers[0];
    const writes = layer.changeTotals!.l0.reduce((sum, n) => sum + n, 0);
    const synapses = layer.outDegrees!.reduce((sum, n) => sum + n, 0);
    return {
      activity: networkActivity(observation, { seed }),
      moments,
      writesPerSecond: writes / synapses / (ms / 1000),
      expectedPa: expectedDrift(moments, projection.plasticity!),
      ledger,
    };
  } finally {
    await simulation.close();
  }
}

function describeWeights(weights: ArrayLike<number>): Pick<Moment, 'meanPa' | 'sdPa' | 'bins'> {
  let [sum, squares, low, high] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k];
    low = Math.min(low, weights[k]);
    high = Math.max(high, weights[k]);
  }
  const mean = sum / weights.length;
  for (let k = 0; k < weights.length; k++) squares += (weights[k] - mean) ** 2;
  // Bins of 1 pA.
  const first = Math.floor(low);
  const counts = new Float64Array(Math.floor(high) - first + 1);
  for (let k = 0; k < weights.length; k++) counts[Math.floor(weights[k]) - first] += 1;
  const bins = Array.from(counts, (n, i) => ({ from: first + i, width: 1, share: n / weights.length }));
  return { meanPa: mean, sdPa: Math.sqrt(squares / weights.length), bins };
}

/** Σ over stretches of (λ w₀^(1-μ) w^μ τ₊ - λ α w τ₋) · rate² · time, with the mean weight and rate of each. */
function expectedDrift(
  moments: readonly Moment[],
  { lambda, alpha, muPlus, referenceWeight, tauPlusMs, tauMinusMs }: Stdp,
): number {
  return moments.slice(1).reduce((sum, { timeMs, rateHz, meanPa }, i) => {
    const before = moments[i];
    const w = (meanPa + before.meanPa) / 2;
    const up = lambda * referenceWeight * (w / referenceWeight) ** muPlus * tauPlusMs;
    const down = lambda * alpha * w * tauMinusMs;
    return sum + (up - down) * (rateHz! / 1000) ** 2 * (timeMs - before.timeMs);
  }, 0);
}
