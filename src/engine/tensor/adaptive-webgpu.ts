import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdaptiveConstants } from '../../../kernels/adaptive-window/plain.js';
import {
  ADAPTIVE_ADJOINT,
  ADAPTIVE_FORWARD,
  PLANE,
  RECURRENT_ADJOINT,
  RECURRENT_FORWARD,
} from '../../../kernels/adaptive-window/webgpu.wgsl.js';
import { type WindowProgram, WORKGROUP } from '../../../kernels/lif-window/webgpu.wgsl.js';
import type { AdaptiveInfos } from './adaptive-kernels.js';
import { freeOn, runnerOf } from './webgpu-program.js';

/** [output, trace, adaptation], by WGSL on tfjs's device. */
export function forward(on: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants): TensorInfo[] {
  const { spikes, weights, recurrent } = inputs as Required<AdaptiveInfos>;
  const [batch, steps, sources] = spikes.shape;
  const shape = [batch, steps, weights.shape[1]];
  const program = recurrent ? RECURRENT_FORWARD : ADAPTIVE_FORWARD;
  const given = [spikes, weights, ...(recurrent ? [recurrent] : [])];
  return planesOf(on, program, given, shape, { ...constants, sources }, { planes: 3, states: 2, wanted: 3 });
}

/** [change, shift]; a surrogate has no shift. */
export function adjoint(on: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants): TensorInfo[] {
  const { trace, adaptation, error, recurrent } = inputs as Required<AdaptiveInfos>;
  const program = recurrent ? RECURRENT_ADJOINT : ADAPTIVE_ADJOINT;
  const given = [trace, adaptation, error, ...(recurrent ? [recurrent] : [])];
  const wanted = constants.surrogate === 0 ? 2 : 1;
  return planesOf(on, program, given, trace.shape, { ...constants }, { planes: 2, states: 3, wanted });
}

/** Runs a program that writes planes of `shape` and, behind them, states of [batch, targets]; the first planes. */
function planesOf(
  on: unknown,
  program: WindowProgram,
  inputs: TensorInfo[],
  shape: number[],
  constants: AdaptiveConstants & { sources?: number },
  { planes, states, wanted }: { planes: number; states: number; wanted: number },
): TensorInfo[] {
  const run = runnerOf(on);
  const [batch, steps, targets] = shape;
  const { workgroup = WORKGROUP } = program;
  // What talks to each other is in one workgroup.
  const span = program.inputs.includes('recurrent') ? targets : workgroup;
  const count = batch * steps * targets;
  const values = { ...constants, batch, steps, targets, span, zero: 0 };
  const packed = run(
    program,
    inputs,
    [planes * count + states * batch * targets],
    batch * Math.ceil(targets / span) * workgroup,
    { ...values, drop: constants.tauMMs / constants.tauAMs },
  );
  const taken = Array.from({ length: wanted }, (_, n) =>
    run(PLANE, [packed], shape, count, { start: n * count, count }),
  );
  freeOn(on, packed);
  return taken;
}
