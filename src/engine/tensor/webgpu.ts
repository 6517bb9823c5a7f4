import {
  BACKPROJECT,
  EVENT_ADJOINT,
  FORWARD,
  OUTPUT,
  SUM_BY_SOURCE,
  SURROGATE_ADJOINT,
  WORKGROUP,
} from '../../../kernels/lif-window/webgpu.wgsl.js';
import { shapeOf } from './cpu.js';
import type { LifKernels } from './kernels.js';
import { runnerOf } from './webgpu-program.js';

/** The spiking layer on tfjs's webgpu backend: WGSL on its device, in the order of its other operations. */
export function webgpuLif(on: unknown): LifKernels {
  const run = runnerOf(on);
  return {
    forward(spikes, weights, constants) {
      const sizes = shapeOf({ spikes, weights });
      const { batch, steps, targets } = sizes;
      const shape = [batch, steps, targets];
      const workgroups = batch * Math.ceil(targets / WORKGROUP);
      const values = { ...sizes, ...constants, zero: 0, count: batch * steps * targets };
      const trace = run(FORWARD, [spikes, weights], shape, workgroups * WORKGROUP, values);
      return [run(OUTPUT, [trace], shape, values.count, values), trace];
    },
    adjoint(trace, error, constants) {
      const sizes = shapeOf({ vectors: trace });
      const program = constants.surrogate === 0 ? EVENT_ADJOINT : SURROGATE_ADJOINT;
      const adjoint = (shift: number) =>
        run(program, [trace, error], trace.shape, sizes.batch * sizes.targets, {
          ...sizes,
          ...constants,
          shift,
        });
      return constants.surrogate === 0 ? [adjoint(0), adjoint(1)] : [adjoint(0)];
    },
    sumBySource(spikes, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, vectors });
      const values = { rows: batch * steps, sources, targets };
      return run(SUM_BY_SOURCE, [spikes, vectors], [sources, targets], sources * targets, values);
    },
    backproject(spikes, weights, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, weights });
      const count = batch * steps * sources;
      const values = { count, sources, targets };
      return run(BACKPROJECT, [spikes, weights, vectors], spikes.shape, count, values);
    },
  };
}
