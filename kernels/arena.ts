/** A shared WASM memory that hands out typed arrays; `array.byteOffset` is the address that kernels take. */
export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  /** Address 0 is left free: kernels take it for "none". */
  private next = 64;

  /** Zeros. Addresses are multiples of 64, so that a SIMD load never crosses a cache line. */
  float32(length: number): Float32Array {
    const at = this.reserve(4 * length);
    return new Float32Array(this.memory.buffer, at, length);
  }

  float64(length: number): Float64Array {
    const at = this.reserve(8 * length);
    return new Float64Array(this.memory.buffer, at, length);
  }

  int32(length: number): Int32Array {
    const at = this.reserve(4 * length);
    return new Int32Array(this.memory.buffer, at, length);
  }

  uint32(length: number): Uint32Array {
    const at = this.reserve(4 * length);
    return new Uint32Array(this.memory.buffer, at, length);
  }

  uint16(length: number): Uint16Array {
    const at = this.reserve(2 * length);
    return new Uint16Array(this.memory.buffer, at, length);
  }

  uint8(length: number): Uint8Array {
    const at = this.reserve(length);
    return new Uint8Array(this.memory.buffer, at, length);
  }

  /** Bytes handed out so far. */
  get bytes(): number {
    return this.next;
  }

  /**
   * A shared memory never moves when it grows: arrays handed out before stay valid. Its `buffer`, though, is a new
   * object of the new length, to be asked for only after growing.
   */
  private reserve(bytes: number): number {
    const at = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    if (this.next > 2 ** 32) throw new RangeError('more than 4 GiB in one WASM memory');
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    return at;
  }
}
