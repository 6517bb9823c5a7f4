/**
 * The layer of plain.ts in WGSL, for programs of tfjs's webgpu backend: inputs are arrays of the names in `inputs`,
 * the one output is `result`, constants are `uniforms.NAME`, and `main` is given the number of the invocation.
 *
 * Forward, an invocation is a neuron of one sample and keeps its state for the whole window; 64 of them read the
 * spikes of a step together, and a weight is read only where its source spikes. Weights are added in the order of
 * the sources, so that sums are the same everywhere.
 *
 * WGSL lets a compiler fuse a product and a sum into one operation with one rounding. `rounded` keeps it from that:
 * what has been through an exclusive or with a number that the compiler does not know is rounded by then.
 */

/** One program: what it reads, its constants in order, and its text. */
export interface WindowProgram {
  name: string;
  inputs: readonly string[];
  uniforms: Readonly<Record<string, 'f32' | 'i32'>>;
  wgsl: string;
  /** Invocations of its workgroups. Default WORKGROUP. */
  workgroup?: number;
}

/** Invocations of a workgroup. */
export const WORKGROUP = 64;

const SIZES = { steps: 'i32', sources: 'i32', targets: 'i32' } as const;

export const ROUNDED = `
fn rounded(x : f32) -> f32 {
  return bitcast<f32>(bitcast<i32>(x) ^ uniforms.zero);
}`;

/** trace [batch][steps][targets]; batch · ⌈targets/64⌉ workgroups. */
export const FORWARD: WindowProgram = {
  name: 'femtospikeForward',
  inputs: ['spikes', 'weights'],
  uniforms: {
    ...SIZES,
    batch: 'i32',
    surrogate: 'i32',
    zero: 'i32',
    decayM: 'f32',
    decayS: 'f32',
    gain: 'f32',
    theta: 'f32',
    slopeFloor: 'f32',
  },
  wgsl: `
var<workgroup> sending : array<f32, ${WORKGROUP}>;
${ROUNDED}
fn main(index : i32) {
  let lane = index % ${WORKGROUP};
  let tiles = (uniforms.targets + ${WORKGROUP - 1}) / ${WORKGROUP};
  let sample = (index / ${WORKGROUP}) / tiles;
  let j = ((index / ${WORKGROUP}) % tiles) * ${WORKGROUP} + lane;
  let exists = sample < uniforms.batch && j < uniforms.targets;
  var V = 0.0;
  var I = 0.0;
  for (var k = 0; k < uniforms.steps; k++) {
    let row = sample * uniforms.steps + k;
    var arriving = 0.0;
    for (var block = 0; block < uniforms.sources; block += ${WORKGROUP}) {
      workgroupBarrier();
      sending[lane] = 0.0;
      if (block + lane < uniforms.sources && sample < uniforms.batch) {
        sending[lane] = spikes[row * uniforms.sources + block + lane];
      }
      workgroupBarrier();
      for (var c = 0; c < ${WORKGROUP}; c++) {
        if (sending[c] != 0.0 && exists) {
          arriving = rounded(arriving + weights[(block + c) * uniforms.targets + j]);
        }
      }
    }
    let current = rounded(I + arriving);
    let potential = rounded(rounded(V * uniforms.decayM) + rounded(current * uniforms.gain));
    let crosses = potential >= uniforms.theta;
    var kept = potential;
    if (uniforms.surrogate == 0) {
      kept = select(0.0, 1.0 / max(current - uniforms.theta, uniforms.slopeFloor), crosses);
    }
    if (exists) {
      result[row * uniforms.targets + j] = kept;
    }
    V = select(potential, 0.0, crosses);
    I = rounded(current * uniforms.decayS);
  }
}`,
};

/** output [batch][steps][targets] from the trace: a neuron that crosses the threshold in step k stands at k + 1. */
export const OUTPUT: WindowProgram = {
  name: 'femtospikeOutput',
  inputs: ['trace'],
  uniforms: { steps: 'i32', targets: 'i32', count: 'i32', surrogate: 'i32', theta: 'f32' },
  wgsl: `
fn main(index : i32) {
  if (index >= uniforms.count) {
    return;
  }
  var crossed = false;
  if ((index / uniforms.targets) % uniforms.steps > 0) {
    let before = trace[index - uniforms.targets];
    crossed = select(before >= uniforms.theta, before > 0.0, uniforms.surrogate == 0);
  }
  result[index] = select(0.0, 1.0, crossed);
}`,
};

