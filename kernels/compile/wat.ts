import type { Program } from './program.js';
import { LAYER_ARGUMENTS, UPDATE_ARGUMENTS } from './update-arguments.js';
import { get } from './wat-expression.js';
import { pairsFunctions } from './wat-pairs.js';
import { inVectors, type LayerForm, stepsFunction, vectorsAtOnce } from './wat-steps.js';

/**
 * A program as WebAssembly text: `update(…)` advances a population by a number of steps. Returns -1, or the index
 * of the first of some neurons among which a state is NaN or infinite.
 */
export function printWat(program: Program, name: string): string {
  const short = program.pairs !== null;
  const pairs = `(if ${get('wake')} (then (return (call $pairs ${UPDATE_ARGUMENTS.map(get).join(' ')}))))`;
  return printModule(name, UPDATE_ARGUMENTS, {
    functions: [
      stepsFunction(program, name, 'steps', vectorsAtOnce(program)),
      ...(short ? [stepsFunction(program, name, 'single', 1), pairsFunctions(program, name)] : []),
    ],
    first: short ? pairs : '',
  });
}

/** The same for a layer that is trained. */
export function printLayerWat(program: Program, name: string, form: LayerForm): string {
  const functions = [stepsFunction(program, name, 'steps', vectorsAtOnce(program), form)];
  return printModule(name, LAYER_ARGUMENTS, { functions, first: '' });
}

/** A module whose `update` does what comes first, then calls `$steps`. */
function printModule(
  name: string,
  argumentNames: readonly string[],
  { functions, first }: { functions: readonly string[]; first: string },
): string {
  const steps = inVectors(argumentNames).map((argument) =>
    argument === 'vectors' ? `(i32.shl ${get('groups')} (i32.const 2))` : get(argument),
  );
  return `(module ;; ${name}
  (import "env" "memory" (memory 1 65536 shared))
  ${functions.join('\n  ')}
  (func (export "update") ${argumentNames.map((argument) => `(param $${argument} i32)`).join(' ')} (result i32)
    ${first}
    (call $steps ${steps.join(' ')})))
`;
}
