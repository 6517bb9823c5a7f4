/**
 * Neurons with a threshold that adapts, and with synapses among themselves, over whole windows of a batch: the same as
 * plain.ts, four neurons at a time. Equations, shapes and the time axis are told there. Spikes come as a list:
 * i32 starts[batch·steps + 1] and sources events[…].
 */
import { dot } from '../dot.wasm';
import { adjointCurrent, inverseSlopeOf, nextPotential } from '../lif/neuron.wasm';

/**
 * @param recurrent f32[targets][targets], or 0
 * @param drop τ_m/τ_a: what the sinking threshold adds to the slope of a crossing
 * @param scratch f32[4·targets]
 */
export function forward(
  batch: i32, steps: i32, targets: i32,
  starts: usize, events: usize, weights: usize, recurrent: usize,
  decayM: f32, decayS: f32, decayA: f32, gain: f32, theta: f32, beta: f32, drop: f32, slopeFloor: f32,
  surrogate: i32,
  output: usize, trace: usize, adaptation: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const currents = scratch + rowBytes;
  const lifts = currents + rowBytes;
  const arriving = lifts + rowBytes;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(scratch, 0, 3 * rowBytes);
    memory.fill(output, 0, rowBytes);
    for (let k: i32 = 1; k <= steps; k++) {
      const from = events + (<usize>load<i32>(starts, 0) << 2);
      const to = events + (<usize>load<i32>(starts, 4) << 2);
      memory.fill(arriving, 0, rowBytes);
      for (let event = from; event < to; event += 4) {
        addRow(rowBytes, arriving, weights + <usize>load<i32>(event) * rowBytes);
      }
      if (recurrent) addSpikes(rowBytes, arriving, output, recurrent);
      // The spikes of the last step lie at the end of the window and are not kept.
      const next: usize = k < steps ? output + rowBytes : 0;
      let at: usize = 0;
      for (; at + 16 <= rowBytes; at += 16) {
        const current = f32x4.add(v128.load(currents + at), v128.load(arriving + at));
        const potential = nextPotential(v128.load(scratch + at), current, f32x4.splat(decayM), f32x4.splat(gain));
        const a = f32x4.mul(v128.load(lifts + at), f32x4.splat(decayA));
        const lift = f32x4.mul(f32x4.splat(beta), a);
        const threshold = f32x4.add(f32x4.splat(theta), lift);
        const spikes = f32x4.ge(potential, threshold);
        const sent = v128.and(spikes, f32x4.splat(1));
        v128.store(adaptation + at, a);
        if (surrogate) v128.store(trace + at, potential);
        else {
          const slope = f32x4.add(f32x4.sub(current, threshold), f32x4.mul(lift, f32x4.splat(drop)));
          v128.store(trace + at, inverseSlopeOf(spikes, slope, f32x4.splat(slopeFloor)));
        }
        if (next) v128.store(next + at, sent);
        v128.store(lifts + at, f32x4.add(a, sent));
        v128.store(scratch + at, v128.andnot(potential, spikes));
        v128.store(currents + at, f32x4.mul(current, f32x4.splat(decayS)));
      }
      for (; at < rowBytes; at += 4) {
        const current = load<f32>(currents + at) + load<f32>(arriving + at);
        const potential = load<f32>(scratch + at) * decayM + current * gain;
        const a = load<f32>(lifts + at) * decayA;
        const lift = beta * a;
        const threshold = theta + lift;
        const spikes = potential >= threshold;
        const one: f32 = 1;
        store<f32>(adaptation + at, a);
        const steep = max<f32>(current - threshold + lift * drop, slopeFloor);
        store<f32>(trace + at, surrogate ? potential : spikes ? one / steep : 0);
        if (next) store<f32>(next + at, spikes ? 1 : 0);
        store<f32>(lifts + at, spikes ? a + one : a);
        store<f32>(scratch + at, spikes ? 0 : potential);
        store<f32>(currents + at, current * decayS);
      }
      starts += 4;
      output += rowBytes;
      trace += rowBytes;
      adaptation += rowBytes;
    }
  }
}

