import type { TensorInfo } from '@tensorflow/tfjs-core';

/** What is used of tfjs's BackendWasm. */
interface WasmBackend {
  wasm: { asm: { memory: WebAssembly.Memory } };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** Tensors of tfjs's wasm backend as addresses in its memory. Allocate before taking views: the memory may grow. */
export interface Heap {
  memory: WebAssembly.Memory;
  /** Address of a tensor, in bytes. */
  at(tensor: TensorInfo): number;
  /** A new float32 tensor whose values are not set. */
  output(shape: number[]): TensorInfo;
  /** Lends memory for a number of four-byte values. */
  withScratch<Result>(words: number, work: (address: number) => Result): Result;
}

export function heapOf(on: unknown): Heap {
  const backend = on as WasmBackend;
  const at = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const output = (shape: number[]) => backend.makeOutput(shape, 'float32');
  return {
    memory: backend.wasm.asm.memory,
    at,
    output,
    withScratch(words, work) {
      const scratch = output([words]);
      try {
        return work(at(scratch));
      } finally {
        backend.disposeData(scratch.dataId, true);
      }
    },
  };
}

/** One instance of a kernel for each memory; it goes when the backend goes. */
export function instances<Kernel>(load: (memory: WebAssembly.Memory) => Kernel) {
  const known = new WeakMap<WebAssembly.Memory, Kernel>();
  return (memory: WebAssembly.Memory): Kernel => {
    const kernel = known.get(memory) ?? load(memory);
    known.set(memory, kernel);
    return kernel;
  };
}
