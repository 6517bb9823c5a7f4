/**
 * EventProp without a time grid: spike times and gradients exact to float64. The yardstick of the kernels on a
 * grid, and itself checked against finite differences of the loss.
 *
 * One recurrent population of spiking neurons (a feed-forward stack is the special case of a block-triangular
 * recurrent matrix), leaky non-spiking readouts, no delays. Equations as in reference.ts; the loss is
 *   L = cross-entropy of softmax(z),   z_k = κ/T ∫₀ᵀ V_k dt
 * The readout is linear: its membrane and its adjoint are known in closed form for any time of a spike.
 */
export interface ExactNetwork {
  inputs: number;
  neurons: number;
  outputs: number;
  tauMMs: number;
  tauSMs: number;
  theta: number;
  windowMs: number;
  kappa: number;
  /** [inputs][neurons] */
  inputWeights: Float64Array;
  /** [neurons][neurons], presynaptic first; null if feed-forward. */
  recurrentWeights: Float64Array | null;
  /** [neurons][outputs] */
  readoutWeights: Float64Array;
}

/** A spike on its way to its targets. `current` is I of the neuron just before it spiked. */
interface Event {
  atMs: number;
  source: 'input' | 'neuron';
  index: number;
  current: number;
}

export interface ExactResult {
  loss: number;
  answer: Float64Array;
  /** Spikes of the population in order of time. */
  spikes: { atMs: number; neuron: number }[];
  inputGradient: Float64Array;
  recurrentGradient: Float64Array | null;
  readoutGradient: Float64Array;
}

/** Loss and gradient for input spikes `input` (any order; those after the window are ignored). */
export function exactEventProp(
  network: ExactNetwork,
  input: readonly { atMs: number; input: number }[],
  label: number,
): ExactResult {
  const events = simulate(network, input);
  const spikes = events.filter((event) => event.source === 'neuron');
  const answer = readoutAnswer(network, spikes);
  const { loss, error } = crossEntropy(answer, label);
  return {
    loss,
    answer,
    spikes: spikes.map(({ atMs, index }) => ({ atMs, neuron: index })),
    ...adjoint(network, events, error),
  };
}

/** Runs from event to event: the next input spike or the next threshold crossing, whichever comes first. */
function simulate(network: ExactNetwork, input: readonly { atMs: number; input: number }[]): Event[] {
  const { neurons, windowMs, inputWeights, recurrentWeights } = network;
  const V = new Float64Array(neurons);
  const I = new Float64Array(neurons);
  const arrivals = input.filter(({ atMs }) => atMs < windowMs).sort((x, y) => x.atMs - y.atMs);
  const events: Event[] = [];
  let nowMs = 0;
  let nextInput = 0;
  while (true) {
    const inputMs = arrivals[nextInput]?.atMs ?? windowMs;
    let untilMs = inputMs;
    let spiking = -1;
    for (let j = 0; j < neurons; j++) {
      const crossingMs = nowMs + crossing(V[j], I[j], network);
      if (crossingMs < untilMs) {
        untilMs = crossingMs;
        spiking = j;
      }
    }
    for (let j = 0; j < neurons; j++) [V[j], I[j]] = advance(V[j], I[j], untilMs - nowMs, network);
    nowMs = untilMs;
    if (spiking >= 0) {
      events.push({ atMs: nowMs, source: 'neuron', index: spiking, current: I[spiking] });
      V[spiking] = 0;
      if (recurrentWeights) for (let m = 0; m < neurons; m++) I[m] += recurrentWeights[spiking * neurons + m];
    } else if (nextInput < arrivals.length) {
      const i = arrivals[nextInput++].input;
      events.push({ atMs: nowMs, source: 'input', index: i, current: 0 });
      for (let j = 0; j < neurons; j++) I[j] += inputWeights[i * neurons + j];
    } else {
      return events;
    }
  }
}

function advance(V: number, I: number, ms: number, { tauMMs, tauSMs }: ExactNetwork): [number, number] {
  const a = Math.exp(-ms / tauMMs);
  const b = Math.exp(-ms / tauSMs);
  return [a * V + (tauSMs / (tauMMs - tauSMs)) * (a - b) * I, b * I];
}

