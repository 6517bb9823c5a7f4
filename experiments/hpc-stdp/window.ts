import * as Plot from '@observablehq/plot';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import type { Figure } from '../../src/experiment/define.js';
import { oneToOne } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';
import { additiveStdp, multiplicativeStdp, powerLawStdp, type Stdp } from '../../src/network/plasticity.js';

/** Weight before the pair of spikes, as a share of the largest. */
const START = 0.5;
const TIMES = { lambda: 0.1, alpha: 0.6, tauPlusMs: 15, tauMinusMs: 30 };
const RULES: Record<string, Stdp> = {
  additive: additiveStdp({ ...TIMES, maxWeight: 1e-3 }),
  multiplicative: multiplicativeStdp({ ...TIMES, maxWeight: 1e-3 }),
  'power law': powerLawStdp({ ...TIMES, mu: 0.4, referenceWeight: 1e-3, maxWeight: 2e-3 }),
};

/** Change of a weight by one pair of spikes, relative to the weight before. */
export interface WindowPoint {
  rule: string;
  /** When the synapse sees the post spike, less when it sees the pre spike. */
  differenceMs: number;
  simulated: number;
  closedForm: number;
}

/** Lets pairs of neurons spike once each, at differences from -60 to 60 ms, and looks at what became of their synapse. */
export async function drawWindow(): Promise<WindowPoint[]> {
  const differences = Array.from({ length: 61 }, (_, i) => 2 * i - 60);
  const points: WindowPoint[] = [];
  for (const [rule, plasticity] of Object.entries(RULES)) {
    const network = new Network({ name: `window, ${rule}` });
    const pre = network.spikeSource(
      'pre',
      differences.map(() => [100]),
    );
    // A push over the threshold, two steps before the target's spike, which comes back along the dendrite in 1 ms.
    const trigger = network.spikeSource(
      'trigger',
      differences.map((difference) => [100 + difference - 1.2]),
    );
    const post = network.population('post', differences.length, lifDelta);
    network.connect(trigger, post, oneToOne(), { weight: 25, delayMs: 0.1 });
    const weight = START * 1e-3;
    const learning = network.connect(pre, post, oneToOne(), { weight, delayMs: 1, plasticity });
    const simulation = await eventEngine.build(network);
    try {
      await simulation.run(200);
      const { weights } = await simulation.weights(learning);
      differences.forEach((differenceMs, k) => {
        const simulated = weights.get(k) / weight - 1;
        points.push({ rule, differenceMs, simulated, closedForm: closedForm(plasticity, differenceMs) });
      });
    } finally {
      await simulation.close();
    }
  }
  return points;
}

/** Δw/w of one pair: what the rule says, with the traces e^(-Δt/τ). */
function closedForm(
  { form, lambda, alpha, muPlus, muMinus, tauPlusMs, tauMinusMs }: Stdp,
  dt: number,
): number {
  if (dt === 0) return 0;
  if (dt < 0)
    return -lambda * alpha * START ** (form === 'power-law' ? 0 : muMinus - 1) * Math.exp(dt / tauMinusMs);
  const up = form === 'power-law' ? START ** (muPlus - 1) : (1 - START) ** muPlus / START;
  return lambda * up * Math.exp(-dt / tauPlusMs);
}

export function windowFigure(points: readonly WindowPoint[]): Figure {
  const rows = points.map((point) => ({ ...point }));
  return {
    name: 'window',
    title: 'What one pair of spikes does to a synapse',
    caption:
      'Change of the weight, from half of the largest (or of w₀), against the time from the pre to the post spike, ' +
      'both as the synapse sees them. Dots: simulated pairs; lines: the closed form. Multiplicative depression and that of the power law are ' +
      'both in proportion to the weight, and lie on one line.',
    plot: {
      x: { label: 'post spike after pre spike (ms)' },
      y: { label: 'change of the weight (%)', transform: (change: number) => 100 * change },
      color: { legend: true, type: 'categorical', label: 'rule' },
      marks: [
        Plot.ruleY([0]),
        ...Object.keys(RULES).flatMap((rule) =>
          [-1, 1].map((side) =>
            Plot.line(
              rows.filter((row) => row.rule === rule && row.differenceMs * side > 0),
              { x: 'differenceMs', y: 'closedForm', stroke: 'rule' },
            ),
          ),
        ),
        Plot.dot(rows, { x: 'differenceMs', y: 'simulated', stroke: 'rule', r: 2.5 }),
      ],
    },
    rows,
  };
}
