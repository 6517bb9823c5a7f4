import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, SpikingLayerLedger } from '../../src/energy/ledger.js';
import { ledgerFiles, readLedgers } from '../../src/experiment/ledger-file.js';
import { readNpz, writeNpz } from '../../src/experiment/npz.js';
import { writeFiles } from '../../src/experiment/run-folder.js';
import { UsageError } from '../../src/util/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'femtospike-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const counts = (length: number, max = Number.MAX_SAFE_INTEGER) =>
  fc.array(fc.nat({ max }), { minLength: length, maxLength: length });

const layer = fc
  .record({ sources: fc.integer({ min: 1, max: 9 }), targets: fc.integer({ min: 1, max: 9 }) })
  .chain(({ sources, targets }) =>
    fc.record({
      channel: fc.constant('spike' as const),
      name: fc.string(),
      sources: fc.constant(sources),
      targets: fc.constant(targets),
      inferenceSpikes: counts(sources).map((list) => Float64Array.from(list)),
      trainingSpikes: counts(sources).map((list) => Float64Array.from(list)),
      inferenceNeuronUpdates: fc.nat(),
      trainingNeuronUpdates: fc.maxSafeNat(),
      inferenceTargetSpikes: fc.nat(),
      trainingTargetSpikes: fc.nat(),
      backwardMacsPerSpike: fc.constantFrom(0 as const, 1 as const),
      changes: fc.option(
        fc.record({
          steps: fc.nat(),
          l0: counts(sources * targets, 2 ** 32 - 1).map((list) => Uint32Array.from(list)),
          l1Quanta: counts(sources * targets).map((list) => Float64Array.from(list)),
        }),
      ),
    }),
  );

const ledgers: fc.Arbitrary<Ledger[]> = fc.array(
  fc.record({
    network: fc.string(),
    labels: fc.constant({ clade: 'songbird', massG: 2 }),
    inferences: fc.nat(),
    trainingSamples: fc.nat(),
    layers: fc.array(layer, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);

describe('ledgers', () => {
  test('come back from their files as they were, every array with its type', () => {
    fc.assert(
      fc.property(ledgers, (written) => {
        writeFiles(folder, ledgerFiles(written));
        expect(readLedgers(folder)).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  test('give the same bytes when they are the same', () => {
    const [first] = fc.sample(ledgers, { seed: 3, numRuns: 1 });
    expect([...ledgerFiles(first)]).toEqual([...ledgerFiles(structuredClone(first))]);
  });

  test('that are damaged are refused with the name of the file', () => {
    const [given] = fc.sample(layer, { seed: 5, numRuns: 1 });
    const ledger: Ledger = {
      network: 'n',
      labels: {},
      inferences: 1,
      trainingSamples: 1,
      layers: [given as SpikingLayerLedger],
    };
    writeFiles(folder, ledgerFiles([ledger]));
    const npz = join(folder, 'ledger', '00-n.npz');
    const whole = readFileSync(npz);
    truncateSync(npz, whole.length - 30);
    expect(() => readLedgers(folder)).toThrow(UsageError);
    expect(() => readLedgers(folder)).toThrow(npz);

    writeFileSync(npz, writeNpz({ 'layer0.inferenceSpikes': { data: new Float64Array(100), shape: [100] } }));
    expect(() => readLedgers(folder)).toThrow(/no array 'layer0\.inferenceSpikes' of shape/);

    rmSync(npz);
    expect(() => readLedgers(folder)).toThrow(UsageError);
    truncateSync(join(folder, 'ledger.json'), 40);
    expect(() => readLedgers(folder)).toThrow(/it is no JSON/);
    rmSync(join(folder, 'ledger.json'));
    expect(() => readLedgers(folder)).toThrow(/missing/);
  });
});

describe('npz', () => {
  test('keeps every bit of every type', () => {
    const arrays = {
      doubles: {
        data: Float64Array.of(0, -0, 0.1, Number.MIN_VALUE, Number.NaN, Number.NEGATIVE_INFINITY),
        shape: [2, 3],
      },
      floats: { data: Float32Array.of(1.5, -2), shape: [2] },
      counts: { data: Uint32Array.of(0, 2 ** 32 - 1), shape: [1, 2] },
      signed: { data: Int32Array.of(-(2 ** 31)), shape: [1, 1, 1] },
      none: { data: new Float64Array(0), shape: [0] },
    };
    expect(readNpz(writeNpz(arrays))).toEqual(arrays);
  });

  test('reads a file that numpy wrote', () => {
    // numpy.savez_compressed('x.npz', a=numpy.array([[1, 2, 3], [4, 5, 2**32 - 1]], 'u4')), numpy 2.4
    const file = Buffer.from(NUMPY_FILE, 'base64');
    expect(readNpz(file)).toEqual({ a: { data: Uint32Array.of(1, 2, 3, 4, 5, 2 ** 32 - 1), shape: [2, 3] } });
  });

  test('refuses a shape that the numbers do not fill', () => {
    expect(() => writeNpz({ a: { data: new Float64Array(5), shape: [2, 3] } })).toThrow('2×3');
  });
});

const NUMPY_FILE =
  'UEsDBC0AAAAIAAAAIQB/+LuI//////////8FABQAYS5ucHkBABAAmAAAAAAAAABXAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxc' +
  'pG6loG5TaqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLkYGBgYmIGYGYhYgZgXi/0AAAFBL' +
  'AQItAy0AAAAIAAAAIQB/+LuIVwAAAJgAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAACOAAAAAAA=';
