import { z } from 'zod';
import type { BackendChoice, EngineName } from '../experiment/define.js';
import type { Network } from '../network/network.js';
import { UsageError } from '../util/errors.js';
import type { Engine, EngineOptions, Simulation } from './engine.js';
import { eventEngine } from './event/engine.js';

/** Options of whatever runs a network: which engine, and on what. */
export const engineChoice = {
  engine: z
    .enum(['event', 'tensor'])
    .default('event')
    .describe('what advances the network: WASM on the cores of the processor, or a GPU'),
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto')
    .describe('backend of the tensor engine: webgpu, or auto, which takes no GPU emulated in software'),
};

/**
 * An engine by name.
 * @throws UsageError if it is not known; that its backend is there is seen when a network is built
 */
export async function engineOf(name: EngineName, backend: BackendChoice = 'auto'): Promise<Engine> {
  if (name === 'event') return eventEngine;
  if (name !== 'tensor')
    throw new UsageError(`no engine is called '${name}'`, '--engine', 'Use event or tensor.');
  // Loaded only here: nobody else needs what it compiles with.
  return (await import('./tensor/network/engine.js')).tensorEngine(backend);
}

/** Builds a network on an engine: `simulate(network, { engine: 'tensor', backend: 'webgpu' })`. Close what it returns. */
export async function simulate(
  network: Network,
  {
    engine = 'event',
    backend = 'auto',
    ...options
  }: EngineOptions & { engine?: EngineName; backend?: BackendChoice } = {},
): Promise<Simulation> {
  return (await engineOf(engine, backend)).build(network, options);
}
