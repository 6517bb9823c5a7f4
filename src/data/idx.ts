import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import ndarray from 'ndarray';
import { UsageError } from '../util/errors.js';

export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An n-dimensional array read from an IDX file: `data` in row-major order, `shape` as the header says. */
export type IdxArray = ndarray.NdArray<IdxValues>;

interface ElementType {
  name: string;
  bytes: number;
  make(length: number): IdxValues;
  get(view: DataView, offset: number): number;
}

/** Third byte of the magic number: the type of the elements. Elements are big-endian. */
const ELEMENT_TYPES: Record<number, ElementType> = {
  8: { name: 'uint8', bytes: 1, make: (n) => new Uint8Array(n), get: (v, o) => v.getUint8(o) },
  9: { name: 'int8', bytes: 1, make: (n) => new Int8Array(n), get: (v, o) => v.getInt8(o) },
  11: { name: 'int16', bytes: 2, make: (n) => new Int16Array(n), get: (v, o) => v.getInt16(o) },
  12: { name: 'int32', bytes: 4, make: (n) => new Int32Array(n), get: (v, o) => v.getInt32(o) },
  13: { name: 'float32', bytes: 4, make: (n) => new Float32Array(n), get: (v, o) => v.getFloat32(o) },
  14: { name: 'float64', bytes: 8, make: (n) => new Float64Array(n), get: (v, o) => v.getFloat64(o) },
};

const REFETCH = 'Fetch the file again, or give the path of a whole IDX file.';

/**
 * Reads an IDX file: bytes 0 and 1 are zero, byte 2 is the element type, byte 3 the number of dimensions, then
 * one big-endian 32-bit length a dimension, then the elements in row-major order. A file that starts with the
 * gzip magic number is unpacked first. Format: "The IDX file format", LeCun, Cortes & Burges, the MNIST database.
 *
 * @throws UsageError if the file is missing, is no IDX file, or is shorter or longer than its header says
 */
export function readIdx(path: string): IdxArray {
  return parseIdx(readBytes(path), path);
}

/** The bytes of a file, unpacked if they are gzipped. */
export function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot be read (${(error as Error).message})`, path, 'Check the path.');
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UsageError(`gzip data is damaged (${(error as Error).message})`, path, REFETCH);
  }
}

/**
 * Parses the bytes of an IDX file; see `readIdx`. Elements of type uint8 are not copied: the array looks at `bytes`.
 *
 * @param where name of the file, for errors
 */
export function parseIdx(bytes: Uint8Array, where: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw cutShort(where, 'the magic number', 4, bytes.length);
  const type = ELEMENT_TYPES[bytes[2]];
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    const found = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new UsageError(
      `not an IDX file: at byte 0 expected 00 00, an element type (08, 09, 0b to 0e) and a number of dimensions, found ${found}`,
      where,
      'Give the path of an IDX file.',
    );
  }
  const dimensions = bytes[3];
  if (dimensions === 0) {
    throw new UsageError('at byte 3 expected at least one dimension, found 0', where, REFETCH);
  }
  const start = 4 + 4 * dimensions;
  if (bytes.length < start)
    throw cutShort(where, `the lengths of ${dimensions} dimensions`, start, bytes.length);
  const shape = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d));
  const length = shape.reduce((product, size) => product * size, 1);
  const end = start + length * type.bytes;
  if (bytes.length < end)
    throw cutShort(where, `${shape.join('×')} elements of ${type.name}`, end, bytes.length);
  if (bytes.length > end) {
    throw new UsageError(
      `too long: the header promises ${shape.join('×')} elements of ${type.name}, which end at byte ${end}, found ${bytes.length} bytes`,
      where,
      REFETCH,
    );
  }
  return ndarray(elements(bytes, view, type, start, length), shape);
}

function elements(
  bytes: Uint8Array,
  view: DataView,
  type: ElementType,
  start: number,
  length: number,
): IdxValues {
  if (type.name === 'uint8') return new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
  const data = type.make(length);
  for (let i = 0; i < length; i++) data[i] = type.get(view, start + i * type.bytes);
  return data;
}

function cutShort(where: string, what: string, expected: number, found: number): UsageError {
  return new UsageError(
    `cut short at byte ${found}: expected ${expected} bytes up to the end of ${what}, found ${found}`,
    where,
    REFETCH,
  );
}
