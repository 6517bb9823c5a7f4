import { type TensorInfo, util } from '@tensorflow/tfjs-core';

/** What is used of tfjs's BackendWasm. */
interface WasmBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory };
    tfjs: {
      registerTensor(id: number, size: number, memoryOffset: number): void;
      disposeData(id: number): void;
    };
  };
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number; refCount: number } };
  dataIdNextNumber: number;
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
  incRef(dataId: object): void;
}

/** Tensors of tfjs's wasm backend as addresses in its memory. Allocate before taking views: the memory may grow. */
export interface Heap {
  memory: WebAssembly.Memory;
  /** Address of a tensor, in bytes. */
  at(tensor: TensorInfo): number;
  /** A new float32 tensor whose values are not set. */
  output(shape: number[]): TensorInfo;
  /**
   * Where the next value of a variable goes: into its own memory if no other tensor (a clone, a reshaped one, one that
   * a tape keeps) shares that, else into new memory. Either way it is to be assigned to the variable.
   */
  successor(variable: TensorInfo): TensorInfo;
  /** Frees what `output` made, if it is not handed to tfjs. */
  free(tensor: TensorInfo): void;
  /** Lends memory for a number of four-byte values. */
  withScratch<Result>(words: number, work: (address: number) => Result): Result;
}

/** The heap of a backend; made once for each. */
export const heapOf = oncePerBackend(makeHeap);

function makeHeap(on: unknown): Heap {
  const backend = on as WasmBackend;
  const at = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const output = (shape: number[]) => backend.makeOutput(shape, 'float32');
  const free = ({ dataId }: TensorInfo) => void backend.disposeData(dataId, true);
  return {
    get memory() {
      return backend.wasm.asm.memory;
    },
    at,
    output,
    free,
    successor({ dataId, shape, dtype }) {
      const data = backend.dataIdMap.get(dataId);
      if (data.refCount !== 1) return output(shape);
      // XNNPACK keeps a packed copy of a matrix under the number of its tensor: new values need a new number.
      backend.wasm.tfjs.disposeData(data.id);
      data.id = backend.dataIdNextNumber++;
      backend.wasm.tfjs.registerTensor(data.id, util.sizeFromShape(shape), data.memoryOffset);
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    withScratch(words, work) {
      const scratch = output([words]);
      try {
        return work(at(scratch));
      } finally {
        free(scratch);
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

/** What is made of a backend, made once for each and kept as long as it. */
export function oncePerBackend<Made>(make: (backend: unknown) => Made): (backend: unknown) => Made {
  const known = new WeakMap<object, Made>();
  return (backend) => {
    const made = known.get(backend as object) ?? make(backend);
    known.set(backend as object, made);
    return made;
  };
}
