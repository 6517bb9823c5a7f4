import type { BackendChoice } from '../experiment/define.js';
import { RunError, UsageError } from '../util/errors.js';
import { adapterName, isSoftware } from './adapter.js';
import { currentGpu, lookForAdapters, provideGpu } from './dawn.js';
import { watchDevice } from './faults.js';

/** A GPU for a simulation of its own, and why it is this one. */
export interface OpenGpu {
  device: GPUDevice;
  name: string;
  /** What was asked for, what is used, and why, as selectBackend tells it. */
  chosen: { asked: BackendChoice; used: 'webgpu'; why: string };
}

/**
 * Opens a GPU with the largest buffers it has. 'auto' takes no GPU that is emulated in software.
 *
 * @throws UsageError if there is none, or none that may be taken, with the reason
 */
export async function openGpu(asked: BackendChoice): Promise<OpenGpu> {
  if (asked !== 'auto' && asked !== 'webgpu') {
    throw new UsageError(
      `networks are not simulated on backend '${asked}'`,
      '--engine tensor, --backend',
      'Use --backend webgpu, or --engine event, which needs no GPU.',
    );
  }
  if (currentGpu() === undefined) {
    const looked = await lookForAdapters();
    if ('failure' in looked) throw noGpu(asked, `Dawn does not start: ${looked.failure}`);
    if (looked.adapters.length === 0) throw noGpu(asked, 'Dawn finds no GPU adapter');
  }
  const gpu = await provideGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw noGpu(asked, 'Dawn finds no GPU adapter');
  const name = adapterName(adapter.info);
  const software = isSoftware(adapter.info);
  if (software && asked === 'auto') throw noGpu(asked, `${name} is emulated in software`);
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter
    .requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } })
    .catch((error: Error) => {
      throw new RunError(`GPU ${name} does not start: ${error.message}`, { cause: error });
    });
  watchDevice(device, name);
  const why = `webgpu: ${name}${software ? '; its adapter is emulated in software' : ''}`;
  return { device, name, chosen: { asked, used: 'webgpu', why } };
}

function noGpu(asked: BackendChoice, reason: string): UsageError {
  return new UsageError(
    `no GPU for the tensor engine: ${reason}`,
    `--backend ${asked}`,
    `See "femtospike doctor", or use --engine event, which needs no GPU${/software/.test(reason) ? ', or ask for it with --backend webgpu' : ''}.`,
  );
}