/** `to += from`, a row each. */
function addRow(bytes: usize, to: usize, from: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}

/** Adds the rows of `recurrent` whose neurons are 1 in `sent`. */
function addSpikes(bytes: usize, to: usize, sent: usize, recurrent: usize): void {
  let m: usize = 0;
  for (; m < bytes; m += 4) {
    if (load<f32>(sent + m) != 0) addRow(bytes, to, recurrent + (m >> 2) * bytes);
  }
}

/**
 * The adjoint from the end of the window to its start.
 *
 * @param recurrent f32[targets][targets], or 0
 * @param shift out, EventProp only
 * @param scratch f32[4·targets]
 */
export function adjoint(
  batch: i32, steps: i32, targets: i32,
  trace: usize, adaptation: usize, error: usize, recurrent: usize,
  decayM: f32, decayS: f32, decayA: f32, gain: f32, mix: f32, theta: f32, beta: f32,
  tauMMs: f32, tauSMs: f32, tauAMs: f32, surrogate: i32, sharpness: f32,
  change: usize, shift: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const met = scratch + 3 * rowBytes;
  // A spike at the end of step k meets what waits at the start of step k + 1.
  const later = surrogate ? change : shift;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(scratch, 0, 3 * rowBytes);
    for (let k: i32 = steps - 1; k >= 0; k--) {
      const row = (<usize>s * <usize>steps + <usize>k) * rowBytes;
      if (k + 1 == steps) memory.fill(met, 0, rowBytes);
      else {
        memory.copy(met, error + row + rowBytes, rowBytes);
        if (recurrent) addMet(rowBytes, met, surrogate ? 0 : trace + row, recurrent, later + row + rowBytes);
      }
      if (surrogate) {
        surrogateStep(
          rowBytes, trace + row, adaptation + row, scratch, decayM, decayS, decayA, gain, theta, beta, surrogate,
          sharpness, change + row,
        );
      } else {
        eventStep(
          rowBytes, trace + row, adaptation + row, scratch, decayM, decayS, decayA, mix, theta, beta, tauMMs, tauSMs,
          tauAMs, change + row, shift + row,
        );
      }
    }
  }
}

/** `met[j] += Σ_m recurrent[j][m] later[m]`, of EventProp only where neuron j spikes. */
function addMet(bytes: usize, met: usize, trace: usize, recurrent: usize, later: usize): void {
  for (let j: usize = 0; j < bytes; j += 4) {
    if (!trace || load<f32>(trace + j) != 0) store<f32>(met + j, load<f32>(met + j) + dot(bytes, recurrent, later));
    recurrent += bytes;
  }
}

