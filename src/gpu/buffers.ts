import { RunError, UsageError } from '../util/errors.js';
import { requireFaultless } from './faults.js';

/** Written at a time: views of shared memory are copied first. */
const CHUNK_BYTES = 2 ** 26;

/** Buffers of one device, made, filled and read; whole words. */
export class Buffers {
  /** Bytes of all of them. */
  bytes = 0;
  private readonly made: GPUBuffer[] = [];

  constructor(
    readonly device: GPUDevice,
    private readonly name: string,
  ) {}

  /**
   * A storage buffer of zeros.
   * @throws UsageError if the device takes no buffer of this size
   */
  zeros(words: number, what: string, usage = GPUBufferUsage.STORAGE): GPUBuffer {
    const size = Math.max(16, 4 * words);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > largest) {
      const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
      throw new UsageError(
        `${what} takes ${mib(size)}, and the GPU's buffers end at ${mib(largest)}`,
        `GPU ${this.name}`,
        'Make the network smaller, or use --engine event.',
      );
    }
    const buffer = this.device.createBuffer({
      size,
      usage: usage | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    this.bytes += size;
    this.made.push(buffer);
    return buffer;
  }

  /** A storage buffer with these bytes; they may be shared memory. */
  filled(bytes: Uint8Array, what: string, usage?: number): GPUBuffer {
    const buffer = this.zeros(Math.ceil(bytes.length / 4), what, usage);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const part = bytes.subarray(at, at + CHUNK_BYTES);
      const copy = new Uint8Array(4 * Math.ceil(part.length / 4));
      copy.set(part);
      this.device.queue.writeBuffer(buffer, at, copy);
    }
    return buffer;
  }

  /** Does `work`, which makes buffers. @throws RunError if the device has no memory left for them */
  async allocate<T>(work: () => Promise<T>): Promise<T> {
    this.device.pushErrorScope('out-of-memory');
    const [made] = await Promise.allSettled([work()]);
    if ((await this.device.popErrorScope()) !== null) {
      const mib = Math.round(this.bytes / 2 ** 20);
      throw new RunError(`GPU ${this.name}: out of memory; ${mib} MiB were asked for`);
    }
    if (made.status === 'rejected') throw made.reason;
    return made.value;
  }

  /** Words of buffers, behind each other. @throws RunError if the device has had a fault */
  async read(parts: readonly { buffer: GPUBuffer; word: number; words: number }[]): Promise<Int32Array> {
    const size = 4 * parts.reduce((sum, { words }) => sum + words, 0);
    if (size === 0) return new Int32Array(0);
    const staging = this.device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const encoder = this.device.createCommandEncoder();
    let at = 0;
    for (const { buffer, word, words } of parts) {
      if (words > 0) encoder.copyBufferToBuffer(buffer, 4 * word, staging, at, 4 * words);
      at += 4 * words;
    }
    this.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ);
      return new Int32Array(staging.getMappedRange().slice(0));
    } catch (error) {
      await requireFaultless(this.device);
      throw new RunError(`GPU ${this.name} cannot be read: ${(error as Error).message}`, { cause: error });
    } finally {
      staging.destroy();
      await requireFaultless(this.device);
    }
  }

  destroy(): void {
    for (const buffer of this.made) buffer.destroy();
  }
}
