/**
 * The layer of plain.ts in WGSL, for programs of tfjs's webgpu backend, as ../lif-window/webgpu.wgsl.ts has them.
 *
 * A program has one output, so that forward and adjoint write all they leave into one array, in planes of
 * batch·steps·targets values, and behind them the state of one step; PLANE takes a plane out.
 *
 *   forward   output, trace, adaptation; V, I [batch][targets]
 *   adjoint   change, shift (EventProp); λ_V, λ_I, p [batch][targets]
 *
 * A workgroup has the neurons first … first + span - 1 of one sample. With synapses among the neurons that is the whole
 * layer, since a step needs what all of them did in the last one: they wait for each other at a barrier, and the array
 * is where they meet.
 */
import { ROUNDED, SURROGATE_SLOPE, type WindowProgram, WORKGROUP } from '../lif-window/webgpu.wgsl.js';

/** Invocations of a workgroup that has a whole layer: as many as neurons in a layer of the usual size. */
const WIDE = 128;

const SIZES = {
  batch: 'i32',
  steps: 'i32',
  targets: 'i32',
  span: 'i32',
  surrogate: 'i32',
  zero: 'i32',
} as const;

/** The sample and the neurons of an invocation: begin, begin + width, … below end. */
const PLACE = (width: number) => `
  let lane = index % ${width};
  let tiles = (uniforms.targets + uniforms.span - 1) / uniforms.span;
  let sample = (index / ${width}) / tiles;
  let first = ((index / ${width}) % tiles) * uniforms.span;
  let end = min(first + uniforms.span, uniforms.targets);
  let plane = uniforms.batch * uniforms.steps * uniforms.targets;
  let states = uniforms.batch * uniforms.targets;`;

const THRESHOLD = 'rounded(uniforms.theta + rounded(uniforms.beta * a))';

const forwardOf = (recurrent: boolean, workgroup: number): WindowProgram => ({
  name: recurrent ? 'femtospikeRecurrentForward' : 'femtospikeAdaptiveForward',
  inputs: ['spikes', 'weights', ...(recurrent ? ['recurrent'] : [])],
  workgroup,
  uniforms: {
    ...SIZES,
    sources: 'i32',
    decayM: 'f32',
    decayS: 'f32',
    decayA: 'f32',
    gain: 'f32',
    theta: 'f32',
    beta: 'f32',
    drop: 'f32',
    slopeFloor: 'f32',
  },
  wgsl: `
${ROUNDED}
fn main(index : i32) {${PLACE(workgroup)}
  for (var k = 0; k < uniforms.steps; k++) {
    ${recurrent ? 'storageBarrier();' : ''}
    let row = sample * uniforms.steps + k;
    for (var j = first + lane; j < end; j += ${workgroup}) {
      let at = row * uniforms.targets + j;
      let state = 3 * plane + sample * uniforms.targets + j;
      var V = 0.0;
      var I = 0.0;
      var a = 0.0;
      if (k == 0) {
        result[at] = 0.0;
      } else {
        V = result[state];
        I = result[state + states];
        a = rounded(rounded(result[2 * plane + at - uniforms.targets] + result[at]) * uniforms.decayA);
      }
      var arriving = 0.0;
      for (var i = 0; i < uniforms.sources; i++) {
        if (spikes[row * uniforms.sources + i] != 0.0) {
          arriving = rounded(arriving + weights[i * uniforms.targets + j]);
        }
      }
      ${recurrent ? ARRIVING_RECURRENT : ''}
      let current = rounded(I + arriving);
      let potential = rounded(rounded(V * uniforms.decayM) + rounded(current * uniforms.gain));
      let threshold = ${THRESHOLD};
      let crosses = potential >= threshold;
      var kept = potential;
      if (uniforms.surrogate == 0) {
        let slope = (current - threshold) + uniforms.beta * a * uniforms.drop;
        kept = select(0.0, 1.0 / max(slope, uniforms.slopeFloor), crosses);
      }
      result[plane + at] = kept;
      result[2 * plane + at] = a;
      if (k + 1 < uniforms.steps) {
        result[at + uniforms.targets] = select(0.0, 1.0, crosses);
      }
      result[state] = select(potential, 0.0, crosses);
      result[state + states] = rounded(current * uniforms.decayS);
    }
  }
}`,
});

