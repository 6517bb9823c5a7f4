import type { Program } from './program.js';
import { LAYER_ARGUMENTS, UPDATE_ARGUMENTS } from './update-arguments.js';
import { Emitter, get } from './wat-expression.js';

/** Arguments of the function that `stepsFunction` prints, from those of `update`: vectors for groups. */
export const inVectors = (argumentNames: readonly string[]) =>
  argumentNames.map((name) => (name === 'groups' ? 'vectors' : name));
export const STEPS_ARGUMENTS = inVectors(UPDATE_ARGUMENTS);

/**
 * How a layer that is trained differs from a population: its input are sums in float32, and of every neuron that spikes
 * it leaves what `noted`, a state variable, was at the start of that step, behind its input.
 */
export interface LayerForm {
  noted: string;
}

/**
 * A function as WebAssembly text that advances some vectors of four neurons by any number of steps. It takes
 * `vectors` of them at a time, so that their state stays in registers for all the steps. Returns -1, or the index
 * of the first of some neurons among which a state is NaN or infinite.
 *
 * Where the short way of wat-pairs.ts is taken as well (`wake` is not 0), a held variable is NaN between calls.
 */
export function stepsFunction(
  program: Program,
  model: string,
  name: string,
  vectors: 1 | 2 | 4,
  layer: LayerForm | null = null,
): string {
  const lanes = Array.from({ length: vectors }, (_, lane) => new Emitter(model, lane, program.coefficients));
  const each = (print: (emitter: Emitter, lane: number) => string[]) => lanes.flatMap(print);
  const indent = (lines: string[], depth: number) => lines.map((line) => ' '.repeat(depth) + line).join('\n');

  const load = each((emitter, lane) => loadState(program, emitter, lane));
  const store = each((emitter, lane) => storeState(program, emitter, lane));
  const rest = each((emitter, lane) => markHeld(program, emitter, lane));
  const step = each((emitter, lane) => advance(program, emitter, lane, layer));
  const reset = each((emitter, lane) => [
    ...(layer === null ? [] : [noteSpiking(emitter, lane)]),
    ...resetSpiking(program, emitter, lane),
  ]);
  const constants = program.coefficients.map((coefficient, i) =>
    lanes[0].assign(coefficient, `(v128.load32_splat offset=${4 * i} ${get('coefficients')})`),
  );
  const anySpiking = lanes.map(({ own }) => get(own('spiking'))).reduce((a, b) => `(v128.or ${a} ${b})`);
  const finite = each((emitter) =>
    checked(program).map((state) => `(f32x4.sub ${emitter.get(state)} ${emitter.get(state)})`),
  );
  const bits = lanes
    .map(({ own }, lane) => `(i32.shl (i32x4.bitmask ${get(own('spiking'))}) (i32.const ${4 * lane}))`)
    .reduce((a, b) => `(i32.or ${a} ${b})`);
  const vectorLocals = [...new Set(lanes.flatMap((emitter) => [...emitter.locals]))];
  const size = Math.log2(4 * vectors);

  const parameters = layer === null ? STEPS_ARGUMENTS : inVectors(LAYER_ARGUMENTS);

  return `(func $${name} ${parameters.map((argument) => `(param $${argument} i32)`).join(' ')} (result i32)
    ${vectorLocals.map((local) => `(local $${local} v128)`).join(' ')}
    (local $zero v128) (local $resting v128) (local $check v128) (local $nowVector v128)
    (local $block i32) (local $blocks i32) (local $at i32) (local $row i32) (local $end i32) (local $now i32)
    (local $last i32) (local $bits i32) (local $neuron i32) (local $countAt i32) (local $list i32) (local $ringBytes i32)
${indent(constants, 4)}
${program.pairs === null ? '' : `    (local.set $resting (v128.not (i32x4.eq (i32x4.splat ${get('wake')}) ${get('zero')})))\n`}    (local.set $last (i32.add ${get('step')} ${get('steps')}))
    (local.set $ringBytes (i32.mul ${get('slots')} ${get('rowBytes')}))
    (local.set $blocks (i32.shr_u ${get('vectors')} (i32.const ${size - 2})))
    (block $finished (loop $blocks
      (br_if $finished (i32.ge_u ${get('block')} ${get('blocks')}))
      (local.set $at (i32.add ${get('state')} (i32.shl ${get('block')} (i32.const ${size + 2}))))
${indent(load, 6)}
      (local.set $end (i32.add (i32.add ${get('ring')} (i32.shl ${get('block')} (i32.const ${size + 2}))) ${get('ringBytes')}))
      (local.set $row (i32.sub ${get('end')} (i32.mul (i32.sub ${get('slots')} ${get('slot')}) ${get('rowBytes')})))
      (local.set $countAt ${get('spikeCounts')})
      (local.set $list ${get('spikeLists')})
      (local.set $now ${get('step')})
      (loop $steps
        (local.set $nowVector (i32x4.splat ${get('now')}))
${indent(step, 8)}
        (if (v128.any_true ${anySpiking}) (then
          (local.set $bits ${bits})
          (loop $lanes
            (local.set $neuron (i32.add (i32.shl ${get('block')} (i32.const ${size})) (i32.ctz ${get('bits')})))
            (if (i32.lt_s ${get('neuron')} ${get('count')}) (then
              (i32.store (i32.add ${get('list')} (i32.shl (i32.load ${get('countAt')}) (i32.const 2))) (i32.add ${get('neuron')} ${get('first')}))
              (i32.store ${get('countAt')} (i32.add (i32.load ${get('countAt')}) (i32.const 1)))))
            (br_if $lanes (local.tee $bits (i32.and ${get('bits')} (i32.sub ${get('bits')} (i32.const 1))))))
${indent(reset, 10)}))
        (local.set $row (i32.add ${get('row')} ${get('rowBytes')}))
        (if (i32.ge_u ${get('row')} ${get('end')}) (then (local.set $row (i32.sub ${get('row')} ${get('ringBytes')}))))
        (local.set $countAt (i32.add ${get('countAt')} (i32.const 4)))
        (local.set $list (i32.add ${get('list')} ${get('listBytes')}))
        (br_if $steps (i32.lt_s (local.tee $now (i32.add ${get('now')} (i32.const 1))) ${get('last')})))
${indent(store, 6)}
      (local.set $check ${finite.reduce((sum, term) => `(f32x4.add ${sum} ${term})`)})
      (if (v128.any_true (f32x4.ne ${get('check')} ${get('check')}))
        (then (return (i32.shl ${get('block')} (i32.const ${size})))))
${indent(rest, 6)}
      (local.set $block (i32.add ${get('block')} (i32.const 1)))
      (br $blocks)))
    (i32.const -1))
`;
}

