import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerLedger, Ledger } from '../energy/ledger.js';
import { UsageError } from '../util/errors.js';
import { slug } from '../util/format.js';
import { isRecord } from '../util/json.js';
import { isNumericArray, readNpz, type ShapedArray, writeNpz } from './npz.js';

/** What stands in ledger.json in the place of an array. */
interface ArrayReference {
  /** File relative to the run folder, and the array's name in it. */
  npz: string;
  array: string;
  shape: number[];
}

interface LedgerDocument {
  format: 'femtospike-ledger-1';
  networks: unknown[];
}

/**
 * The files that hold ledgers: ledger.json with every count, and one ledger/NETWORK.npz a network with the
 * arrays (spikes of each source, L0 and L1 of each synapse), which can have millions of entries.
 *
 * @returns file name relative to the run folder → content
 */
export function ledgerFiles(ledgers: readonly Ledger[]): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>();
  const networks = ledgers.map((ledger, i) => {
    const file = `ledger/${String(i).padStart(2, '0')}-${slug(ledger.network)}.npz`;
    const arrays: Record<string, ShapedArray> = {};
    const layers = ledger.layers.map((layer, l) => withoutArrays(layer, `layer${l}`, layer, file, arrays));
    if (Object.keys(arrays).length > 0) files.set(file, writeNpz(arrays));
    return { ...ledger, layers };
  });
  const document: LedgerDocument = { format: 'femtospike-ledger-1', networks };
  files.set('ledger.json', `${JSON.stringify(document, null, 2)}\n`);
  return files;
}

function withoutArrays(
  value: unknown,
  path: string,
  layer: LayerLedger,
  file: string,
  arrays: Record<string, ShapedArray>,
): unknown {
  if (isNumericArray(value)) {
    const perSynapse =
      layer.outDegrees === undefined &&
      value.length === layer.sources * layer.targets &&
      path.includes('.changes.');
    const shape = perSynapse ? [layer.sources, layer.targets] : [value.length];
    arrays[path] = { data: value, shape };
    return { npz: file, array: path, shape } satisfies ArrayReference;
  }
  if (!isRecord(value)) return value;
  const inner = Object.entries(value).map(([key, item]) => [
    key,
    withoutArrays(item, `${path}.${key}`, layer, file, arrays),
  ]);
  return Object.fromEntries(inner);
}

/**
 * Reads the ledgers of a run folder back, every array with its type and all its bits.
 *
 * @throws UsageError if a file is missing, cut short or not what ledger.json says
 */
export function readLedgers(folder: string): Ledger[] {
  const path = join(folder, 'ledger.json');
  if (!existsSync(path)) throw broken(path, 'the file is missing');
  let document: LedgerDocument;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw broken(path, `it is no JSON (${(error as Error).message})`);
  }
  if (document?.format !== 'femtospike-ledger-1') throw broken(path, 'it is no ledger');
  const open = new Map<string, Record<string, ShapedArray>>();
  return document.networks.map((network) => withArrays(network, folder, open)) as Ledger[];
}

function withArrays(value: unknown, folder: string, open: Map<string, Record<string, ShapedArray>>): unknown {
  if (Array.isArray(value)) return value.map((item) => withArrays(item, folder, open));
  if (!isRecord(value)) return value;
  if (isReference(value)) return readArray(value, folder, open);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withArrays(item, folder, open)]),
  );
}

function readArray(
  reference: ArrayReference,
  folder: string,
  open: Map<string, Record<string, ShapedArray>>,
): ShapedArray['data'] {
  const path = join(folder, reference.npz);
  if (!open.has(path)) {
    try {
      open.set(path, readNpz(readFileSync(path)));
    } catch (error) {
      throw broken(path, `it cannot be read (${(error as Error).message})`);
    }
  }
  const found = open.get(path)![reference.array];
  const shape = reference.shape.join('×');
  if (found?.shape.join('×') !== shape) throw broken(path, `no array '${reference.array}' of shape ${shape}`);
  return found.data;
}

function isReference(value: Record<string, unknown>): value is Record<string, unknown> & ArrayReference {
  return typeof value.npz === 'string' && typeof value.array === 'string' && Array.isArray(value.shape);
}

function broken(path: string, what: string): UsageError {
  return new UsageError(what, path, 'The run folder is damaged: run the experiment again');
}
