import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIdx, readIdx } from '../../src/data/idx.js';
import { UsageError } from '../../src/util/errors.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'femtospike-idx-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an IDX file by hand, byte by byte. */
function idxBytes(type: number, shape: number[], payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + payload.length);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [d, size] of shape.entries()) view.setUint32(4 + 4 * d, size);
  bytes.set(payload, 4 + 4 * shape.length);
  return bytes;
}

function bigEndian(
  bytesEach: number,
  values: number[],
  write: (view: DataView, at: number, value: number) => void,
) {
  const view = new DataView(new ArrayBuffer(bytesEach * values.length));
  for (const [i, value] of values.entries()) write(view, i * bytesEach, value);
  return new Uint8Array(view.buffer);
}

test('reads a matrix of bytes in row-major order', () => {
  const array = parseIdx(idxBytes(8, [2, 3], Uint8Array.of(1, 2, 3, 4, 5, 255)), 'x');
  expect(array.shape).toEqual([2, 3]);
  expect(array.get(0, 2)).toBe(3);
  expect(array.get(1, 2)).toBe(255);
});

test.each([
  [9, 1, [-128, 0, 127], (v: DataView, o: number, x: number) => v.setInt8(o, x)],
  [11, 2, [-32768, 1, 32767], (v: DataView, o: number, x: number) => v.setInt16(o, x)],
  [12, 4, [-(2 ** 31), 1, 2 ** 31 - 1], (v: DataView, o: number, x: number) => v.setInt32(o, x)],
  [13, 4, [-1.5, 0, 2 ** 100], (v: DataView, o: number, x: number) => v.setFloat32(o, x)],
  [14, 8, [-Math.PI, 0, 1e300], (v: DataView, o: number, x: number) => v.setFloat64(o, x)],
] as const)('reads elements of type %i, big-endian', (type, size, values, write) => {
  const array = parseIdx(idxBytes(type, [3], bigEndian(size, [...values], write)), 'x');
  expect(Array.from(array.data)).toEqual([...values]);
});

test('reads back any shape and content', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), fc.nat(255), (shape, fill) => {
      const length = shape.reduce((a, b) => a * b, 1);
      const payload = Uint8Array.from({ length }, (_, i) => (fill + i) & 255);
      const array = parseIdx(idxBytes(8, shape, payload), 'x');
      expect(array.shape).toEqual(shape);
      expect(Array.from(array.data)).toEqual(Array.from(payload));
    }),
  );
});

test('a file cut short anywhere says where, what was expected and what was found', () => {
  const whole = idxBytes(8, [2, 3, 4], new Uint8Array(24));
  for (let length = 0; length < whole.length; length++) {
    const parse = () => parseIdx(whole.subarray(0, length), 'digits.idx');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(
      new RegExp(`^digits.idx: cut short at byte ${length}: expected \\d+ bytes .*found ${length}`),
    );
  }
  expect(() => parseIdx(whole.subarray(0, 30), 'x')).toThrow('expected 40 bytes');
});

test('a file with more than its header promises is refused', () => {
  expect(() => parseIdx(idxBytes(8, [2], new Uint8Array(3)), 'x')).toThrow(/end at byte 10, found 11 bytes/);
});

test('a file of another kind is refused with its first bytes', () => {
  expect(() => parseIdx(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'cat.png')).toThrow(
    /cat.png: not an IDX file.*89 50 4e 47/,
  );
  expect(() => parseIdx(Uint8Array.of(0, 0, 10, 1, 0, 0, 0, 0), 'x')).toThrow(/not an IDX file/);
  expect(() => parseIdx(Uint8Array.of(0, 0, 8, 0, 7), 'x')).toThrow(/at least one dimension/);
});

test('unpacks gzip, and names a damaged one and a missing file', () => {
  const packed = gzipSync(idxBytes(8, [3], Uint8Array.of(7, 8, 9)));
  const whole = join(folder, 'whole.gz');
  const damaged = join(folder, 'damaged.gz');
  writeFileSync(whole, packed);
  writeFileSync(damaged, packed.subarray(0, packed.length - 6));
  expect(Array.from(readIdx(whole).data)).toEqual([7, 8, 9]);
  expect(() => readIdx(damaged)).toThrow(/damaged.gz: gzip data is damaged/);
  expect(() => readIdx(join(folder, 'nowhere'))).toThrow(UsageError);
});