/** As many vectors as fit into sixteen registers, with some to spare for constants and temporaries. */
export function vectorsAtOnce({ states, temporaries, refractory }: Program): 1 | 2 | 4 {
  const each = states.length + Number(refractory);
  if (temporaries.length > 4) return 1;
  if (each <= 2) return 4;
  return each <= 4 ? 2 : 1;
}

/**
 * Variables tested for NaN and infinity. Input is bounded and an exact propagator finite, so there it is enough to
 * look at what the threshold looks at.
 */
function checked(program: Program): string[] {
  const moving = program.states.filter((state) => !program.fixed.has(state));
  if (program.temporaries.length > 0) return moving;
  const text = JSON.stringify(program.threshold);
  const looked = moving.filter((state) => text.includes(JSON.stringify(state)));
  return looked.length > 0 ? looked : moving;
}

function address(variable: number): string {
  return variable === 0
    ? get('at')
    : `(i32.add ${get('at')} (i32.mul ${get('stateBytes')} (i32.const ${variable})))`;
}

function loadState({ states, refractory, pairs }: Program, emitter: Emitter, lane: number): string[] {
  const lines = states.map((state, i) =>
    emitter.assign(state, `(v128.load offset=${16 * lane} ${address(i)})`),
  );
  if (refractory)
    lines.push(emitter.assignOwn('until', `(v128.load offset=${16 * lane} ${address(states.length)})`));
  if (pairs !== null) {
    const held = emitter.get(pairs.held);
    const marked = `(v128.and (f32x4.ne ${held} ${held}) ${get('resting')})`;
    lines.push(emitter.assign(pairs.held, `(v128.andnot ${held} ${marked})`));
  }
  return lines;
}

