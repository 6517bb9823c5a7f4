import type { Expr } from './expression.js';
import { ModelError } from './model.js';
import type { Program } from './program.js';
import { exponential, relativeExponential } from './wat-functions.js';

const SIMD: Record<string, string> = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
  neg: 'f32x4.neg',
  '<': 'f32x4.lt',
  '<=': 'f32x4.le',
  '>': 'f32x4.gt',
  '>=': 'f32x4.ge',
  and: 'v128.and',
  min: 'f32x4.min',
  max: 'f32x4.max',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
};

/** Names of the arguments of the exported function `update`, all i32, in order. */
export const UPDATE_ARGUMENTS = [
  'state', // address of the first state variable; the last array holds the step until which a neuron is held
  'stateBytes', // from one state variable to the next
  'coefficients', // address of the constants, f32
  'ring', // address of the first neuron's accumulator, receptor 0, slot 0
  'rowBytes', // from one slot to the next
  'channelBytes', // from one receptor to the next
  'slot', // slot of the first step
  'slots',
  'blocks', // of four neurons
  'step', // the first step
  'steps',
  'refractorySteps',
  'first', // index of the first neuron, added to what is listed
  'count', // neurons; those beyond, up to 4·blocks, are padding
  'spikeCounts', // address of one count a step
  'spikeLists', // address of the list of the first step
  'listBytes', // from one step's list to the next
] as const;

/**
 * A program as WebAssembly text: `update(…)` advances blocks of four neurons by a number of steps. A block's
 * state stays in registers for all of them. Returns -1, or the index of a neuron beside which (in its block) a
 * state is NaN or infinite.
 */
export function printWat(program: Program, name: string): string {
  const emitter = new Emitter(name);
  const { states, inputs, coefficients, fixed, refractory } = program;
  const get = (local: string) => `(local.get $${local})`;
  const stateAddress = (index: number) =>
    `(i32.add ${get('at')} (i32.mul ${get('stateBytes')} (i32.const ${index})))`;

  const body: string[] = [];
  inputs.forEach(({ state, coefficient }, i) => {
    const address =
      i === 0 ? get('row') : `(i32.add ${get('row')} (i32.mul ${get('channelBytes')} (i32.const ${i})))`;
    body.push(`(local.set $address ${address})`);
    body.push(`(local.set $in (v128.load ${get('address')}))`);
    body.push(`(v128.store ${get('address')} ${get('zero')})`);
    if (program.held.has(state)) body.push(`(local.set $in (v128.andnot ${get('in')} ${get('held')}))`);
    body.push(
      emitter.assign(
        state,
        `(f32x4.add ${emitter.get(state)} (f32x4.mul ${emitter.get(coefficient)} (f32x4.convert_i32x4_s ${get('in')})))`,
      ),
    );
  });
  for (const { name: temporary, expr } of program.temporaries) body.push(...emitter.set(temporary, expr));
  for (const [state, expr] of program.next) {
    const heldExpr = program.held.get(state);
    body.push(...emitter.set(`next ${state}`, expr));
    if (heldExpr !== undefined) {
      body.push(...emitter.set(`held ${state}`, heldExpr));
      body.push(
        emitter.assign(
          `next ${state}`,
          `(v128.bitselect ${emitter.get(`held ${state}`)} ${emitter.get(`next ${state}`)} ${get('held')})`,
        ),
      );
    }
  }
  for (const state of program.next.keys()) body.push(emitter.assign(state, emitter.get(`next ${state}`)));
  const threshold: string[] = [
    ...emitter.set('over', program.threshold),
    `(local.set $spiking ${emitter.get('over')})`,
  ];
  if (refractory) threshold.push(`(local.set $spiking (v128.andnot ${get('spiking')} ${get('held')}))`);
  const reset: string[] = [];
  program.reset.forEach(({ target, expr }) => {
    reset.push(...emitter.set('reset value', expr));
    reset.push(
      emitter.assign(
        target,
        `(v128.bitselect ${emitter.get('reset value')} ${emitter.get(target)} ${get('spiking')})`,
      ),
    );
  });
  if (refractory)
    reset.push(
      `(local.set $until (v128.bitselect (i32x4.splat (i32.add ${get('now')} ${get('refractorySteps')})) ${get('until')} ${get('spiking')}))`,
    );

  const moving = states.filter((state) => !fixed.has(state));
  const finite = moving
    .map((state) => `(f32x4.sub ${emitter.get(state)} ${emitter.get(state)})`)
    .reduce((sum, term) => `(f32x4.add ${sum} ${term})`);
  const load = states.map((state, i) => emitter.assign(state, `(v128.load ${stateAddress(i)})`));
  const store = states.flatMap((state, i) =>
    fixed.has(state) ? [] : [`(v128.store ${stateAddress(i)} ${emitter.get(state)})`],
  );
  if (refractory) {
    load.push(`(local.set $until (v128.load ${stateAddress(states.length)}))`);
    store.push(`(v128.store ${stateAddress(states.length)} ${get('until')})`);
  }
  const constants = coefficients.map((coefficient, i) =>
    emitter.assign(coefficient, `(v128.load32_splat offset=${4 * i} ${get('coefficients')})`),
  );
  const locals = [...new Set([...states, ...coefficients, ...emitter.locals])].map(mangle);
  const own = ['in', 'zero', 'held', 'spiking', 'until', 'check'];
  const indent = (lines: string[], depth: number) => lines.map((line) => ' '.repeat(depth) + line).join('\n');

  return `(module ;; ${name}
  (import "env" "memory" (memory 1 65536 shared))
  (func (export "update") ${UPDATE_ARGUMENTS.map((argument) => `(param $${argument} i32)`).join(' ')} (result i32)
    ${[...own, ...locals].map((local) => `(local $${local} v128)`).join(' ')}
    (local $block i32) (local $at i32) (local $row i32) (local $end i32) (local $now i32) (local $last i32)
    (local $address i32) (local $bits i32) (local $neuron i32) (local $count_at i32) (local $list i32) (local $ringBytes i32)
${indent(constants, 4)}
    (local.set $last (i32.add ${get('step')} ${get('steps')}))
    (local.set $ringBytes (i32.mul ${get('slots')} ${get('rowBytes')}))
    (block $finished (loop $blocks
      (br_if $finished (i32.ge_u ${get('block')} ${get('blocks')}))
      (local.set $at (i32.add ${get('state')} (i32.shl ${get('block')} (i32.const 4))))
${indent(load, 6)}
      (local.set $end (i32.add (i32.add ${get('ring')} (i32.shl ${get('block')} (i32.const 4))) ${get('ringBytes')}))
      (local.set $row (i32.sub ${get('end')} (i32.mul (i32.sub ${get('slots')} ${get('slot')}) ${get('rowBytes')})))
      (local.set $count_at ${get('spikeCounts')})
      (local.set $list ${get('spikeLists')})
      (local.set $now ${get('step')})
      (loop $steps
${refractory ? `        (local.set $held (i32x4.ge_s ${get('until')} (i32x4.splat ${get('now')})))\n` : ''}${indent([...body, ...threshold], 8)}
        (if (v128.any_true ${get('spiking')}) (then
          (local.set $bits (i32x4.bitmask ${get('spiking')}))
          (loop $lanes
            (local.set $neuron (i32.add (i32.shl ${get('block')} (i32.const 2)) (i32.ctz ${get('bits')})))
            (if (i32.lt_u ${get('neuron')} ${get('count')}) (then
              (i32.store (i32.add ${get('list')} (i32.shl (i32.load ${get('count_at')}) (i32.const 2))) (i32.add ${get('neuron')} ${get('first')}))
              (i32.store ${get('count_at')} (i32.add (i32.load ${get('count_at')}) (i32.const 1)))))
            (br_if $lanes (local.tee $bits (i32.and ${get('bits')} (i32.sub ${get('bits')} (i32.const 1))))))
${indent(reset, 10)}))
        (local.set $row (i32.add ${get('row')} ${get('rowBytes')}))
        (if (i32.ge_u ${get('row')} ${get('end')}) (then (local.set $row (i32.sub ${get('row')} ${get('ringBytes')}))))
        (local.set $count_at (i32.add ${get('count_at')} (i32.const 4)))
        (local.set $list (i32.add ${get('list')} ${get('listBytes')}))
        (br_if $steps (i32.lt_s (local.tee $now (i32.add ${get('now')} (i32.const 1))) ${get('last')})))
${indent(store, 6)}
      (local.set $check ${finite})
      (if (v128.any_true (f32x4.ne ${get('check')} ${get('check')}))
        (then (return (i32.shl ${get('block')} (i32.const 2)))))
      (local.set $block (i32.add ${get('block')} (i32.const 1)))
      (br $blocks)))
    (i32.const -1)))
`;
}

