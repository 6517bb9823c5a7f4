import type { Program } from './program.js';
import { get } from './wat-expression.js';

export const SPIKES_ARGUMENTS = [
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
export function spikesFunction({ states, pairs }: Program): string {
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
export function farFunction(program: Program): string {
  return `(func $far (param $state i32) (param $vectors i32) (param $wake i32) (param $coefficients i32)
    (loop $vectors
      (if (v128.any_true ${isFar(program, get('state'))}) (then (i32.store ${get('wake')} (i32.const 0))))
      (local.set $state (i32.add ${get('state')} (i32.const 16)))
      (local.set $wake (i32.add ${get('wake')} (i32.const 4)))
      (br_if $vectors (local.tee $vectors (i32.sub ${get('vectors')} (i32.const 1))))))
`;
}

/** Mask of the neurons of the vector at `address` whose held variable is below the floor. */
export function isFar({ coefficients, pairs }: Program, address: string): string {
  const floor = `(v128.load32_splat offset=${4 * coefficients.indexOf(pairs!.floor)} ${get('coefficients')})`;
  return `(f32x4.lt (v128.load ${address}) ${floor})`;
}
