import type { Program } from './program.js';
import { UPDATE_ARGUMENTS } from './update-arguments.js';
import { get } from './wat-expression.js';
import { pairsFunctions } from './wat-pairs.js';
import { STEPS_ARGUMENTS, stepsFunction, vectorsAtOnce } from './wat-steps.js';

/**
 * A program as WebAssembly text: `update(…)` advances a population by a number of steps. Returns -1, or the index
 * of the first of some neurons among which a state is NaN or infinite.
 */
export function printWat(program: Program, name: string): string {
  const short = program.pairs !== null;
  const parameters = UPDATE_ARGUMENTS.map((argument) => `(param $${argument} i32)`).join(' ');
  const steps = STEPS_ARGUMENTS.map((argument) =>
    argument === 'vectors' ? `(i32.shl ${get('groups')} (i32.const 2))` : get(argument),
  );
  const pairs = `(if ${get('wake')} (then (return (call $pairs ${UPDATE_ARGUMENTS.map(get).join(' ')}))))`;
  return `(module ;; ${name}
  (import "env" "memory" (memory 1 65536 shared))
  ${stepsFunction(program, name, 'steps', vectorsAtOnce(program))}
  ${short ? stepsFunction(program, name, 'single', 1) : ''}
  ${short ? pairsFunctions(program, name) : ''}
  (func (export "update") ${parameters} (result i32)
    ${short ? pairs : ''}
    (call $steps ${steps.join(' ')})))
`;
}
