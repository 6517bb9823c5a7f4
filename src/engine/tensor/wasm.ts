import type { TensorInfo } from '@tensorflow/tfjs-core';
import { lifWindowKernel, type WindowConstants } from '../../../kernels/lif-window/index.js';
import { shapeOf } from './cpu.js';
import type { EventKernels } from './event-kernels.js';
import { heapOf, instances, oncePerBackend } from './heap.js';
import type { LifKernels } from './kernels.js';

const instanceOf = instances(lifWindowKernel);

/** Addresses of a spike list. */
interface List {
  starts: number;
  events: number;
}

/** The spiking layer on tfjs's wasm backend: the compiled kernel on the memory in which the tensors lie. */
export const wasmLif = oncePerBackend(makeLif);

function makeLif(on: unknown): LifKernels & EventKernels {
  const { memory, at, output, free, withScratch } = heapOf(on);
  const kernel = instanceOf(memory);

  /** Lists dense spikes in scratch memory. */
  const withList = <Result>(spikes: TensorInfo, work: (list: List) => Result): Result => {
    const [batch, steps, sources] = spikes.shape;
    const rows = batch * steps;
    return withScratch(rows + 1 + rows * sources, (starts) => {
      const events = starts + 4 * (rows + 1);
      kernel.list(rows, sources, at(spikes), starts, events);
      return work({ starts, events });
    });
  };

  function forward(
    batch: number,
    steps: number,
    list: List,
    weights: TensorInfo,
    constants: WindowConstants,
  ) {
    const { decayM, decayS, gain, theta, slopeFloor, surrogate } = constants;
    const targets = weights.shape[1];
    const out = output([batch, steps, targets]);
    const trace = output([batch, steps, targets]);
    kernel.forward(
      batch,
      steps,
      targets,
      list.starts,
      list.events,
      at(weights),
      decayM,
      decayS,
      gain,
      theta,
      slopeFloor,
      surrogate,
      at(out),
      at(trace),
    );
    return [out, trace];
  }

  function sum(sources: number, events: number, list: List, vectors: TensorInfo): TensorInfo {
    const [batch, steps, targets] = vectors.shape;
    const gradient = output([sources, targets]);
    withScratch(sources + 1 + events, (scratch) =>
      kernel.sumBySource(
        batch * steps,
        sources,
        targets,
        list.starts,
        list.events,
        at(vectors),
        at(gradient),
        scratch,
      ),
    );
    return gradient;
  }

  function surrogateAdjoint(trace: TensorInfo, error: TensorInfo, constants: WindowConstants): TensorInfo {
    const { batch, steps, targets } = shapeOf({ vectors: trace });
    const { decayM, decayS, gain, theta, surrogate, sharpness } = constants;
    const change = output(trace.shape);
    withScratch(2 * targets, (scratch) =>
      kernel.surrogateAdjoint(
        batch,
        steps,
        targets,
        at(trace),
        at(error),
        decayM,
        decayS,
        gain,
        theta,
        surrogate,
        sharpness,
        at(change),
        scratch,
      ),
    );
    return change;
  }

  return {
    forward: (spikes, weights, constants) =>
      withList(spikes, (list) => forward(spikes.shape[0], spikes.shape[1], list, weights, constants)),

    forwardEvents: ({ starts, sources }, weights, batch, constants) => {
      const steps = (starts.shape[0] - 1) / batch;
      return forward(batch, steps, { starts: at(starts), events: at(sources) }, weights, constants);
    },

    adjoint(trace, error, constants) {
      if (constants.surrogate !== 0) return [surrogateAdjoint(trace, error, constants)];
      const { batch, steps, targets } = shapeOf({ vectors: trace });
      const { decayM, decayS, mix, tauSMs, theta } = constants;
      const [change, shift] = [output(trace.shape), output(trace.shape)];
      kernel.eventAdjoint(
        batch,
        steps,
        targets,
        at(trace),
        at(error),
        decayM,
        decayS,
        mix,
        tauSMs,
        theta,
        at(change),
        at(shift),
      );
      return [change, shift];
    },

    sumBySource(spikes, vectors) {
      const { batch, steps, sources } = shapeOf({ spikes });
      return withList(spikes, (list) => sum(sources, batch * steps * sources, list, vectors));
    },

    eventGradient({ starts, sources }, trace, error, count, constants) {
      const { batch, steps, targets } = shapeOf({ vectors: trace });
      const { decayM, decayS, mix, tauSMs, theta } = constants;
      const list = { starts: at(starts), events: at(sources) };
      const events = sources.shape[0];
      if (constants.surrogate !== 0) {
        const change = surrogateAdjoint(trace, error, constants);
        const gradient = sum(count, events, list, change);
        free(change);
        return gradient;
      }
      const gradient = output([count, targets]);
      withScratch(count + 1 + events + 16 * batch * steps, (scratch) =>
        kernel.eventGradient(
          batch,
          steps,
          count,
          targets,
          list.starts,
          list.events,
          at(trace),
          at(error),
          decayM,
          decayS,
          mix,
          tauSMs,
          theta,
          at(gradient),
          scratch,
        ),
      );
      return gradient;
    },

    backproject(spikes, weights, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, weights });
      const error = output(spikes.shape);
      withList(spikes, ({ starts, events }) =>
        kernel.backproject(
          batch * steps,
          sources,
          targets,
          starts,
          events,
          at(weights),
          at(vectors),
          at(error),
        ),
      );
      return error;
    },
  };
}
