import type { AdapterInfo } from './dawn.js';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|null-backend|basic render|warp/i;

/** An adapter in words: vendor, architecture, device, driver. */
export function adapterName({ vendor, architecture, device, description }: AdapterInfo): string {
  return [vendor, architecture, device, description].filter((word) => word !== '').join(', ');
}

/** Whether an adapter is emulated on the processor (SwiftShader, lavapipe, Dawn's null backend). */
export function isSoftware(info: AdapterInfo): boolean {
  return info.isFallbackAdapter === true || SOFTWARE.test(adapterName(info));
}
