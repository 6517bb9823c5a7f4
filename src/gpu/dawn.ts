import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageRoot } from '../util/package-root.js';

/** As much of npm package `webgpu` (Dawn) as is used here. */
export interface Dawn {
  create(flags: string[]): GPU;
  globals: Record<string, unknown>;
}

/** What an adapter says of itself. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'
>;

/** The adapters that Dawn finds, the one for heavy work first; or why it could not look. */
export type Look = { adapters: AdapterInfo[] } | { failure: string };

/** Packages are imported by name at run time: they may be absent. */
type Importer = (name: string) => Promise<unknown>;

/**
 * Flags of Dawn from the environment, separated by blanks: FEMTOSPIKE_DAWN="adapter=NAME" takes a certain adapter,
 * "backend=null" compiles shaders and computes nothing.
 */
export const dawnFlags = (): string[] => (process.env.FEMTOSPIKE_DAWN ?? '').split(' ').filter(Boolean);

const PROBE = `
  const { create } = await import('webgpu');
  const gpu = create(JSON.parse(process.argv[1]));
  const adapters = new Map();
  for (const options of [{ powerPreference: 'high-performance' }, { powerPreference: 'low-power' }, { forceFallbackAdapter: true }]) {
    const adapter = await gpu.requestAdapter(options);
    if (adapter === null) continue;
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const info = { vendor, architecture, device, description, isFallbackAdapter };
    const key = JSON.stringify(info);
    if (adapters.has(key)) continue;
    adapters.set(key, info);
    (await adapter.requestDevice()).destroy();
  }
  console.log('adapters ' + JSON.stringify([...adapters.values()]));`;

/**
 * Asks Dawn in a process of its own for its adapters and starts each of them once: a driver that crashes takes that
 * process down and not this one, and what drivers print stays there.
 */
export async function lookForAdapters(flags: readonly string[] = dawnFlags()): Promise<Look> {
  const args = ['--input-type=module', '-e', PROBE, JSON.stringify(flags)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: packageRoot(),
      timeout: 30_000,
    });
    const line = stdout.split('\n').find((text) => text.startsWith('adapters '));
    if (line === undefined) return { failure: 'Dawn ended without an answer' };
    return { adapters: JSON.parse(line.slice('adapters '.length)) };
  } catch (error) {
    const { signal, killed, stderr = '' } = error as { signal?: string; killed?: boolean; stderr?: string };
    if (killed) return { failure: 'a driver did not answer within 30 s' };
    if (signal) return { failure: `a driver crashed (${signal})` };
    const line = stderr.split('\n').find((text) => /error/i.test(text));
    return { failure: (line ?? String(error).split('\n')[0]).trim() };
  }
}

/** What is found at navigator.gpu. */
export function currentGpu(): GPU | undefined {
  return (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
}

/** Node 20 has no navigator, later ones have one without `gpu`: provides it by Dawn, if nobody else has. */
export async function provideGpu(
  importer: Importer = (name) => import(name),
  flags: string[] = dawnFlags(),
): Promise<GPU> {
  const present = currentGpu();
  if (present !== undefined) return present;
  const { create, globals } = (await importer('webgpu')) as Dawn;
  const options = { configurable: true, writable: true };
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, ...options });
  }
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, ...options });
  }
  const gpu = create(flags);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}