/** Names of the model get a prefix, so that none clashes with the names of the loop. */
function mangle(local: string): string {
  return `=${local.replaceAll(' ', '.')}`;
}

/** Prints expressions; functions that need several lines leave them in front of the assignment. */
class Emitter {
  readonly locals = new Set<string>();
  private lines: string[] = [];
  private serial = 0;

  constructor(private readonly model: string) {}

  get(local: string): string {
    return `(local.get $${mangle(local)})`;
  }

  assign(local: string, value: string): string {
    return `(local.set $${mangle(local)} ${value})`;
  }

  set(local: string, expr: Expr): string[] {
    this.locals.add(local);
    this.lines = [];
    const value = this.print(expr);
    return [...this.lines, this.assign(local, value)];
  }

  private print(expr: Expr): string {
    if (typeof expr === 'number') return literal(expr);
    if (typeof expr === 'string') return this.get(expr);
    const { fn, args } = expr;
    if (fn === '^') return this.power(this.temporary(args[0]), args[1]);
    if (fn === 'select') {
      const [condition, yes, no] = args.map((arg) => this.print(arg));
      return `(v128.bitselect ${yes} ${no} ${isCondition(args[0]) ? condition : `(f32x4.ne ${condition} ${literal(0)})`})`;
    }
    if (fn === 'exp' || fn === 'exprel') {
      const x = this.temporary(args[0]);
      const print = fn === 'exp' ? exponential : relativeExponential;
      return print(x, (value) => this.hold(value));
    }
    return `(${SIMD[fn]} ${args.map((arg) => this.print(arg)).join(' ')})`;
  }

  private power(base: string, exponent: Expr): string {
    if (typeof exponent !== 'number' || !Number.isInteger(exponent) || exponent < 1 || exponent > 8)
      throw new ModelError(this.model, `… ^ ${String(exponent)}`, 'powers are whole numbers from 1 to 8');
    return Array.from({ length: exponent }, () => base).reduce((product, b) => `(f32x4.mul ${product} ${b})`);
  }

  private temporary(expr: Expr): string {
    return typeof expr === 'string' ? this.get(expr) : this.hold(this.print(expr));
  }

  /** Puts a value into a new local, so that it can be used twice. */
  private hold(value: string): string {
    const local = `~t${this.serial++}`;
    this.locals.add(local);
    this.lines.push(this.assign(local, value));
    return this.get(local);
  }
}

function isCondition(expr: Expr): boolean {
  return typeof expr === 'object' && ['<', '<=', '>', '>=', 'and'].includes(expr.fn);
}

function literal(value: number): string {
  return `(v128.const f32x4 ${Array(4).fill(value).join(' ')})`;
}
