import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type LifWindowKernel, lifWindowKernel } from '../../../kernels/lif-window/index.js';
import { shapeOf } from './cpu.js';
import type { LifKernels } from './kernels.js';

/** What is used of tfjs's BackendWasm. */
interface WasmBackend {
  wasm: { asm: { memory: WebAssembly.Memory } };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** One instance of the kernel for each memory; it goes when the backend goes. */
const instances = new WeakMap<WebAssembly.Memory, LifWindowKernel>();

function instanceOf(memory: WebAssembly.Memory): LifWindowKernel {
  const known = instances.get(memory) ?? lifWindowKernel(memory);
  instances.set(memory, known);
  return known;
}

/** The spiking layer on tfjs's wasm backend: the compiled kernel on the memory in which the tensors lie. */
export function wasmLif(on: unknown): LifKernels {
  const backend = on as WasmBackend;
  const kernel = instanceOf(backend.wasm.asm.memory);
  const at = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const output = (shape: number[]) => backend.makeOutput(shape, 'float32');
  const withScratch = (floats: number, work: (scratch: number) => void) => {
    const scratch = output([floats]);
    work(at(scratch));
    backend.disposeData(scratch.dataId, true);
  };
  return {
    forward(spikes, weights, { decayM, decayS, gain, theta, slopeFloor, surrogate }) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, weights });
      const out = output([batch, steps, targets]);
      const trace = output([batch, steps, targets]);
      withScratch(3 * targets, (scratch) =>
        kernel.forward(
          batch,
          steps,
          sources,
          targets,
          at(spikes),
          at(weights),
          decayM,
          decayS,
          gain,
          theta,
          slopeFloor,
          surrogate,
          at(out),
          at(trace),
          scratch,
        ),
      );
      return [out, trace];
    },
    adjoint(trace, error, constants) {
      const { batch, steps, targets } = shapeOf({ vectors: trace });
      const { decayM, decayS, gain, mix, tauSMs, theta, surrogate, sharpness } = constants;
      const change = output(trace.shape);
      const sizes = [batch, steps, targets, at(trace), at(error), decayM, decayS] as const;
      if (surrogate !== 0) {
        withScratch(2 * targets, (scratch) =>
          kernel.surrogateAdjoint(...sizes, gain, theta, surrogate, sharpness, at(change), scratch),
        );
        return [change];
      }
      const shift = output(trace.shape);
      withScratch(2 * targets, (scratch) =>
        kernel.eventAdjoint(...sizes, mix, tauSMs, theta, at(change), at(shift), scratch),
      );
      return [change, shift];
    },
    sumBySource(spikes, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, vectors });
      const gradient = output([sources, targets]);
      kernel.sumBySource(batch * steps, sources, targets, at(spikes), at(vectors), at(gradient));
      return gradient;
    },
    backproject(spikes, weights, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, weights });
      const error = output(spikes.shape);
      kernel.backproject(batch * steps, sources, targets, at(spikes), at(weights), at(vectors), at(error));
      return error;
    },
  };
}
