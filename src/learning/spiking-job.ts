import { type ImageData, type ImageSet, subset } from '../data/images.js';
import { loadImageFolder, loadMnist } from '../data/mnist.js';
import { QUANTA, trainingCounts, UNITS, type Unit } from '../energy/counts.js';
import { L1_QUANTUM } from '../energy/ledger.js';
import { type LedgerJson, ledgerToJson } from '../energy/ledger-json.js';
import type { LayerTotals } from '../plasticity/layer.js';
import { type Policy, parsePolicy } from '../plasticity/policy.js';
import type { WriteCost } from '../plasticity/write-meter.js';
import type { EventPropConfig } from './eventprop/config.js';
import { encodeLatency, type LatencyCode, latencySteps, type SpikeData } from './eventprop/encode.js';
import { PlasticTrainer } from './eventprop/plastic-trainer.js';

/** A spiking classifier of MNIST that learns by EventProp under a plasticity policy. */
export interface SpikingJob {
  kind: 'spiking';
  network: EventPropConfig;
  code: LatencyCode;
  /** Training images, the first of a random order; their order is another. */
  images: number;
  /** Draws the images; the network's own seed unless given. */
  imageSeed?: number;
  /** 'mnist', or a folder of IDX files; 'mnist' unless given. */
  data?: string;
  policy: Partial<Policy>;
  rate: number;
  /** Whether the rate falls as a half cosine to 0 at maxBatches; constant unless given. */
  schedule?: 'constant' | 'half-cosine';
  /** The test set is looked at after every so many batches. */
  testEvery: number;
  /** Learning ends at the first test above this accuracy, or after so many batches. */
  goal: number;
  maxBatches: number;
  /** Whether to bring home the ledger of each synapse. */
  ledger: boolean;
  /** Exponents α for which M = Σ|Δl|^α is wanted. */
  exponents?: readonly number[];
}

/** One look at the test set. */
export interface SpikingCheckpoint {
  samples: number;
  updates: number;
  accuracy: number;
  /** Spikes of the hidden units for one test image. */
  hiddenSpikes: number;
  /** Work of learning so far, transients that would be consolidated now included; whole units, not quanta. */
  counts: Record<Unit, number>;
  totals: LayerTotals;
  /** Share of the synapses written in the last batch that were also written in the batch before; null if none was. */
  overlap: number | null;
}

export interface SpikingResult {
  /** Whether the goal was reached. A run that did not must not be averaged with others. */
  reached: boolean;
  checkpoints: SpikingCheckpoint[];
  /** Cost of all writes by the exponents asked for, residual transients consolidated. */
  costs: WriteCost[];
  ledger: LedgerJson | null;
}

/** The digits are read, and encoded, once a thread. */
const read = new Map<string, ImageData>();
const encoded = new Map<string, SpikeData>();

export function runSpiking(job: SpikingJob): SpikingResult {
  const { network, images, testEvery, maxBatches, goal, data = 'mnist' } = job;
  const all = read.get(data) ?? (data === 'mnist' ? loadMnist() : loadImageFolder(data));
  read.set(data, all);
  const { pixels } = all;
  const imageSeed = job.imageSeed ?? network.seed;
  const train = images < all.train.count ? subset(all.train, images, imageSeed) : all.train;
  const trainer = new PlasticTrainer(
    network,
    encode(job, train, pixels, `${data} train ${images} ${imageSeed}`),
    encode(job, all.test, pixels, `${data} test`),
    parsePolicy(job.policy),
    { exponents: job.exponents },
  );
  const falling = job.schedule === 'half-cosine';
  const rate = (step: number) =>
    falling ? (job.rate / 2) * (1 + Math.cos((Math.PI * step) / maxBatches)) : job.rate;
  const checkpoints: SpikingCheckpoint[] = [];
  let reached = false;
  while (!reached && trainer.steps < maxBatches) {
    const batches = Math.min(testEvery, maxBatches - trainer.steps);
    trainer.learn(Math.max(0, batches - 2), rate);
    const written = Array.from({ length: Math.min(2, batches) }, () => writtenIn(trainer, rate));
    const { accuracy, hiddenSpikes } = trainer.evaluate();
    checkpoints.push({
      samples: trainer.samples,
      updates: trainer.updates,
      accuracy,
      hiddenSpikes,
      counts: workOf(trainer),
      totals: trainer.totals(),
      overlap: written.length === 2 ? overlapOf(written[0], written[1]) : null,
    });
    reached = accuracy > goal;
  }
  trainer.finish();
  const ledger = job.ledger ? ledgerToJson(trainer.ledger('')) : null;
  return { reached, checkpoints, costs: trainer.costs(), ledger };
}

function encode({ code, network }: SpikingJob, set: ImageSet, pixels: number, name: string): SpikeData {
  const { dtMs, steps } = network.neuron;
  const key = JSON.stringify([name, code, dtMs, steps]);
  let data = encoded.get(key);
  if (data === undefined) {
    data = encodeLatency(set.images, set.labels, pixels, latencySteps(code, dtMs, steps), steps);
    // One training set at a time, and the test set.
    for (const other of encoded.keys())
      if (name.includes(' train ') && other.includes(' train ')) encoded.delete(other);
    encoded.set(key, data);
  }
  return data;
}

/** Learns one batch; which synapses it wrote, transient or persistent. */
function writtenIn(trainer: PlasticTrainer, rate: (step: number) => number): Set<number> {
  const before = trainer.layers.map((layer) => layer.weights());
  trainer.learn(1, rate);
  const written = new Set<number>();
  let offset = 0;
  for (const [l, layer] of trainer.layers.entries()) {
    const after = layer.weights();
    for (let k = 0; k < after.length; k++) if (after[k] !== before[l][k]) written.add(offset + k);
    offset += after.length;
  }
  return written;
}

function overlapOf(before: Set<number>, now: Set<number>): number | null {
  if (now.size === 0) return null;
  let both = 0;
  for (const k of now) if (before.has(k)) both++;
  return both / now.size;
}

function workOf(trainer: PlasticTrainer): Record<Unit, number> {
  const counted = trainingCounts(trainer.ledger(''));
  const counts = Object.fromEntries(
    UNITS.map((unit) => [unit, Number(counted[unit]) * (QUANTA.has(unit) ? L1_QUANTUM : 1)]),
  ) as Record<Unit, number>;
  const { residual, residualSynapses } = trainer.totals();
  counts.weightChange += residual;
  counts.weightWrite += residualSynapses;
  counts.consolidation += residualSynapses;
  return counts;
}
