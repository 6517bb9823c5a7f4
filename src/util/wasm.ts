import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.js';

const modules = new Map<string, WebAssembly.Module>();

/** The compiled kernel `name` (dist/kernels/NAME.wasm). It imports its memory as env.memory. */
export function kernelModule(name: string): WebAssembly.Module {
  const known = modules.get(name);
  if (known !== undefined) return known;
  const path = join(packageRoot(), 'dist', 'kernels', `${name}.wasm`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run 'npm run build:kernels'`);
  const module = new WebAssembly.Module(readFileSync(path));
  modules.set(name, module);
  return module;
}

/** An instance of a kernel on `memory`. */
export function instantiate<Exports>(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}

/** The most memory a kernel can be given: 4 GiB. */
export const MAX_PAGES = 65536;

/** Shared memory of at least `bytes`, of the kind that the kernels import. */
export function createMemory(bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536), maximum: MAX_PAGES, shared: true });
}
