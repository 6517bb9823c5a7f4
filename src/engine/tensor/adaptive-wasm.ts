import type { TensorInfo } from '@tensorflow/tfjs-core';
import { adaptiveWindowKernel } from '../../../kernels/adaptive-window/index.js';
import type { AdaptiveConstants } from '../../../kernels/adaptive-window/plain.js';
import { lifWindowKernel } from '../../../kernels/lif-window/index.js';
import type { AdaptiveInfos } from './adaptive-kernels.js';
import { heapOf, instances } from './heap.js';

const instanceOf = instances(adaptiveWindowKernel);
const listerOf = instances(lifWindowKernel);

/** [output, trace, adaptation], by the compiled kernel on the memory in which the tensors lie. */
export function forward(on: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants): TensorInfo[] {
  const { memory, at, output, withScratch } = heapOf(on);
  const { spikes, weights, recurrent } = inputs as Required<AdaptiveInfos>;
  const { decayM, decayS, decayA, gain, theta, beta, tauMMs, tauAMs, slopeFloor, surrogate } = constants;
  const [batch, steps, sources] = spikes.shape;
  const targets = weights.shape[1];
  const made = [0, 1, 2].map(() => output([batch, steps, targets]));
  const rows = batch * steps;
  withScratch(rows + 1 + rows * sources + 4 * targets, (starts) => {
    const events = starts + 4 * (rows + 1);
    listerOf(memory).list(rows, sources, at(spikes), starts, events);
    instanceOf(memory).forward(
      batch,
      steps,
      targets,
      starts,
      events,
      at(weights),
      recurrent ? at(recurrent) : 0,
      decayM,
      decayS,
      decayA,
      gain,
      theta,
      beta,
      tauMMs / tauAMs,
      slopeFloor,
      surrogate,
      at(made[0]),
      at(made[1]),
      at(made[2]),
      events + 4 * rows * sources,
    );
  });
  return made;
}

/** [change, shift]; a surrogate has no shift. */
export function adjoint(on: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants): TensorInfo[] {
  const { memory, at, output, withScratch } = heapOf(on);
  const { trace, adaptation, error, recurrent } = inputs as Required<AdaptiveInfos>;
  const { decayM, decayS, decayA, gain, mix, theta, beta, tauMMs, tauSMs, tauAMs } = constants;
  const { surrogate, sharpness } = constants;
  const [batch, steps, targets] = trace.shape;
  const made = (surrogate === 0 ? [0, 1] : [0]).map(() => output(trace.shape));
  withScratch(4 * targets, (scratch) =>
    instanceOf(memory).adjoint(
      batch,
      steps,
      targets,
      at(trace),
      at(adaptation),
      at(error),
      recurrent ? at(recurrent) : 0,
      decayM,
      decayS,
      decayA,
      gain,
      mix,
      theta,
      beta,
      tauMMs,
      tauSMs,
      tauAMs,
      surrogate,
      sharpness,
      at(made[0]),
      surrogate === 0 ? at(made[1]) : 0,
      scratch,
    ),
  );
  return made;
}
