/**
 * Short-term plasticity: what each spike of a source releases (reference.ts has the equations), and delivery of rows
 * by weights that are multiplied by it.
 */
import { exponential } from '../connect/math.wasm';
import { addConstant } from '../deliver/row.wasm';

/** e^(-since/tau); a time constant of 0 leaves nothing. */
// @ts-ignore: decorator
@inline
function left(since: f64, tau: f64): f64 {
  return tau == 0 ? 0 : exponential(-since / tau);
}

/**
 * What `n` spikes in `step` release: u·x as f32, one after the other, at `efficacies`.
 * @param states u, x and the step of the last spike of each source (f64)
 */
export function release(
  spikes: usize,
  n: i32,
  step: i32,
  states: usize,
  utilisation: f64,
  tauRecovery: f64,
  tauFacilitation: f64,
  efficacies: usize,
): void {
  for (let i = 0; i < n; i++) {
    const state = states + 24 * <usize>load<u32>(spikes + 4 * i);
    const since = <f64>step - load<f64>(state, 16);
    const before = load<f64>(state) * left(since, tauFacilitation);
    const u = before + utilisation * (1 - before);
    const x = 1 - (1 - load<f64>(state, 8)) * left(since, tauRecovery);
    store<f64>(state, u);
    store<f64>(state, x - u * x, 8);
    store<f64>(state, <f64>step, 16);
    store<f32>(efficacies + 4 * i, <f32>(u * x));
  }
}

/** acc[target] += weight · efficacy, rounded, for the synapses (target | weight << 16) in [from, to). */
// @ts-ignore: decorator
@inline
function addScaled(acc: usize, from: usize, to: usize, scale: f64): void {
  for (; from < to; from += 4) {
    const synapse = load<u32>(from);
    const at = acc + ((synapse & 0xffff) << 2);
    store<i32>(at, load<i32>(at) + <i32>Math.floor(<f64>(<i32>synapse >> 16) * scale + 0.5));
  }
}

/** The synapses [from, to) of a row; `weight` is the one weight, or the shift of packed weights. */
// @ts-ignore: decorator
@inline
function add(acc: usize, data: usize, from: u32, to: u32, packed: bool, weight: i32, efficacy: f64): void {
  if (packed)
    addScaled(acc, data + 4 * <usize>from, data + 4 * <usize>to, efficacy * <f64>(1 << weight));
  else
    addConstant(
      acc,
      data + 2 * <usize>from,
      data + 2 * <usize>to,
      <i32>Math.floor(<f64>weight * efficacy + 0.5),
    );
}

/** Rows with one delay, as deliverConstant and deliverPacked of kernels/deliver, each spike with its efficacy. */
export function deliverScaled(
  spikes: usize,
  n: i32,
  rows: usize,
  data: usize,
  packed: bool,
  weight: i32,
  efficacies: usize,
  acc: usize,
): void {
  for (let i = 0; i < n; i++) {
    const row = rows + 4 * load<u32>(spikes + 4 * i);
    add(acc, data, load<u32>(row), load<u32>(row, 4), packed, weight, load<f32>(efficacies + 4 * i));
  }
}

/** Rows with a delay per synapse, as deliverConstantDelayed of kernels/deliver. */
export function deliverScaledDelayed(
  spikes: usize,
  n: i32,
  rows: usize,
  segments: usize,
  data: usize,
  packed: bool,
  weight: i32,
  efficacies: usize,
  ring: usize,
  rowBytes: i32,
  slot: i32,
  slots: i32,
): void {
  for (let i = 0; i < n; i++) {
    const row = rows + 8 * load<u32>(spikes + 4 * i);
    let from = load<u32>(row, 4);
    const last = segments + 4 * load<u32>(row, 8);
    for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
      const word = load<u32>(segment);
      const to = from + (word & 0xfffff);
      let due = slot + <i32>(word >> 20);
      if (due >= slots) due -= slots;
      add(ring + due * rowBytes, data, from, to, packed, weight, load<f32>(efficacies + 4 * i));
      from = to;
    }
  }
}
