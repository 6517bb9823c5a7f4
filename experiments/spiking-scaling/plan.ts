import { LATENCY_CODE, latencyClassifier } from '../../models/networks/latency-classifier.js';
import type { BackendName } from '../../src/baseline/backend.js';
import type { DigitJob } from '../../src/learning/digit-jobs.js';
import type { Config } from './config.js';

export const KINDS = ['spiking', 'dense'] as const;
export type Kind = (typeof KINDS)[number];
export const LAWS = ['N', 'D', 'C'] as const;
/** What grows: synapses, digits, or both together. */
export type Law = (typeof LAWS)[number];

/** A network to train. */
export interface Point {
  kind: Kind;
  law: Law;
  seed: number;
  units: number;
  samples: number;
  epochs: number;
}

const [INPUTS, CLASSES, BATCH, DROPOUT] = [784, 10, 32, 0.1];
/** Wider spiking networks learn at a lower rate, as one over the root of their width (see brain-race). */
const WIDTH_OF_RATE = 128;

export const synapsesOf = (units: number) => units * (INPUTS + CLASSES);

/**
 * L(N): all widths learn all digits. L(D): the widest learns from few, for no less than a number of steps. L(C): width
 * and digits grow together. A network that belongs to several laws is trained once.
 */
export function pointsOf(config: Config, seeds: readonly number[]): Point[] {
  const { widths, samples, epochs, leastSteps } = config;
  const [widest, most] = [Math.max(...widths), Math.max(...samples)];
  const enough = (count: number) => Math.max(epochs, Math.ceil((leastSteps * BATCH) / count));
  return KINDS.flatMap((kind) =>
    seeds.flatMap((seed) => [
      ...widths.map((units) => ({ kind, law: 'N' as const, seed, units, samples: most, epochs })),
      ...samples.map((count) => ({
        kind,
        law: 'D' as const,
        seed,
        units: widest,
        samples: count,
        epochs: enough(count),
      })),
      ...widths.map((units, i) => ({ kind, law: 'C' as const, seed, units, samples: samples[i], epochs })),
    ]),
  );
}

/** Both kinds see the same digits in batches of the same size, as often; each has the optimiser that suits it. */
export function jobOf({ kind, seed, units, samples, epochs }: Point, backend: BackendName): DigitJob {
  if (kind === 'dense') {
    const options = {
      sizes: [INPUTS, units, CLASSES],
      seed,
      epochs,
      batch: BATCH,
      inputDropout: DROPOUT,
      test: 'last epoch' as const,
    };
    return { kind, samples, seed, options, backend };
  }
  return {
    kind,
    samples,
    seed,
    epochs,
    code: LATENCY_CODE,
    learningRate: 0.01 * Math.min(1, Math.sqrt(WIDTH_OF_RATE / units)),
    network: latencyClassifier({
      inputs: INPUTS,
      hidden: [units],
      classes: CLASSES,
      batch: BATCH,
      inputDropout: DROPOUT,
      seed,
      threads: 1,
    }),
  };
}