/** Potentials, currents, adaptation and what is met lie at `state`, a row each. */
// @ts-ignore: decorator
@inline
function eventStep(
  bytes: usize, trace: usize, adaptation: usize, state: usize,
  decayM: f32, decayS: f32, decayA: f32, mix: f32, theta: f32, beta: f32, tauMMs: f32, tauSMs: f32, tauAMs: f32,
  change: usize, shift: usize,
): void {
  const lifted: f32 = beta * (<f32>1 - tauMMs / tauAMs);
  const perTauA: f32 = <f32>1 / tauAMs;
  const zero = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    let v = v128.load(state + at);
    let p = v128.load(state + 2 * bytes + at);
    const inverseSlope = v128.load(trace + at);
    if (v128.any_true(inverseSlope)) {
      const rest = f32x4.add(f32x4.splat(theta), f32x4.mul(f32x4.splat(lifted), v128.load(adaptation + at)));
      const jump = f32x4.add(
        f32x4.add(f32x4.mul(rest, v), f32x4.mul(p, f32x4.splat(perTauA))),
        v128.load(state + 3 * bytes + at),
      );
      v = f32x4.add(v, f32x4.mul(inverseSlope, jump));
      const spiked = f32x4.ne(inverseSlope, zero);
      p = f32x4.add(p, v128.and(spiked, f32x4.mul(f32x4.splat(beta * tauMMs), v)));
    }
    const i = adjointCurrent(v128.load(state + bytes + at), v, f32x4.splat(decayS), f32x4.splat(mix));
    v = f32x4.mul(v, f32x4.splat(decayM));
    v128.store(state + at, v);
    v128.store(state + bytes + at, i);
    v128.store(state + 2 * bytes + at, f32x4.mul(p, f32x4.splat(decayA)));
    v128.store(change + at, f32x4.mul(f32x4.splat(-tauSMs), i));
    v128.store(shift + at, f32x4.sub(v, i));
  }
  for (; at < bytes; at += 4) {
    let v = load<f32>(state + at);
    let p = load<f32>(state + 2 * bytes + at);
    const inverseSlope = load<f32>(trace + at);
    if (inverseSlope != 0) {
      const rest = theta + lifted * load<f32>(adaptation + at);
      v += inverseSlope * (rest * v + p * perTauA + load<f32>(state + 3 * bytes + at));
      p += beta * tauMMs * v;
    }
    const i = decayS * load<f32>(state + bytes + at) + mix * v;
    v *= decayM;
    store<f32>(state + at, v);
    store<f32>(state + bytes + at, i);
    store<f32>(state + 2 * bytes + at, p * decayA);
    store<f32>(change + at, -tauSMs * i);
    store<f32>(shift + at, v - i);
  }
}

// @ts-ignore: decorator
@inline
function surrogateStep(
  bytes: usize, trace: usize, adaptation: usize, state: usize,
  decayM: f32, decayS: f32, decayA: f32, gain: f32, theta: f32, beta: f32, surrogate: i32, sharpness: f32,
  change: usize,
): void {
  const one = f32x4.splat(1);
  const scale: f32 = (surrogate == 1 ? sharpness : <f32>1.5707963267948966 * sharpness) / theta;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const potential = v128.load(trace + at);
    const threshold = f32x4.add(
      f32x4.splat(theta),
      f32x4.mul(f32x4.splat(beta), v128.load(adaptation + at)),
    );
    const x = f32x4.mul(f32x4.sub(potential, threshold), f32x4.splat(scale));
    const root = f32x4.add(one, f32x4.abs(x));
    const flat = surrogate == 1 ? f32x4.mul(root, root) : f32x4.add(one, f32x4.mul(x, x));
    let p = v128.load(state + 2 * bytes + at);
    const byPotential = f32x4.div(f32x4.add(v128.load(state + 3 * bytes + at), p), flat);
    let v = v128.andnot(v128.load(state + at), f32x4.ge(potential, threshold));
    v = f32x4.add(v, byPotential);
    p = f32x4.sub(p, f32x4.mul(f32x4.splat(beta), byPotential));
    const i = adjointCurrent(v128.load(state + bytes + at), v, f32x4.splat(decayS), f32x4.splat(gain));
    v128.store(state + at, f32x4.mul(v, f32x4.splat(decayM)));
    v128.store(state + bytes + at, i);
    v128.store(state + 2 * bytes + at, f32x4.mul(p, f32x4.splat(decayA)));
    v128.store(change + at, i);
  }
  for (; at < bytes; at += 4) {
    const potential = load<f32>(trace + at);
    const threshold = theta + beta * load<f32>(adaptation + at);
    const x = (potential - threshold) * scale;
    const root: f32 = <f32>1 + abs<f32>(x);
    const flat: f32 = surrogate == 1 ? root * root : <f32>1 + x * x;
    let p = load<f32>(state + 2 * bytes + at);
    const byPotential = (load<f32>(state + 3 * bytes + at) + p) / flat;
    const v: f32 = (potential >= threshold ? 0 : load<f32>(state + at)) + byPotential;
    p -= beta * byPotential;
    const i = decayS * load<f32>(state + bytes + at) + gain * v;
    store<f32>(state + at, v * decayM);
    store<f32>(state + bytes + at, i);
    store<f32>(state + 2 * bytes + at, p * decayA);
    store<f32>(change + at, i);
  }
}
