import { createMemory, MAX_PAGES } from '../../util/wasm.js';

/** Hands out pieces of one WASM memory, front to back; nothing is given back. */
export class Arena {
  readonly memory = createMemory(65536);
  /** Address 0 stays free, so that 0 can mean "none". */
  private used = 64;

  get bytes(): number {
    return this.used;
  }

  /** Address of `bytes` zeroed bytes, on a cache line of their own. */
  allocate(bytes: number): number {
    const at = this.used;
    this.used = Math.ceil((at + bytes) / 64) * 64;
    const pages = Math.ceil(this.used / 65536);
    if (pages > MAX_PAGES) throw new RangeError('a slice needs more than 4 GiB: use more threads');
    const missing = pages - this.memory.buffer.byteLength / 65536;
    if (missing > 0) this.memory.grow(missing);
    return at;
  }

  /** Views are of the memory as it is now: ask again after allocating. */
  get i32(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  get u32(): Uint32Array {
    return new Uint32Array(this.memory.buffer);
  }

  get f32(): Float32Array {
    return new Float32Array(this.memory.buffer);
  }

  get u8(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }
}
