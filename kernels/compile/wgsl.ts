import { RANDOM_WGSL } from '../random/webgpu.wgsl.js';
import type { Program } from './program.js';
import { WgslPrinter } from './wgsl-expression.js';
import { FUNCTIONS_WGSL } from './wgsl-functions.js';

/** Invocations of a workgroup: an invocation is a neuron. */
export const UPDATE_WORKGROUP = 64;

/** Words of `control`, i32; after them two for each population: the start and the end of its window in the log. */
export const CONTROL = { now: 0, end: 1, zero: 2, broken: 3, begin: 4, logs: 8 } as const;

/** Words at the head of `words`, u32. */
export const HEAD = { window: 0, slots: 1, rowWords: 2, length: 4 } as const;

/** Words that tell a part of a population in `words`, u32. */
export const PART = {
  neurons: 0, // cell of its first neuron in a row of the ring
  count: 1,
  first: 2, // index of its first neuron in the population
  state: 3, // where its state begins
  stride: 4, // from one state variable to the next; the last holds the step until which a neuron is held
  log: 5, // where the log of its population begins
  counter: 6, // where in control its population's start and end are
  refractory: 7, // in steps
  coefficients: 8, // where they begin in words
  inputs: 9, // how many Poisson inputs it has
  inputsAt: 10, // where they begin in words
  length: 12,
} as const;

/** Words that tell a Poisson input in `words`, u32; then sixteen of its table. */
export const INPUT = { channel: 0, weight: 1, parts: 2, key: 3, table: 5, length: 21 } as const;

/**
 * A program as WGSL: a compute shader that advances neurons by a window, from control.now to control.end at most.
 * Every neuron is one invocation and keeps its state in registers for the whole window. Workgroup w takes the neurons
 * words[blocksAt + 2w + 1] … of the part at words[blocksAt + 2w].
 */
export function printWgsl(program: Program, name: string): string {
  const printer = new WgslPrinter(name);
  const { states, fixed, coefficients, refractory } = program;
  const id = (of: string) => printer.id(of);
  const stored = (variable: number) => `state[stateAt + ${variable}u * stride]`;
  const lines = (parts: readonly string[], depth: number) =>
    parts.map((line) => `${' '.repeat(depth)}${line}`).join('\n');
  const moving = states.filter((state) => !fixed.has(state));
  return `
@group(0) @binding(0) var<storage, read_write> control : array<atomic<i32>>;
@group(0) @binding(1) var<storage, read> words : array<u32>;
@group(0) @binding(2) var<storage, read_write> state : array<u32>;
@group(0) @binding(3) var<storage, read_write> ring : array<i32>;
@group(0) @binding(4) var<storage, read_write> log : array<vec2u>;
override blocksAt : u32;
${FUNCTIONS_WGSL}
${RANDOM_WGSL}

/** What the Poisson inputs of a part add to a receptor of a neuron in a step, in quanta. */
fn poisson(part : u32, channel : u32, neuron : u32, step : u32) -> i32 {
  var sum = 0;
  let inputs = words[part + ${PART.inputs}u];
  for (var i = 0u; i < inputs; i++) {
    let input = words[part + ${PART.inputsAt}u] + ${INPUT.length}u * i;
    if (words[input + ${INPUT.channel}u] != channel) {
      continue;
    }
    let key = vec2u(words[input + ${INPUT.key}u], words[input + ${INPUT.key + 1}u]);
    let count = poissonCount(input + ${INPUT.table}u, words[input + ${INPUT.parts}u], neuron, step, key);
    sum += bitcast<i32>(words[input + ${INPUT.weight}u]) * i32(count);
  }
  return sum;
}

fn isFinite(x : f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

@compute @workgroup_size(${UPDATE_WORKGROUP})
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  let block = blocksAt + 2u * (group.y * groups.x + group.x);
  let part = words[block];
  let i = words[block + 1u] + lane;
  if (i >= words[part + ${PART.count}u]) {
    return;
  }
  zero = bitcast<u32>(atomicLoad(&control[${CONTROL.zero}]));
  let start = atomicLoad(&control[${CONTROL.now}]);
  let end = min(start + i32(words[${HEAD.window}]), atomicLoad(&control[${CONTROL.end}]));
  let slots = words[${HEAD.slots}];
  let rowWords = words[${HEAD.rowWords}];
  let neuron = words[part + ${PART.first}u] + i;
  let cell = words[part + ${PART.neurons}u] + i;
  let stride = words[part + ${PART.stride}u];
  let stateAt = words[part + ${PART.state}u] + i;
  let coefficients = words[part + ${PART.coefficients}u];
${lines(
  coefficients.map((coefficient, c) => `let ${id(coefficient)} = bitcast<f32>(words[coefficients + ${c}u]);`),
  2,
)}
${lines(
  states.map((state, s) => `var ${id(state)} = bitcast<f32>(${stored(s)});`),
  2,
)}
  var until = bitcast<i32>(${stored(states.length)});
  for (var now = start; now < end; now++) {
    let held = until >= now;
    let row = (u32(now) % slots) * rowWords + cell;
${lines(advance(program, printer), 4)}
    if (spiking) {
      let at = u32(atomicAdd(&control[words[part + ${PART.counter}u] + 1u], 1));
      log[words[part + ${PART.log}u] + at] = vec2u(neuron, u32(now));
${lines(
  program.reset.map(({ target, expr }) => `${id(target)} = ${printer.print(expr)};`),
  6,
)}
      ${refractory ? `until = now + i32(words[part + ${PART.refractory}u]);` : ''}
    }
  }
${lines(
  moving.map((state) => `${stored(states.indexOf(state))} = bitcast<u32>(${id(state)});`),
  2,
)}
  ${stored(states.length)} = bitcast<u32>(until);
  if (!(${moving.map((state) => `isFinite(${id(state)})`).join(' && ')})) {
    atomicMin(&control[${CONTROL.broken}], i32(cell));
  }
}`;
}

/** Input, integration and threshold of one step: what `advance` of wat.ts does for four neurons. */
function advance(program: Program, printer: WgslPrinter): string[] {
  const id = (of: string) => printer.id(of);
  const lines: string[] = [];
  program.inputs.forEach(({ state, coefficient }, channel) => {
    const at = channel === 0 ? 'row' : `row + ${channel}u * slots * rowWords`;
    const arrived = id(`arrived ${channel}`);
    lines.push(`var ${arrived} = ring[${at}] + poisson(part, ${channel}u, neuron, u32(now));`);
    lines.push(`ring[${at}] = 0;`);
    // What arrives at a held variable is lost.
    if (program.refractory && program.held.has(state) && program.heldCanSpike)
      lines.push(`${arrived} = select(${arrived}, 0, held);`);
    const input = coefficient === null ? `f32(${arrived})` : `rounded(${id(coefficient)} * f32(${arrived}))`;
    lines.push(`${id(state)} = rounded(${id(state)} + ${input});`);
  });
  for (const { name, expr } of program.temporaries) lines.push(`let ${id(name)} = ${printer.print(expr)};`);
  for (const [state, expr] of program.next) {
    const rule = program.held.get(state);
    const value = printer.print(expr);
    const next = rule === undefined ? value : `select(${value}, ${printer.print(rule)}, held)`;
    lines.push(`let ${id(`next ${state}`)} = ${next};`);
  }
  for (const state of program.next.keys()) lines.push(`${id(state)} = ${id(`next ${state}`)};`);
  const masked = program.refractory && program.heldCanSpike ? ' && !held' : '';
  lines.push(`let spiking = ${printer.print(program.threshold)}${masked};`);
  return lines;
}