/** Leaves NaN in the variable that is held, where it is held in the step to come. */
function markHeld({ pairs, states }: Program, emitter: Emitter, lane: number): string[] {
  if (pairs === null) return [];
  const held = `(i32x4.ge_s ${get(emitter.own('until'))} (i32x4.splat ${get('last')}))`;
  const marked = `(v128.or ${emitter.get(pairs.held)} (v128.and ${held} ${get('resting')}))`;
  return [`(v128.store offset=${16 * lane} ${address(states.indexOf(pairs.held))} ${marked})`];
}

function storeState({ states, fixed }: Program, emitter: Emitter, lane: number): string[] {
  return states.flatMap((state, i) =>
    fixed.has(state) ? [] : [`(v128.store offset=${16 * lane} ${address(i)} ${emitter.get(state)})`],
  );
}

/** Input, integration and threshold of one vector. */
function advance(program: Program, emitter: Emitter, lane: number, layer: LayerForm | null): string[] {
  const { own } = emitter;
  const lines: string[] = [];
  if (program.refractory)
    lines.push(emitter.assignOwn('held', `(i32x4.ge_s ${get(own('until'))} ${get('nowVector')})`));
  program.inputs.forEach(({ state, coefficient }, i) => {
    const row =
      i === 0 ? get('row') : `(i32.add ${get('row')} (i32.mul ${get('channelBytes')} (i32.const ${i})))`;
    lines.push(emitter.assignOwn('in', `(v128.load offset=${16 * lane} ${row})`));
    lines.push(`(v128.store offset=${16 * lane} ${row} ${get('zero')})`);
    // What arrives at a held variable is lost.
    if (program.held.has(state) && program.heldCanSpike)
      lines.push(emitter.assignOwn('in', `(v128.andnot ${get(own('in'))} ${get(own('held'))})`));
    const sum = layer === null ? `(f32x4.convert_i32x4_s ${get(own('in'))})` : get(own('in'));
    const input = coefficient === null ? sum : `(f32x4.mul ${emitter.get(coefficient)} ${sum})`;
    lines.push(emitter.assign(state, `(f32x4.add ${emitter.get(state)} ${input})`));
  });
  if (layer !== null) lines.push(emitter.assignOwn('noted', emitter.get(layer.noted)));
  for (const { name, expr } of program.temporaries) lines.push(...emitter.set(name, expr));
  for (const [state, expr] of program.next) {
    lines.push(...emitter.set(`next ${state}`, expr));
    const held = program.held.get(state);
    if (held === undefined) continue;
    if (held === 0) {
      const next = emitter.get(`next ${state}`);
      lines.push(emitter.assign(`next ${state}`, `(v128.andnot ${next} ${get(own('held'))})`));
      continue;
    }
    lines.push(...emitter.set(`held ${state}`, held));
    lines.push(
      emitter.assign(
        `next ${state}`,
        `(v128.bitselect ${emitter.get(`held ${state}`)} ${emitter.get(`next ${state}`)} ${get(own('held'))})`,
      ),
    );
  }
  for (const state of program.next.keys()) lines.push(emitter.assign(state, emitter.get(`next ${state}`)));
  lines.push(...emitter.set('over', program.threshold));
  const over = emitter.get('over');
  lines.push(
    emitter.assignOwn(
      'spiking',
      program.refractory && program.heldCanSpike ? `(v128.andnot ${over} ${get(own('held'))})` : over,
    ),
  );
  return lines;
}

/** Leaves the noted variable of the neurons that spike, 0 for the others. */
function noteSpiking({ own }: Emitter, lane: number): string {
  const at = `(i32.add ${get('row')} ${get('notes')})`;
  return `(v128.store offset=${16 * lane} ${at} (v128.and ${get(own('noted'))} ${get(own('spiking'))}))`;
}

function resetSpiking(program: Program, emitter: Emitter, lane: number): string[] {
  const { own } = emitter;
  const lines = program.reset.flatMap(({ target, expr }) => [
    ...emitter.set('reset value', expr),
    emitter.assign(
      target,
      `(v128.bitselect ${emitter.get('reset value')} ${emitter.get(target)} ${get(own('spiking'))})`,
    ),
  ]);
  if (program.refractory) {
    const until = `(i32x4.splat (i32.add ${get('now')} ${get('refractorySteps')}))`;
    lines.push(
      emitter.assignOwn('until', `(v128.bitselect ${until} ${get(own('until'))} ${get(own('spiking'))})`),
    );
    lines.push(`(v128.store offset=${16 * lane} ${address(program.states.length)} ${get(own('until'))})`);
  }
  return lines;
}
