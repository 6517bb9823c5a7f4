import { LOOK_STEPS } from './pairs.js';
import type { Program } from './program.js';
import { UPDATE_ARGUMENTS } from './update-arguments.js';
import { Emitter, get } from './wat-expression.js';
import { STEPS_ARGUMENTS } from './wat-steps.js';

/** Marks what `$short` returns where a vector of an exact model is done but for its spikes. */
const SPIKED = 0x40000000;

/** Vectors of four neurons for which addresses and the loop's own work are computed once. */
const UNROLLED = 4;

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

/** Addresses of the first neuron: of its variables, and of its accumulators in the two steps. */
function basesOf({ states, inputs }: Program): string[] {
  return [
    ...states.map((_, k) => `base.${k}`),
    ...[0, 1].flatMap((s) => inputs.map((_, r) => `row.${s}.${r}`)),
  ];
}

/**
 * `$short(vector, vectors, soon, wake, coefficients, addresses …)` takes vectors two steps ahead until one has to go
 * the long way, and returns which. Everything that stays the same is an argument: the compiler would compute it
 * again and again in the loop.
 */
function shortFunction(program: Program, model: string): string {
  const emitters = Array.from(
    { length: UNROLLED },
    (_, u) => new Emitter(model, u, program.coefficients, true),
  );
  const bases = basesOf(program);
  const constants = program.coefficients.map((coefficient, i) =>
    emitters[0].assign(coefficient, `(v128.load32_splat offset=${4 * i} ${get('coefficients')})`),
  );
  const bodies = emitters.map((emitter, u) => pair(program, emitter, u));
  const vectorLocals = new Set(emitters.flatMap((emitter) => [...emitter.locals]));
  const parameters = ['vector', 'vectors', 'soon', 'wake', 'coefficients', ...bases];
  return `(func $short ${parameters.map((parameter) => `(param $${parameter} i32)`).join(' ')} (result i32)
    ${[...vectorLocals].map((local) => `(local $${local} v128)`).join(' ')} (local $zero v128)
    ${bases.map((base) => `(local $at.${base} i32)`).join(' ')} (local $offset i32) (local $wakeAt i32)
${indent(constants, 4)}
    (local.set $vectors (i32.sub ${get('vectors')} (i32.const ${UNROLLED})))
    (block $rare (loop $short
      (br_if $rare (i32.gt_s ${get('vector')} ${get('vectors')}))
      (local.set $offset (i32.shl ${get('vector')} (i32.const 4)))
      (local.set $wakeAt (i32.add ${get('wake')} (i32.shl ${get('vector')} (i32.const 2))))
${indent(
  bases.map((base) => `(local.set $at.${base} (i32.add ${get(base)} ${get('offset')}))`),
  6,
)}
${bodies.map((body) => indent(body, 6)).join('\n')}
      (local.set $vector (i32.add ${get('vector')} (i32.const ${UNROLLED})))
      (br $short)))
    ${get('vector')})
`;
}

const SPIKES_ARGUMENTS = [
  'state',
  'stateBytes',
  'vector',
  'step',
  'refractorySteps',
  'first',
  'spikeCounts',
  'spikeLists',
  'listBytes',
];

/** `$spikes(…)` lists the spikes of a vector that `$short` has taken two steps ahead, and holds the neurons. */
function spikesFunction({ states, pairs }: Program): string {
  const held = states.indexOf(pairs!.held);
  const address = (variable: number) =>
    `(i32.add ${get('at')} (i32.mul ${get('stateBytes')} (i32.const ${variable})))`;
  const spiking = [
    '(global.get $over0)',
    // Who spikes in the first step is held in the second.
    '(v128.andnot (global.get $over1) (global.get $over0))',
  ];
  const list = [0, 1].map((s) => {
    const count = `(i32.add ${get('spikeCounts')} (i32.const ${4 * s}))`;
    const end = `(i32.add (i32.add ${get('spikeLists')} ${s === 0 ? '(i32.const 0)' : get('listBytes')}) (i32.shl (i32.load ${count}) (i32.const 2)))`;
    const until = `(i32x4.splat (i32.add (i32.add ${get('step')} (i32.const ${s})) ${get('refractorySteps')}))`;
    return `(local.set $spiking ${spiking[s]})
    (local.set $bits (i32x4.bitmask ${get('spiking')}))
    (if ${get('bits')} (then
      (local.set $until (v128.bitselect ${until} ${get('until')} ${get('spiking')}))
      (loop $lanes
        (i32.store ${end} (i32.add ${get('neuron')} (i32.ctz ${get('bits')})))
        (i32.store ${count} (i32.add (i32.load ${count}) (i32.const 1)))
        (br_if $lanes (local.tee $bits (i32.and ${get('bits')} (i32.sub ${get('bits')} (i32.const 1))))))))`;
  });
  const isHeld = `(i32x4.ge_s ${get('until')} (i32x4.splat (i32.add ${get('step')} (i32.const 2))))`;
  const marked = `(f32x4.ne ${get('v')} ${get('v')})`;
  const stopped = `(v128.or ${marked} (v128.or (global.get $over0) (global.get $over1)))`;
  return `(global $over0 (mut v128) (v128.const i32x4 0 0 0 0))
  (global $over1 (mut v128) (v128.const i32x4 0 0 0 0))
  (func $spikes ${SPIKES_ARGUMENTS.map((argument) => `(param $${argument} i32)`).join(' ')}
    (local $at i32) (local $bits i32) (local $neuron i32) (local $until v128) (local $spiking v128)
    (local $v v128)
    (local.set $at (i32.add ${get('state')} (i32.shl ${get('vector')} (i32.const 4))))
    (local.set $neuron (i32.add ${get('first')} (i32.shl ${get('vector')} (i32.const 2))))
    (local.set $until (v128.load ${address(states.length)}))
    ${list.join('\n    ')}
    (v128.store ${address(states.length)} ${get('until')})
    ;; Whoever spiked or was held: NaN where that is so in the step to come, else the reset value.
    (local.set $v (v128.load ${address(held)}))
    (v128.store ${address(held)} (v128.bitselect ${isHeld} ${get('v')} ${stopped})))
`;
}

