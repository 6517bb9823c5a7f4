import {
  absent,
  type Candidate,
  type Finding,
  firstLine,
  type Importer,
  importPackage,
  isMissing,
} from './candidate.js';

/** As much of npm package `webgpu` (Dawn) as is used here. */
interface Dawn {
  create(flags: string[]): Gpu;
  globals: Record<string, unknown>;
}

export interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

export interface Adapter {
  info: {
    vendor: string;
    architecture: string;
    device: string;
    description: string;
    isFallbackAdapter?: boolean;
  };
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|null-backend|basic render|warp/i;

/**
 * WebGPU in Node, through npm package `webgpu` (Dawn) and tfjs's WebGPU backend. An adapter that is emulated in
 * software (SwiftShader, lavapipe, Dawn's null backend) is named as such, and left to those who ask for it.
 */
export function webgpu(importer: Importer = importPackage): Candidate {
  return {
    name: 'webgpu',
    install: 'npm install --no-save --save-prod webgpu @tensorflow/tfjs-backend-webgpu@4.22.0',
    find: () => findWebgpu(importer),
  };
}

async function findWebgpu(importer: Importer): Promise<Finding> {
  for (const name of ['webgpu', '@tensorflow/tfjs-backend-webgpu']) {
    try {
      if (name === 'webgpu') await provideNavigatorGpu(importer);
      // Registers itself with tfjs, but only if navigator.gpu is there when it is first imported.
      else await importer(name);
    } catch (error) {
      if (isMissing(error, name)) return absent(`package ${name} is not installed`);
      return absent(`package ${name} does not load: ${firstLine(error)}`);
    }
  }
  const adapter = await currentGpu()!.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null)
    return absent('Dawn finds no GPU adapter (no GPU, or no Vulkan, Metal or Direct3D driver)');
  return describe(adapter);
}

/** An adapter in words, and whether `auto` may choose it. */
export function describe({ info }: Adapter): Finding {
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '');
  const details = words.join(', ');
  const software = info.isFallbackAdapter === true || SOFTWARE.test(details);
  return {
    available: true,
    auto: !software,
    reason: software ? 'its adapter is emulated in software' : '',
    details,
  };
}

function currentGpu(): Gpu | undefined {
  return (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;
}

/** Node 20 has no navigator, later ones have one without `gpu`; tfjs looks for navigator.gpu. */
async function provideNavigatorGpu(importer: Importer): Promise<void> {
  if (currentGpu() !== undefined) return;
  const { create, globals } = (await importer('webgpu')) as Dawn;
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const gpu = create([]);
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}
