import { LOOK_STEPS } from './pairs.js';
import type { Program } from './program.js';
import { UPDATE_ARGUMENTS } from './update-arguments.js';
import { get } from './wat-expression.js';
import { farFunction, isFar, SPIKES_ARGUMENTS, spikesFunction } from './wat-rare.js';
import { indent, SPIKED, shortFunction } from './wat-short.js';
import { STEPS_ARGUMENTS } from './wat-steps.js';

/**
 * The short way, as WebAssembly text: two steps of four neurons at once, with the state in registers and one test
 * for whatever is rare. While a neuron is held its variable is NaN, which no arithmetic lifts to the threshold, so
 * nothing in the short way asks whether it is held. A vector in which somebody spikes, is free again, or grows
 * large leaves it before anything is stored, and `$single` takes these two steps instead; the results are the same
 * to the bit, as the expressions are. In an exact model nothing but a spike is rare, and it changes only the variable
 * that is held: there the rest is stored first, and `$spikes` does what is left.
 */
export function pairsFunctions(program: Program, model: string): string {
  const exact = program.pairs!.everyStep ? [] : [spikesFunction(program), farFunction(program)];
  return [shortFunction(program, model), ...exact, pairsFunction(program)].join('\n');
}

/** `$pairs(…)`, with the arguments of `update`: two steps at a time, vectors the short way or by `$single`. */
function pairsFunction(program: Program): string {
  const { states, inputs, pairs } = program;
  const set = (name: string, value: string) => `(local.set $${name} ${value})`;
  const bases = [
    ...states.map((_, k) => `(i32.add ${get('state')} (i32.mul ${get('stateBytes')} (i32.const ${k})))`),
    ...['slot', 'nextSlot'].flatMap((slot) =>
      inputs.map(
        (_, r) =>
          `(i32.add ${get('ring')} (i32.add (i32.mul ${get(slot)} ${get('rowBytes')}) (i32.mul ${get('channelBytes')} (i32.const ${r}))))`,
      ),
    ),
  ];
  const longWay = [
    `(br_if $through (i32.ge_s ${get('vector')} ${get('vectors')}))`,
    `(if (i32.ge_s (call $single ${STEPS_ARGUMENTS.map(singleArgument).join(' ')}) (i32.const 0))`,
    `  (then (return (i32.shl ${get('vector')} (i32.const 2)))))`,
  ];
  const spikes = [
    set('vector', `(i32.xor ${get('vector')} (i32.const ${SPIKED}))`),
    `(call $spikes ${SPIKES_ARGUMENTS.map(get).join(' ')})`,
  ];
  return `(func $pairs ${UPDATE_ARGUMENTS.map((argument) => `(param $${argument} i32)`).join(' ')} (result i32)
    (local $free v128) (local $vector i32) (local $vectors i32) (local $nextSlot i32) (local $last i32)
    (local $taken i32) (local $soon i32)
    ${set('last', `(i32.add ${get('step')} ${get('steps')})`)}
    ${set('vectors', `(i32.shl ${get('groups')} (i32.const 2))`)}
    (block $done (loop $steps
      (br_if $done (i32.ge_s ${get('step')} ${get('last')}))
      ;; A last odd step goes the long way: everybody wakes before the end of time.
      ${set('taken', `(select (i32.const 2) (i32.const 1) (i32.lt_s (i32.add ${get('step')} (i32.const 1)) ${get('last')}))`)}
      ${set('soon', `(select (i32.add ${get('step')} (i32.const 1)) (i32.const -1) (i32.eq ${get('taken')} (i32.const 2)))`)}
      ${set('nextSlot', next('slot', 1))}
      ${pairs!.everyStep ? '' : lookNowAndThen(bases[states.indexOf(pairs!.held)])}
      ${set('vector', '(i32.const 0)')}
      (block $through (loop $again
        ${set('vector', `(call $short ${['vector', 'vectors', 'soon', 'wake', 'coefficients'].map(get).join(' ')} ${bases.join(' ')})`)}
${indent(pairs!.everyStep ? longWay : [`(if (i32.and ${get('vector')} (i32.const ${SPIKED}))`, '  (then', ...spikes, '  ) (else', ...longWay, '))'], 8)}
${indent(noteFree(program), 8)}
        ${set('vector', `(i32.add ${get('vector')} (i32.const 1))`)}
        (br $again)))
      ${set('step', `(i32.add ${get('step')} ${get('taken')})`)}
      ${set('slot', next('slot', 2))}
      ${set('spikeCounts', `(i32.add ${get('spikeCounts')} (i32.const 8))`)}
      ${set('spikeLists', `(i32.add ${get('spikeLists')} (i32.shl ${get('listBytes')} (i32.const 1)))`)}
      (br $steps)))
    (i32.const -1))
`;
}

/** Arguments of `$single` for the vector that left the short way. */
function singleArgument(argument: string): string {
  switch (argument) {
    case 'vectors':
      return '(i32.const 1)';
    case 'steps':
      return get('taken');
    case 'state':
    case 'ring':
      return `(i32.add ${get(argument)} (i32.shl ${get('vector')} (i32.const 4)))`;
    case 'first':
      return `(i32.add ${get('first')} (i32.shl ${get('vector')} (i32.const 2)))`;
    case 'count':
      return `(i32.sub ${get('count')} (i32.shl ${get('vector')} (i32.const 2)))`;
    default:
      return get(argument);
  }
}

/** Calls `$far` if a multiple of LOOK_STEPS is among the steps that are taken now. */
function lookNowAndThen(held: string): string {
  const last = `(i32.sub (i32.add ${get('step')} ${get('taken')}) (i32.const 1))`;
  const due = `(i32.lt_u (i32.and ${last} (i32.const ${LOOK_STEPS - 1})) ${get('taken')})`;
  return `(if ${due} (then (call $far ${held} ${get('vectors')} ${get('wake')} ${get('coefficients')})))`;
}

/**
 * Notes when the first of a vector's neurons that are held is free, or 0 while one has to be looked at in every step;
 * -1 is later than any step.
 */
function noteFree(program: Program): string[] {
  const { states, pairs } = program;
  const address = (variable: number) =>
    `(i32.add (i32.add ${get('state')} (i32.mul ${get('stateBytes')} (i32.const ${variable}))) (i32.shl ${get('vector')} (i32.const 4)))`;
  const until = `(v128.load ${address(states.length)})`;
  const isFree = `(i32x4.lt_s ${get('free')} (i32x4.splat (i32.add ${get('step')} ${get('taken')})))`;
  const rotated = (by: number) => {
    const bytes = Array.from({ length: 16 }, (_, i) => (i + 4 * by) % 16).join(' ');
    return `(i8x16.shuffle ${bytes} ${get('free')} ${get('free')})`;
  };
  const least = (by: number) => `(local.set $free (i32x4.min_u ${get('free')} ${rotated(by)}))`;
  return [
    `(local.set $free ${until})`,
    `(local.set $free (v128.or ${isFree} (i32x4.add ${get('free')} (i32x4.splat (i32.const 1)))))`,
    least(1),
    least(2),
    `(i32.store (i32.add ${get('wake')} (i32.shl ${get('vector')} (i32.const 2)))`,
    `  (select (i32.const 0) (i32x4.extract_lane 0 ${get('free')})`,
    `    (v128.any_true ${isFar(program, address(states.indexOf(pairs!.held)))})))`,
  ];
}

/** The slot `by` further on. */
function next(slot: string, by: number): string {
  const sum = `(i32.add ${get(slot)} (i32.const ${by}))`;
  return `(i32.rem_u ${sum} ${get('slots')})`;
}
