import type { Distribution } from '../../../kernels/connect/index.js';
import type { ShortTermRule } from '../../../kernels/short-term/index.js';
import type { PairRule } from '../../../kernels/stdp/index.js';
import {
  isGiven,
  type PerSynapse,
  rangeOf,
  scaled,
  scaledValues,
  sized,
} from '../../network/distributions.js';
import { type Projection, receptorFactor } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { largestWeight } from '../../network/plasticity.js';
import type { Key, PlasticPlan, ProjectionPlan } from './plan.js';
import { packedShift } from './quanta.js';

/** Where a projection ends: its place in the network, and the channel of its target with its quantum. */
interface ProjectionSite {
  network: Network;
  index: number;
  channel: number;
  quantum: number;
  /** Whether the rows get a place for every target. */
  dense: boolean;
}

/** Turns a projection into numbers: delays in steps, weights in quanta of its channel. */
export function planProjection(
  projection: Projection,
  { network, index, channel, quantum, dense }: ProjectionSite,
  [firstDelay, lastDelay]: readonly number[],
  key: Key,
): ProjectionPlan {
  const { dtMs, populations } = network;
  const { name, source, target, connector, receptor, weight, delayMs } = projection;
  const plastic = planPlastic(projection, index, quantum, dtMs);
  const packed = typeof weight !== 'number' && plastic === null;
  const shift = packed ? packedShift(network, target, receptor, quantum) : 0;
  const factor = receptorFactor(target, receptor) / quantum / 2 ** shift;
  const unit = plastic === null ? factor : Math.sign(plastic.quanta);
  return {
    name,
    source: populations.indexOf(source),
    target: populations.indexOf(target),
    channel,
    connector,
    key,
    noAutapses: !projection.autapses && source === target,
    noMultapses: !projection.multapses,
    delay: isGiven(delayMs) ? scaled(firstDelay, 1) : scaled(delayMs, 1 / dtMs),
    delaySteps: isGiven(delayMs) ? Int32Array.from(delayMs.values, (ms) => Math.round(ms / dtMs)) : null,
    firstDelay,
    delays: lastDelay - firstDelay + 1,
    weight: drawnWeight(weight, plastic, factor),
    weights: isGiven(weight) ? scaledValues(weight, unit) : null,
    packed,
    dense,
    shift,
    plastic,
    shortTerm: planShortTerm(projection, dtMs),
  };
}

/** Of weights that are given there is nothing to draw. */
function drawnWeight(weight: PerSynapse, plastic: PlasticPlan | null, factor: number): Distribution {
  if (isGiven(weight)) return scaled(0, 1);
  if (plastic !== null) return sized(weight);
  return typeof weight === 'number' ? scaled(Math.round(weight * factor), 1) : scaled(weight, factor);
}

function planPlastic(
  projection: Projection,
  index: number,
  quantum: number,
  dtMs: number,
): PlasticPlan | null {
  const { plasticity, weight, target, receptor } = projection;
  if (plasticity === null) return null;
  const { tauPlusMs, tauMinusMs, pairing, maxWeight: _, ...rest } = plasticity;
  const rule: PairRule = {
    ...rest,
    maxWeight: largestWeight(plasticity, weight),
    tauPlusSteps: tauPlusMs / dtMs,
    tauMinusSteps: tauMinusMs / dtMs,
    nearest: pairing === 'nearest',
  };
  const sign = rangeOf(weight)[0] < 0 ? -1 : 1;
  return { projection: index, rule, quanta: (sign * receptorFactor(target, receptor)) / quantum };
}

function planShortTerm({ shortTerm }: Projection, dtMs: number): ShortTermRule | null {
  if (shortTerm === null) return null;
  const { utilisation, tauRecoveryMs, tauFacilitationMs = 0 } = shortTerm;
  return {
    utilisation,
    tauRecoverySteps: tauRecoveryMs / dtMs,
    tauFacilitationSteps: tauFacilitationMs / dtMs,
  };
}
