import { isRecord } from '../util/json.js';
import { isNumericArray, type NumericArray } from './npz.js';

const TYPES = { Uint32Array, Int32Array, Float32Array, Float64Array } as const;

/** A typed array as JSON holds it: its bytes, little-endian, in base64. */
interface Packed {
  typedArray: keyof typeof TYPES;
  base64: string;
}

/** The same value as plain JSON, every typed array with all its bits: what a sweep can keep in a file. */
export function pack(value: unknown): unknown {
  if (isNumericArray(value)) return packArray(value);
  if (Array.isArray(value)) return value.map(pack);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
}

/** What `pack` was given. */
export function unpack<Value>(packed: unknown): Value {
  return unpackAny(packed) as Value;
}

function packArray(array: NumericArray): Packed {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return { typedArray: array.constructor.name as keyof typeof TYPES, base64: bytes.toString('base64') };
}

function unpackAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpackAny);
  if (!isRecord(value)) return value;
  if (isPacked(value)) {
    const bytes = new Uint8Array(Buffer.from(value.base64, 'base64'));
    return new TYPES[value.typedArray](bytes.buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpackAny(item)]));
}

function isPacked(value: object): value is Packed {
  return 'typedArray' in value && 'base64' in value;
}