/**
 * `$far(state, vectors, wake, coefficients)` sends every vector of an exact model in which a variable has grown large
 * the long way, which looks closely in every step; `state` is the address of the variable that is held.
 */
function farFunction(program: Program): string {
  return `(func $far (param $state i32) (param $vectors i32) (param $wake i32) (param $coefficients i32)
    (loop $vectors
      (if (v128.any_true ${isFar(program, get('state'))}) (then (i32.store ${get('wake')} (i32.const 0))))
      (local.set $state (i32.add ${get('state')} (i32.const 16)))
      (local.set $wake (i32.add ${get('wake')} (i32.const 4)))
      (br_if $vectors (local.tee $vectors (i32.sub ${get('vectors')} (i32.const 1))))))
`;
}

/** Mask of the neurons of the vector at `address` whose held variable is below the floor. */
function isFar({ coefficients, pairs }: Program, address: string): string {
  const floor = `(v128.load32_splat offset=${4 * coefficients.indexOf(pairs!.floor)} ${get('coefficients')})`;
  return `(f32x4.lt (v128.load ${address}) ${floor})`;
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

/** Two steps of one vector, the `u`-th behind $vector. */
function pair(program: Program, emitter: Emitter, u: number): string[] {
  const { states, inputs, fixed, pairs } = program;
  const { own } = emitter;
  const at = `(i32.add ${get('vector')} (i32.const ${u}))`;
  const leave = (vector: string) => `(local.set $vector ${vector}) (br $rare)`;
  const lines = [
    `(if (i32.le_u (i32.load offset=${4 * u} ${get('wakeAt')}) ${get('soon')}) (then ${leave(at)}))`,
  ];
  for (const [k, state] of states.entries())
    lines.push(emitter.assign(state, `(v128.load offset=${16 * u} ${get(`at.base.${k}`)})`));
  for (const s of [0, 1]) {
    for (const [r, { state, coefficient }] of inputs.entries()) {
      const quanta = `(f32x4.convert_i32x4_s (v128.load offset=${16 * u} ${get(`at.row.${s}.${r}`)}))`;
      const input = coefficient === null ? quanta : `(f32x4.mul ${emitter.get(coefficient)} ${quanta})`;
      lines.push(emitter.assign(state, `(f32x4.add ${emitter.get(state)} ${input})`));
    }
    for (const { name, expr } of program.temporaries) lines.push(...emitter.set(name, expr));
    for (const [state, expr] of program.next) lines.push(...emitter.set(`next ${state}`, expr));
    for (const state of program.next.keys()) lines.push(emitter.assign(state, emitter.get(`next ${state}`)));
    lines.push(...emitter.set(`over ${s}`, program.threshold));
  }
  const over = [0, 1].map((s) => emitter.get(`over ${s}`));
  lines.push(emitter.assignOwn('rare', `(v128.or ${over.join(' ')})`));
  for (const condition of [...emitter.takeRare(), ...large(program, emitter)])
    lines.push(emitter.assignOwn('rare', `(v128.or ${get(own('rare'))} ${condition})`));
  // In two instructions; v128.any_true takes four.
  const isRare = `(i32x4.bitmask ${get(own('rare'))})`;
  const empty = [0, 1].flatMap((s) =>
    [...inputs.keys()].map((r) => `(v128.store offset=${16 * u} ${get(`at.row.${s}.${r}`)} ${get('zero')})`),
  );
  const store = (state: string) =>
    fixed.has(state)
      ? []
      : [`(v128.store offset=${16 * u} ${get(`at.base.${states.indexOf(state)}`)} ${emitter.get(state)})`];
  if (pairs!.everyStep)
    return [...lines, `(if ${isRare} (then ${leave(at)}))`, ...empty, ...states.flatMap(store)];
  // Nothing but a spike is rare, and a spike changes no other variable.
  const others = states.filter((state) => state !== pairs!.held);
  const note = over.map((mask, s) => `(global.set $over${s} ${mask})`);
  const spiked = leave(`(i32.or ${at} (i32.const ${SPIKED}))`);
  const held = store(pairs!.held);
  return [
    ...lines,
    ...empty,
    ...others.flatMap(store),
    ...held,
    `(if ${isRare} (then ${note.join(' ')} ${spiked}))`,
  ];
}

/**
 * Masks of the neurons in which a variable is so large, or not a number, that the long way has to look at it. An
 * exact model is finite where the variable that is held is, as input is bounded, and grows slowly, so that `$far` looks
 * at it in time.
 */
function large(program: Program, emitter: Emitter): string[] {
  const { pairs, next, temporaries } = program;
  const { held, floor, ceiling, everyStep } = pairs!;
  if (!everyStep) return [];
  const masks = [`(f32x4.lt ${emitter.get(held)} ${emitter.get(floor)})`];
  const others = [...next.keys()].filter((state) => state !== held).map((state) => emitter.get(state));
  if (temporaries.length === 0 || others.length === 0) return masks;
  const squares = others.map((x) => `(f32x4.mul ${x} ${x})`).reduce((sum, x) => `(f32x4.add ${sum} ${x})`);
  return [...masks, `(v128.not (f32x4.lt ${squares} ${emitter.get(ceiling)}))`];
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

function indent(lines: readonly string[], depth: number): string {
  return lines.map((line) => ' '.repeat(depth) + line).join('\n');
}
