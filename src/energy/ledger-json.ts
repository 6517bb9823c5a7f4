import type { Ledger } from './ledger.js';

/** A ledger as plain JSON, every array with its type and all its bits: what a worker can send and a file can keep. */
export type LedgerJson = { readonly ledger: unknown };

const TYPES = { Uint32Array, Float64Array } as const;

interface PackedArray {
  array: keyof typeof TYPES;
  base64: string;
}

export function ledgerToJson(ledger: Ledger): LedgerJson {
  return { ledger: mapped(ledger, pack) };
}

export function ledgerFromJson({ ledger }: LedgerJson): Ledger {
  return mapped(ledger, unpack) as Ledger;
}

function mapped(value: unknown, of: (value: unknown) => unknown): unknown {
  const done = of(value);
  if (done !== undefined) return done;
  if (Array.isArray(value)) return value.map((item) => mapped(item, of));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, of)]));
}

function pack(value: unknown): PackedArray | undefined {
  if (!(value instanceof Uint32Array || value instanceof Float64Array)) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return {
    array: value instanceof Uint32Array ? 'Uint32Array' : 'Float64Array',
    base64: bytes.toString('base64'),
  };
}

function unpack(value: unknown): Uint32Array | Float64Array | undefined {
  if (typeof value !== 'object' || value === null || !('base64' in value)) return undefined;
  const { array, base64 } = value as PackedArray;
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new TYPES[array](bytes.buffer);
}
