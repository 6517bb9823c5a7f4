import type { Program } from './program.js';
import { Emitter, get } from './wat-expression.js';

/** Marks what `$short` returns where a vector of an exact model is done but for its spikes. */
export const SPIKED = 0x40000000;

/** Vectors of four neurons for which addresses and the loop's own work are computed once. */
const UNROLLED = 4;

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
export function shortFunction(program: Program, model: string): string {
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

export function indent(lines: readonly string[], depth: number): string {
  return lines.map((line) => ' '.repeat(depth) + line).join('\n');
}
