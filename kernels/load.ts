import { existsSync, readFileSync } from 'node:fs';

/** The functions of a compiled kernel; all arguments are numbers, addresses are bytes from the memory's start. */
export type KernelExports = Record<string, (...args: number[]) => number>;

const modules = new Map<string, WebAssembly.Module>();

/**
 * Instantiates the compiled kernel NAME (kernels/NAME/wasm.ts) on a memory, shared or not as it was compiled.
 * A kernel has no state of its own: all it knows is in its arguments and in `memory`.
 *
 * @throws Error if the kernels have not been compiled (`npm run build`)
 */
export function loadKernel<Exports = KernelExports>(name: string, memory: WebAssembly.Memory): Exports {
  let module = modules.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(binaryOf(name)));
    modules.set(name, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}

/** dist/kernels/NAME.wasm, seen from dist/kernels/ or from kernels/. */
function binaryOf(name: string): URL {
  const beside = new URL(`./${name}.wasm`, import.meta.url);
  const built = new URL(`../dist/kernels/${name}.wasm`, import.meta.url);
  const found = [beside, built].find((url) => existsSync(url));
  if (found === undefined) throw new Error(`kernel '${name}' is not compiled: run "npm run build"`);
  return found;
}