/** Time until V reaches the threshold, or Infinity. V(u) = A e^(-u/τ_m) - B e^(-u/τ_s) has at most one peak. */
function crossing(V: number, I: number, network: ExactNetwork): number {
  const { tauMMs, tauSMs, theta } = network;
  // V can rise at the threshold only while I is above it.
  if (I <= theta) return Number.POSITIVE_INFINITY;
  const B = (tauSMs / (tauMMs - tauSMs)) * I;
  const A = V + B;
  const peakMs = Math.log((B * tauMMs) / (A * tauSMs)) / (1 / tauSMs - 1 / tauMMs);
  if (!(advance(V, I, peakMs, network)[0] >= theta)) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = peakMs;
  while (true) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return high;
    if (advance(V, I, middle, network)[0] < theta) low = middle;
    else high = middle;
  }
}

/** ∫ psp and psp of a readout a time `ms` after a spike through a weight of 1. */
function readoutKernel(ms: number, { tauMMs, tauSMs }: ExactNetwork) {
  const a = Math.exp(-ms / tauMMs);
  const b = Math.exp(-ms / tauSMs);
  const c = tauSMs / (tauMMs - tauSMs);
  return { psp: c * (a - b), area: c * (tauMMs * (1 - a) - tauSMs * (1 - b)) };
}

function readoutAnswer(network: ExactNetwork, spikes: readonly Event[]): Float64Array {
  const { outputs, readoutWeights, windowMs, kappa } = network;
  const answer = new Float64Array(outputs);
  for (const { atMs, index } of spikes) {
    const { area } = readoutKernel(windowMs - atMs, network);
    for (let k = 0; k < outputs; k++)
      answer[k] += (kappa / windowMs) * area * readoutWeights[index * outputs + k];
  }
  return answer;
}

function crossEntropy(answer: Float64Array, label: number) {
  const largest = Math.max(...answer);
  const exponentials = answer.map((z) => Math.exp(z - largest));
  const sum = exponentials.reduce((total, e) => total + e, 0);
  return {
    loss: Math.log(sum) + largest - answer[label],
    error: exponentials.map((e, k) => e / sum - (k === label ? 1 : 0)),
  };
}

/** The adjoint system, from the last event to the first. */
function adjoint(network: ExactNetwork, events: readonly Event[], error: Float64Array) {
  const { inputs, neurons, outputs, tauMMs, tauSMs, theta, windowMs, kappa } = network;
  const { recurrentWeights, readoutWeights } = network;
  const lambdaV = new Float64Array(neurons);
  const lambdaI = new Float64Array(neurons);
  const inputGradient = new Float64Array(inputs * neurons);
  const recurrentGradient = recurrentWeights && new Float64Array(neurons * neurons);
  const readoutGradient = new Float64Array(neurons * outputs);
  let laterMs = windowMs;
  for (const { atMs, source, index, current } of events.toReversed()) {
    const a = Math.exp(-(laterMs - atMs) / tauMMs);
    const b = Math.exp(-(laterMs - atMs) / tauSMs);
    for (let j = 0; j < neurons; j++) {
      lambdaI[j] = b * lambdaI[j] + (tauMMs / (tauMMs - tauSMs)) * (a - b) * lambdaV[j];
      lambdaV[j] *= a;
    }
    laterMs = atMs;
    if (source === 'input') {
      for (let j = 0; j < neurons; j++) inputGradient[index * neurons + j] -= tauSMs * lambdaI[j];
      continue;
    }
    let e = 0;
    const { psp, area } = readoutKernel(windowMs - atMs, network);
    for (let k = 0; k < outputs; k++) {
      readoutGradient[index * outputs + k] += (kappa / windowMs) * area * error[k];
      e -= (kappa / windowMs) * psp * error[k] * readoutWeights[index * outputs + k];
    }
    if (recurrentWeights && recurrentGradient) {
      for (let m = 0; m < neurons; m++) {
        recurrentGradient[index * neurons + m] -= tauSMs * lambdaI[m];
        const difference = lambdaV[m] - lambdaI[m];
        e += recurrentWeights[index * neurons + m] * difference;
      }
    }
    lambdaV[index] += (theta * lambdaV[index] + e) / (current - theta);
  }
  return { inputGradient, recurrentGradient, readoutGradient };
}
