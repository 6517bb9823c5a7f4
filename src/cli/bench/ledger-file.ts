import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { z } from 'zod';
import { L1_QUANTUM, type Ledger } from '../../energy/ledger.js';
import { ledgerFiles, readLedgers } from '../../experiment/ledger-file.js';
import { writeFiles } from '../../experiment/run-folder.js';
import { stream } from '../../util/rng.js';
import { defineBench } from '../define-bench.js';

const options = z.strictObject({
  sources: z.int().min(1).default(784).describe('presynaptic neurons'),
  targets: z.int().min(1).default(350).describe('postsynaptic neurons'),
  repeats: z.int().min(1).default(5).describe('how often it is done; the median is told'),
  seed: z.int().min(0).default(1).describe('seed of the random counts'),
});

/** How long it takes to write and read the per-synapse counts of one trained network. */
export default defineBench({
  description: 'write and read the ledger of one network, with L0 and L1 of every synapse',
  options,
  async run({ sources, targets, repeats, seed }, { progress }) {
    const ledgers = [randomLedger(sources, targets, seed)];
    const folder = mkdtempSync(join(tmpdir(), 'femtospike-bench-'));
    const writeS: number[] = [];
    const readS: number[] = [];
    let bytes = 0;
    try {
      for (let i = 0; i < repeats; i++) {
        progress(i, repeats, 'writing and reading');
        const started = performance.now();
        const files = ledgerFiles(ledgers);
        writeFiles(folder, files);
        const written = performance.now();
        readLedgers(folder);
        writeS.push((written - started) / 1000);
        readS.push((performance.now() - written) / 1000);
        bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    return {
      synapses: sources * targets,
      bytes,
      writeS: median(writeS),
      readS: median(readS),
      repeats,
      seed,
    };
  },
});

/** Counts such as training leaves them: many steps, most synapses written often, L1 of all sizes. */
function randomLedger(sources: number, targets: number, seed: number): Ledger {
  const random = stream(seed, 'ledger-file');
  const synapses = sources * targets;
  const spikes = () => Float64Array.from({ length: sources }, () => random.integer(60_000));
  return {
    network: 'random',
    labels: {},
    inferences: 10_000,
    trainingSamples: 60_000,
    layers: [
      {
        channel: 'spike',
        name: 'input to hidden',
        sources,
        targets,
        inferenceSpikes: spikes(),
        trainingSpikes: spikes(),
        inferenceNeuronUpdates: 10_000 * targets,
        trainingNeuronUpdates: 60_000 * targets,
        inferenceTargetSpikes: random.integer(1e6),
        trainingTargetSpikes: random.integer(1e6),
        backwardMacsPerSpike: 0,
        changes: {
          steps: 1875,
          l0: Uint32Array.from({ length: synapses }, () => random.integer(1875)),
          l1Quanta: Float64Array.from({ length: synapses }, () => Math.round(random.uniform() / L1_QUANTUM)),
        },
      },
    ],
  };
}
