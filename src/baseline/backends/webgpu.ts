import * as tf from '@tensorflow/tfjs-core';
import { adapterName, isSoftware } from '../../gpu/adapter.js';
import {
  type AdapterInfo,
  currentGpu,
  dawnFlags,
  type Look,
  lookForAdapters,
  provideGpu,
} from '../../gpu/dawn.js';
import { faultOf, watchDevice } from '../../gpu/faults.js';
import {
  absent,
  type Candidate,
  type Finding,
  firstLine,
  type Importer,
  importPackage,
  isMissing,
} from './candidate.js';

/**
 * WebGPU in Node, through npm package `webgpu` (Dawn) and tfjs's WebGPU backend. An adapter that is emulated in
 * software (SwiftShader, lavapipe, Dawn's null backend) is named as such, and left to those who ask for it.
 */
export function webgpu(
  importer: Importer = importPackage,
  look: (flags: readonly string[]) => Promise<Look> = lookForAdapters,
): Candidate {
  let name = '';
  return {
    name: 'webgpu',
    install: 'npm install --include=optional --no-save webgpu @tensorflow/tfjs-backend-webgpu@4.22.0',
    async find() {
      const found = await findWebgpu(importer, look);
      name = found.details;
      return found;
    },
    started: () => watchDevice((tf.backend() as unknown as { device: GPUDevice }).device, name),
  };
}

async function findWebgpu(importer: Importer, look: (flags: readonly string[]) => Promise<Look>) {
  let others: AdapterInfo[] = [];
  for (const name of ['webgpu', '@tensorflow/tfjs-backend-webgpu']) {
    try {
      if (name === 'webgpu' && currentGpu() === undefined) {
        await importer(name);
        const looked = await look(dawnFlags());
        if ('failure' in looked) return absent(`Dawn does not start: ${looked.failure}`);
        if (looked.adapters.length === 0) return noAdapter();
        others = looked.adapters.slice(1);
        await provideGpu(importer);
      }
      // Registers itself with tfjs, but only if navigator.gpu is there when it is first imported.
      if (name !== 'webgpu') await importer(name);
    } catch (error) {
      if (isMissing(error, name)) return absent(`package ${name} is not installed`);
      return absent(`package ${name} does not load: ${firstLine(error)}`);
    }
  }
  const adapter = await currentGpu()!.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return noAdapter();
  renewIfLost();
  return describe(adapter.info, others);
}

const noAdapter = () => absent('Dawn finds no GPU adapter (no GPU, or no Vulkan, Metal or Direct3D driver)');

/** An adapter in words, with the others that are there, and whether `auto` may choose it. */
export function describe(info: AdapterInfo, others: readonly AdapterInfo[] = []): Finding {
  const software = isSoftware(info);
  const also = others.map(adapterName).join('; ');
  return {
    available: true,
    auto: !software,
    reason: software ? 'its adapter is emulated in software' : '',
    details: `${adapterName(info)}${also && ` (also there: ${also})`}`,
  };
}

/** tfjs keeps a backend whose device is lost: registered anew, it starts one on a new device. */
function renewIfLost(): void {
  const backend = tf.findBackend('webgpu') as unknown as { device?: GPUDevice } | null;
  if (!backend?.device || faultOf(backend.device) === null) return;
  const factory = tf.findBackendFactory('webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', factory, 3);
}
