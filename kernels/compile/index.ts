import loadWabt from 'wabt';
import type { NeuronModel } from './model.js';
import { type ParsedModel, parseModel } from './parse.js';
import { buildProgram, type Program } from './program.js';
import { printLayerWat, printWat } from './wat.js';
import type { LayerForm } from './wat-steps.js';

export { evaluate } from './expression.js';
export type { Jump } from './linear-system.js';
export { ModelError, type NeuronModel, type Quantity } from './model.js';
export { MOST_GROWTH } from './pairs.js';
export { type ParsedModel, parseModel } from './parse.js';
export { buildProgram } from './program.js';
export { referenceStep } from './reference.js';
export { readUnit } from './units.js';
export { LAYER_ARGUMENTS, UPDATE_ARGUMENTS } from './update-arguments.js';
export type { LayerForm } from './wat-steps.js';

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
  return { parsed, program, wat, module: new WebAssembly.Module(await assemble(wat, model.name)) };
}

/** The binary of a layer of such neurons that is trained; its `update` takes LAYER_ARGUMENTS. */
export function compileLayer(model: NeuronModel, form: LayerForm): Promise<Uint8Array<ArrayBuffer>> {
  return assemble(printLayerWat(buildProgram(parseModel(model)), model.name, form), model.name);
}

async function assemble(wat: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const wabt = await loadWabt();
  const text = wabt.parseWat(`${name}.wat`, wat, { simd: true, threads: true });
  const { buffer } = text.toBinary({});
  text.destroy();
  return buffer as Uint8Array<ArrayBuffer>;
}
