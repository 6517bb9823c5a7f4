/**
 * Adaptive, recurrent neurons without a time grid: spike times and EventProp gradients to float64. The yardstick of
 * plain.ts, itself checked against finite differences. Equations there; the loss is L = Σ_spikes Σ_j c_j t (so that
 * dL/dt of every spike of neuron j is c_j).
 */
export interface ExactAdaptive {
  inputs: number;
  neurons: number;
  tauMMs: number;
  tauSMs: number;
  tauAMs: number;
  theta: number;
  beta: number;
  windowMs: number;
  /** [inputs][neurons] */
  weights: Float64Array;
  /** [neurons][neurons], presynaptic first. */
  recurrent: Float64Array;
  /** c, [neurons] */
  cost: Float64Array;
}

interface State {
  V: number;
  I: number;
  a: number;
}

interface Event {
  atMs: number;
  /** The input that spikes, or -1. */
  input: number;
  /** The neuron that spikes, or -1, and its state just before. */
  neuron: number;
  before: State;
}

export interface ExactAdaptiveResult {
  loss: number;
  spikes: { atMs: number; neuron: number }[];
  byWeights: Float64Array;
  byRecurrent: Float64Array;
}

/** Loss and gradients for input spikes in order of time. */
export function exactAdaptive(
  network: ExactAdaptive,
  input: readonly { atMs: number; input: number }[],
): ExactAdaptiveResult {
  const events = simulate(network, input);
  const spikes = events.filter(({ neuron }) => neuron >= 0);
  return {
    loss: spikes.reduce((sum, { atMs, neuron }) => sum + network.cost[neuron] * atMs, 0),
    spikes: spikes.map(({ atMs, neuron }) => ({ atMs, neuron })),
    ...gradients(network, events),
  };
}

function simulate(network: ExactAdaptive, input: readonly { atMs: number; input: number }[]): Event[] {
  const { neurons, windowMs, weights, recurrent } = network;
  let states = Array.from({ length: neurons }, (): State => ({ V: 0, I: 0, a: 0 }));
  const events: Event[] = [];
  let nowMs = 0;
  let next = 0;
  while (true) {
    const inputMs = Math.min(input[next]?.atMs ?? windowMs, windowMs);
    const crossings = states.map((state) => crossing(state, inputMs - nowMs, network));
    const untilMs = Math.min(...crossings);
    const spiking = Number.isFinite(untilMs) ? crossings.indexOf(untilMs) : -1;
    const stepMs = spiking >= 0 ? untilMs : inputMs - nowMs;
    states = states.map((state) => advance(state, stepMs, network));
    nowMs += stepMs;
    if (spiking < 0 && inputMs >= windowMs) return events;
    const event: Event = { atMs: nowMs, input: -1, neuron: spiking, before: { V: 0, I: 0, a: 0 } };
    if (spiking >= 0) {
      event.before = { ...states[spiking] };
      states[spiking].V = 0;
      states[spiking].a += 1;
      for (let m = 0; m < neurons; m++) states[m].I += recurrent[spiking * neurons + m];
    } else {
      event.input = input[next++].input;
      for (let j = 0; j < neurons; j++) states[j].I += weights[event.input * neurons + j];
    }
    events.push(event);
  }
}

function advance({ V, I, a }: State, ms: number, { tauMMs, tauSMs, tauAMs }: ExactAdaptive): State {
  const [m, s] = [Math.exp(-ms / tauMMs), Math.exp(-ms / tauSMs)];
  return { V: m * V + (tauSMs / (tauMMs - tauSMs)) * (m - s) * I, I: s * I, a: a * Math.exp(-ms / tauAMs) };
}

/** Time until V meets the threshold, Infinity if not within `limitMs`: the first change of sign on a fine grid. */
function crossing(state: State, limitMs: number, network: ExactAdaptive): number {
  const above = (ms: number) => {
    const { V, a } = advance(state, ms, network);
    return V >= network.theta + network.beta * a;
  };
  const pieces = Math.ceil(limitMs / 0.01);
  for (let n = 1; n <= pieces; n++) {
    if (!above((limitMs * n) / pieces)) continue;
    let low = (limitMs * (n - 1)) / pieces;
    let high = (limitMs * n) / pieces;
    while (true) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) return high;
      if (above(middle)) high = middle;
      else low = middle;
    }
  }
  return Number.POSITIVE_INFINITY;
}

function gradients(network: ExactAdaptive, events: readonly Event[]) {
  const { inputs, neurons, tauMMs, tauSMs, tauAMs, beta, windowMs, recurrent, cost } = network;
  const V = new Float64Array(neurons);
  const I = new Float64Array(neurons);
  const p = new Float64Array(neurons);
  const byWeights = new Float64Array(inputs * neurons);
  const byRecurrent = new Float64Array(neurons * neurons);
  let laterMs = windowMs;
  for (const { atMs, input, neuron, before } of events.toReversed()) {
    const ms = laterMs - atMs;
    const [m, s] = [Math.exp(-ms / tauMMs), Math.exp(-ms / tauSMs)];
    for (let j = 0; j < neurons; j++) {
      I[j] = s * I[j] + (tauMMs / (tauMMs - tauSMs)) * (m - s) * V[j];
      V[j] *= m;
      p[j] *= Math.exp(-ms / tauAMs);
    }
    laterMs = atMs;
    if (input >= 0) {
      for (let j = 0; j < neurons; j++) byWeights[input * neurons + j] -= tauSMs * I[j];
      continue;
    }
    let e = cost[neuron];
    for (let j = 0; j < neurons; j++) {
      byRecurrent[neuron * neurons + j] -= tauSMs * I[j];
      e += recurrent[neuron * neurons + j] * (V[j] - I[j]);
    }
    const slope = before.I - before.V + (beta * before.a * tauMMs) / tauAMs;
    V[neuron] = (before.I * V[neuron] + p[neuron] / tauAMs + e) / slope;
    p[neuron] += beta * tauMMs * V[neuron];
  }
  return { byWeights, byRecurrent };
}
