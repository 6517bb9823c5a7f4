import os from 'node:os';
import { probeMeters } from '../energy/meter.js';
import { hostFacts, versionText } from '../experiment/manifest.js';

/** What a look at one part of the machine found. */
export interface Finding {
  there: boolean;
  /** What was found (version, size), or why it is not there and how to get it. */
  detail: string;
}

/** A part of the machine, or a group of parts that are found together. */
export type Probe =
  | { part: string; look(): Finding | Promise<Finding> }
  | { group: string; lookAll(): Promise<({ part: string } & Finding)[]> };

/** Everything that `doctor` looks at, in this order. */
export const PROBES: readonly Probe[] = [
  { part: 'femtospike', look: ownVersion },
  { part: 'Node', look: nodeVersion },
  { part: 'threads', look: threads },
  { part: 'memory', look: memory },
  { part: 'WASM SIMD', look: wasmSimd },
  { group: 'backends', lookAll: backends },
  { group: 'meters', lookAll: meters },
];

function ownVersion(): Finding {
  return { there: true, detail: versionText(hostFacts()) };
}

function nodeVersion(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const there = major > 20 || (major === 20 && minor >= 19);
  return { there, detail: there ? process.version : `${process.version}: install Node 20.19 or later` };
}

function threads(): Finding {
  return {
    there: true,
    detail: `${os.availableParallelism()} (${os.cpus()[0]?.model.trim() ?? 'unknown CPU'})`,
  };
}

function memory(): Finding {
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return { there: true, detail: `${gib(os.totalmem())} GiB, of which ${gib(os.freemem())} are free` };
}

/** The smallest module with a SIMD instruction: (func (result v128) i32.const 0, i8x16.splat). */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

/** Node has it; the types of a browser, where it is declared, are not loaded here. */
const wasm = globalThis as unknown as { WebAssembly: { validate(module: Uint8Array): boolean } };

function wasmSimd(): Finding {
  const there = wasm.WebAssembly.validate(SIMD_MODULE);
  return {
    there,
    detail: there ? '128-bit' : 'this build of Node runs no WASM SIMD: use one from nodejs.org',
  };
}

/** The backends of tfjs, best first; loaded only here, since tfjs is large. */
async function backends(): Promise<({ part: string } & Finding)[]> {
  const { howToInstall, probeBackends } = await import('../baseline/backend.js');
  return (await probeBackends()).map((probe) => {
    const { name, available, details, reason } = probe;
    const install = available ? null : howToInstall(probe);
    const hint = install === null ? '' : `install: ${install}`;
    const detail = [details, reason, hint].filter((text) => text !== '').join('; ');
    return { part: `backend: ${name}`, there: available, detail };
  });
}

async function meters(): Promise<({ part: string } & Finding)[]> {
  const found = await probeMeters();
  return found.map(({ name, available, reason }) => ({
    part: `meter: ${name}`,
    there: available,
    detail: reason,
  }));
}
