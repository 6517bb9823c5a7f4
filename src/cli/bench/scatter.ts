import { z } from 'zod';
import { Arena } from '../../../kernels/arena.js';
import { DELIVERY_WORDS, type DeliverKernel, ROWS_BYTES } from '../../../kernels/deliver/index.js';
import { loadKernel } from '../../../kernels/load.js';
import { stream } from '../../util/rng.js';
import { defineBench } from '../define-bench.js';

/** What the limit of delivery was on this machine, in this run. */
export interface ScatterResult {
  network: 'scatter';
  neurons: number;
  synapses: number;
  seed: number;
  /** Targets read from one long list and added to, per second: the best of several passes. */
  scatterPerS: number;
  /** The same for rows of `rowLength` targets in random order, as spikes want them. */
  deliveryPerS: number;
  /** deliveryPerS / scatterPerS. */
  ratio: number;
}

/**
 * The limit of delivery: reading a list of targets and adding to accumulators, with the sizes of the Brunel
 * network (12,500 neurons, 15.6 million synapses), and how close rows in random order come to it.
 */
export async function benchScatter({ seed = 1, passes = 12 } = {}): Promise<ScatterResult> {
  const [neurons, rowLength] = [12_500, 1250];
  const synapses = neurons * rowLength;
  const arena = new Arena();
  const kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
  const acc = arena.int32(neurons + 16).byteOffset;
  const padded = Math.ceil(rowLength / 4) * 4;
  const list = arena.uint8(2 * neurons * padded);
  const targets = new Uint16Array(list.buffer, list.byteOffset, neurons * padded);
  const draw = stream(seed, 'scatter');
  for (let k = 0; k < targets.length; k++) targets[k] = draw.integer(neurons);
  const rows = arena.uint32(neurons + 1);
  for (let i = 0; i <= neurons; i++) rows[i] = i * padded;
  const spikes = arena.int32(neurons);
  spikes.set(draw.permutation(neurons));
  const delivery = arena.int32(DELIVERY_WORDS);
  delivery.set([spikes.byteOffset, neurons, rows.byteOffset, list.byteOffset, 3, acc]);
  const scratch = arena.uint8(ROWS_BYTES).byteOffset;

  const best = (pass: () => void) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < passes; i++) {
      const start = performance.now();
      pass();
      least = Math.min(least, performance.now() - start);
    }
    return (targets.length / least) * 1000;
  };
  const scatterPerS = best(() => kernel.scatter(acc, list.byteOffset, targets.length, 3));
  const deliveryPerS = best(() => {
    kernel.deliverConstant(delivery.byteOffset, 1, scratch);
  });
  const ratio = deliveryPerS / scatterPerS;
  return { network: 'scatter', neurons, synapses, seed, scatterPerS, deliveryPerS, ratio };
}

export default defineBench({
  description: 'the limit of delivery: read a target list, add to accumulators',
  options: z.strictObject({
    passes: z.int().min(1).max(1000).default(12).describe('passes; the best one counts'),
    seed: z.int().min(0).default(1).describe('seed of the random targets'),
  }),
  run: async (options) => ({ ...(await benchScatter(options)) }),
});