const ARRIVING_RECURRENT = `for (var m = 0; k > 0 && m < uniforms.targets; m++) {
        if (result[row * uniforms.targets + m] != 0.0) {
          arriving = rounded(arriving + recurrent[m * uniforms.targets + j]);
        }
      }`;

const adjointOf = (recurrent: boolean, workgroup: number): WindowProgram => ({
  name: recurrent ? 'femtospikeRecurrentAdjoint' : 'femtospikeAdaptiveAdjoint',
  inputs: ['trace', 'adaptation', 'error', ...(recurrent ? ['recurrent'] : [])],
  workgroup,
  uniforms: {
    ...SIZES,
    decayM: 'f32',
    decayS: 'f32',
    decayA: 'f32',
    gain: 'f32',
    mix: 'f32',
    theta: 'f32',
    beta: 'f32',
    tauMMs: 'f32',
    tauSMs: 'f32',
    tauAMs: 'f32',
    drop: 'f32',
    sharpness: 'f32',
  },
  wgsl: `
${ROUNDED}
${SURROGATE_SLOPE}

fn main(index : i32) {${PLACE(workgroup)}
  let byEvents = uniforms.surrogate == 0;
  for (var k = uniforms.steps - 1; k >= 0; k--) {
    ${recurrent ? 'storageBarrier();' : ''}
    let row = sample * uniforms.steps + k;
    for (var j = first + lane; j < end; j += ${workgroup}) {
      let at = row * uniforms.targets + j;
      let state = 2 * plane + sample * uniforms.targets + j;
      let last = k + 1 == uniforms.steps;
      var V = 0.0;
      var I = 0.0;
      var p = 0.0;
      if (!last) {
        V = result[state];
        I = result[state + states];
        p = result[state + 2 * states];
      }
      let kept = trace[at];
      let a = adaptation[at];
      var met = 0.0;
      if (!last && (!byEvents || kept != 0.0)) {
        met = error[at + uniforms.targets];
        ${recurrent ? MET_RECURRENT : ''}
      }
      if (byEvents && kept != 0.0) {
        let rest = uniforms.theta + uniforms.beta * a * (1.0 - uniforms.drop);
        V += kept * (rest * V + p / uniforms.tauAMs + met);
        p += uniforms.beta * uniforms.tauMMs * V;
      }
      if (!byEvents) {
        let threshold = ${THRESHOLD};
        let byPotential = derivative((kept - threshold) / uniforms.theta) * (met + p);
        V = select(V, 0.0, kept >= threshold) + byPotential;
        p -= uniforms.beta * byPotential;
      }
      I = uniforms.decayS * I + select(uniforms.gain, uniforms.mix, byEvents) * V;
      V *= uniforms.decayM;
      result[at] = select(I, -uniforms.tauSMs * I, byEvents);
      result[plane + at] = V - I;
      result[state] = V;
      result[state + states] = I;
      result[state + 2 * states] = p * uniforms.decayA;
    }
  }
}`,
});

/** A spike at the end of step k meets what waits at the start of step k + 1. */
const MET_RECURRENT = `let later = select(0, plane, byEvents) + (row + 1) * uniforms.targets;
        for (var m = 0; m < uniforms.targets; m++) {
          met += recurrent[j * uniforms.targets + m] * result[later + m];
        }`;

/** Neurons that do not talk to each other: a workgroup has 64 of one sample. */
export const ADAPTIVE_FORWARD = forwardOf(false, WORKGROUP);
export const ADAPTIVE_ADJOINT = adjointOf(false, WORKGROUP);
/** Neurons with synapses among themselves: a workgroup has all of one sample. */
export const RECURRENT_FORWARD = forwardOf(true, WIDE);
export const RECURRENT_ADJOINT = adjointOf(true, WIDE);

/** One plane of an array of planes; an invocation a value. */
export const PLANE: WindowProgram = {
  name: 'femtospikePlane',
  inputs: ['planes'],
  uniforms: { start: 'i32', count: 'i32' },
  wgsl: `
fn main(index : i32) {
  if (index < uniforms.count) {
    result[index] = planes[uniforms.start + index];
  }
}`,
};