const NEURON_OF_SAMPLE = `
  let sample = index / uniforms.targets;
  let j = index % uniforms.targets;
  if (sample >= uniforms.batch) {
    return;
  }
  var V = 0.0;
  var I = 0.0;`;

const MET = `
    let at = (sample * uniforms.steps + k) * uniforms.targets + j;
    var met = 0.0;
    if (k + 1 < uniforms.steps) {
      met = error[at + uniforms.targets];
    }`;

/** change, or shift where \`shift\` is 1, [batch][steps][targets]; batch · targets invocations. */
export const EVENT_ADJOINT: WindowProgram = {
  name: 'femtospikeEventAdjoint',
  inputs: ['trace', 'error'],
  uniforms: {
    steps: 'i32',
    targets: 'i32',
    batch: 'i32',
    shift: 'i32',
    decayM: 'f32',
    decayS: 'f32',
    mix: 'f32',
    tauSMs: 'f32',
    theta: 'f32',
  },
  wgsl: `
fn main(index : i32) {${NEURON_OF_SAMPLE}
  for (var k = uniforms.steps - 1; k >= 0; k--) {${MET}
    V += trace[at] * (uniforms.theta * V + met);
    I = uniforms.decayS * I + uniforms.mix * V;
    V *= uniforms.decayM;
    result[at] = select(-uniforms.tauSMs * I, V - I, uniforms.shift == 1);
  }
}`,
};

/** What a surrogate takes for the derivative of a spike: a fast sigmoid's (surrogate 1), or an arctangent's. */
export const SURROGATE_SLOPE = `
fn derivative(x : f32) -> f32 {
  if (uniforms.surrogate == 1) {
    let slope = 1.0 + uniforms.sharpness * abs(x);
    return 1.0 / (slope * slope);
  }
  let scaled = ${0.5 * Math.PI} * uniforms.sharpness * x;
  return 1.0 / (1.0 + scaled * scaled);
}`;

/** change [batch][steps][targets]; batch · targets invocations. */
export const SURROGATE_ADJOINT: WindowProgram = {
  name: 'femtospikeSurrogateAdjoint',
  inputs: ['trace', 'error'],
  uniforms: {
    steps: 'i32',
    targets: 'i32',
    batch: 'i32',
    surrogate: 'i32',
    decayM: 'f32',
    decayS: 'f32',
    gain: 'f32',
    theta: 'f32',
    sharpness: 'f32',
  },
  wgsl: `
${SURROGATE_SLOPE}

fn main(index : i32) {${NEURON_OF_SAMPLE}
  for (var k = uniforms.steps - 1; k >= 0; k--) {${MET}
    let u = trace[at];
    V = select(V, 0.0, u >= uniforms.theta) + met * derivative((u - uniforms.theta) / uniforms.theta);
    I = uniforms.decayS * I + uniforms.gain * V;
    V *= uniforms.decayM;
    result[at] = I;
  }
}`,
};

/** gradient [sources][targets]; an invocation a synapse, which reads a vector only where its source spikes. */
export const SUM_BY_SOURCE: WindowProgram = {
  name: 'femtospikeSumBySource',
  inputs: ['spikes', 'vectors'],
  uniforms: { rows: 'i32', sources: 'i32', targets: 'i32' },
  wgsl: `
fn main(index : i32) {
  let i = index / uniforms.targets;
  let j = index % uniforms.targets;
  if (i >= uniforms.sources) {
    return;
  }
  var sum = 0.0;
  for (var row = 0; row < uniforms.rows; row++) {
    if (spikes[row * uniforms.sources + i] != 0.0) {
      sum += vectors[row * uniforms.targets + j];
    }
  }
  result[index] = sum;
}`,
};

/** error [batch][steps][sources]; an invocation an entry, which has work only where its source spikes. */
export const BACKPROJECT: WindowProgram = {
  name: 'femtospikeBackproject',
  inputs: ['spikes', 'weights', 'vectors'],
  uniforms: { count: 'i32', sources: 'i32', targets: 'i32' },
  wgsl: `
fn main(index : i32) {
  if (index >= uniforms.count) {
    return;
  }
  var sum = 0.0;
  if (spikes[index] != 0.0) {
    let i = index % uniforms.sources;
    let row = index / uniforms.sources;
    for (var j = 0; j < uniforms.targets; j++) {
      sum += weights[i * uniforms.targets + j] * vectors[row * uniforms.targets + j];
    }
  }
  result[index] = sum;
}`,
};
