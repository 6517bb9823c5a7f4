import type { Arena } from '../../../kernels/arena.js';
import type { NeuronKernel } from '../../../kernels/compile/index.js';
import { drawFrom } from '../../../kernels/connect/index.js';
import type { RandomKernel } from '../../../kernels/random/index.js';
import { GROUP, type Part } from './layout.js';
import type { Plan } from './plan.js';

/** Until when padding is held: for ever, so that it never spikes. */
const NEVER = 0x7fffffff;

/** One population's part of a slice, with the addresses of its state. */
export interface PartState extends Part {
  update: NeuronKernel['update'];
  state: number;
  stateBytes: number;
  coefficients: number;
  spikeLists: number;
  listBytes: number;
  /** See UPDATE_ARGUMENTS. */
  wake: number;
}

/** Lays out the state of a part, with its initial values. */
export function placePart(part: Part, plan: Plan, arena: Arena, random: RandomKernel): PartState {
  const population = plan.populations[part.population];
  const { states, coefficients } = population;
  const stateBytes = 4 * part.padded;
  const state = arena.float32(part.padded * (states.length + 1));
  const words = arena.uint32(GROUP);
  states.forEach(({ initial, key, values, offset, scale }, i) => {
    const target = state.subarray(i * part.padded, (i + 1) * part.padded);
    if (values !== null) target.set(values.subarray(part.from, part.from + part.count));
    else if (initial.kind === 'constant') target.fill(initial.a);
    else {
      for (let k = 0; k < part.padded; k += GROUP) {
        random.philoxFill(words.byteOffset, (part.from + k) / GROUP, 1, 0, 0, 0, key[0], key[1]);
        for (let lane = 0; lane < GROUP; lane++) target[k + lane] = drawFrom(initial, words[lane]);
      }
    }
    for (let k = 0; k < part.padded; k++) target[k] = (target[k] - offset) / scale;
  });
  const until = new Int32Array(state.buffer, state.byteOffset + states.length * stateBytes, part.padded);
  until.fill(-1).fill(NEVER, part.count);
  const constants = arena.float32(coefficients.length);
  constants.set(coefficients);
  const listBytes = 4 * part.padded;
  return {
    ...part,
    update: new WebAssembly.Instance(population.module, { env: { memory: arena.memory } }).exports
      .update as NeuronKernel['update'],
    state: state.byteOffset,
    stateBytes,
    coefficients: constants.byteOffset,
    spikeLists: arena.uint8(listBytes * plan.window).byteOffset,
    listBytes,
    wake: population.pairs ? arena.uint32(part.padded / 4).byteOffset : 0,
  };
}
