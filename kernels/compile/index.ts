import loadWabt from 'wabt';
import type { NeuronModel } from './model.js';
import { type ParsedModel, parseModel } from './parse.js';
import { buildProgram, type Program } from './program.js';
import { printWat } from './wat.js';

export { evaluate } from './expression.js';
export type { Jump } from './linear-system.js';
export { ModelError, type NeuronModel, type Quantity } from './model.js';
export { MOST_GROWTH } from './pairs.js';
export { type ParsedModel, parseModel } from './parse.js';
export { buildProgram } from './program.js';
export { referenceStep } from './reference.js';
export { readUnit } from './units.js';
export { UPDATE_ARGUMENTS } from './update-arguments.js';

/** What a compiled neuron model exports; the arguments are named in UPDATE_ARGUMENTS. */
export interface NeuronKernel {
  update(...args: number[]): number;
}

/** A model compiled for WebAssembly with 128-bit SIMD, four neurons at a time in float32. */
export interface CompiledNeuron {
  parsed: ParsedModel;
  program: Program;
  wat: string;
  module: WebAssembly.Module;
}

const compiled = new Map<string, Promise<CompiledNeuron>>();

/**
 * Compiles a neuron model, or throws a ModelError. A model is compiled once; its parameters are no part of it.
 * @param perNeuron parameters that have a value for each neuron
 */
export function compileNeuron(
  model: NeuronModel,
  perNeuron: readonly string[] = [],
): Promise<CompiledNeuron> {
  const key = JSON.stringify([model, perNeuron]);
  let known = compiled.get(key);
  if (known === undefined) {
    known = compile(model, perNeuron);
    compiled.set(key, known);
  }
  return known;
}

async function compile(model: NeuronModel, perNeuron: readonly string[]): Promise<CompiledNeuron> {
  const parsed = parseModel(model);
  const program = buildProgram(parsed, perNeuron);
  const wat = printWat(program, model.name);
  const wabt = await loadWabt();
  const text = wabt.parseWat(`${model.name}.wat`, wat, { simd: true, threads: true });
  const { buffer } = text.toBinary({});
  text.destroy();
  return { parsed, program, wat, module: new WebAssembly.Module(buffer as Uint8Array<ArrayBuffer>) };
}
