import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { InterruptedError, RunError } from '../util/errors.js';
import { packageRoot } from '../util/package-root.js';
import type { BackendName } from './backend.js';
import type { DenseSet } from './batches.js';
import { checkedConv } from './convnet-options.js';
import { convMacs } from './convolution.js';
import type { DenseData, DenseResult } from './dense.js';
import { checkedOptions } from './dense-options.js';
import { type AnyOptions, type DenseTask, isConv, trainAny } from './dense-worker.js';
import { trainingMacs } from './macs.js';

export interface DensePoolContext {
  /** The backend in use, from selectBackend. Networks on a GPU are trained one after the other, in this thread. */
  backend: BackendName;
  /** Worker threads to use; 1 trains in this thread. */
  threads: number;
  /** How much of the arithmetic of all networks is done, and how much there is, in multiply-accumulates. */
  progress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Trains several networks, dense or convolutional, on the same data, as many at once as there are threads, each in a worker with a tfjs of
 * its own. The results are those of trainDense and trainConv, in the order of `networks`, whatever the number of threads.
 *
 * @throws what trainDense throws; the first failure ends all
 */
export async function trainDenseMany(
  networks: readonly AnyOptions[],
  data: DenseData,
  { backend, threads, progress, signal }: DensePoolContext,
): Promise<DenseResult[]> {
  const costs = networks.map((options) => costOf(options, data));
  const total = costs.reduce((sum, { steps, macsPerStep }) => sum + steps * macsPerStep, 0);
  const done = networks.map(() => 0);

  function report(index: number, steps: number): void {
    done[index] = steps * costs[index].macsPerStep;
    progress?.(
      done.reduce((a, b) => a + b, 0),
      total,
    );
  }

  if (threads === 1 || !['wasm', 'cpu'].includes(backend)) {
    const results: DenseResult[] = [];
    for (const [index, options] of networks.entries()) {
      results.push(await trainAny(options, data, { signal, progress: (p) => report(index, p.done) }));
    }
    return results;
  }

  const pool = new Tinypool({
    filename: join(packageRoot(), 'dist', 'src', 'baseline', 'dense-worker.js'),
    minThreads: 1,
    maxThreads: Math.min(threads, networks.length),
  });
  const shared = { ...data, train: share(data.train), test: share(data.test) };

  async function train(index: number): Promise<DenseResult> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (steps: number) => report(index, steps));
    const task: DenseTask = { options: networks[index], data: shared, backend, port: port2 };
    try {
      const result: DenseResult = await pool.run(task, { transferList: [port2], signal });
      report(index, costs[index].steps);
      return result;
    } finally {
      port1.close();
    }
  }

  try {
    const results: DenseResult[] = [];
    // The longest first, so that no thread is left alone with a long one at the end.
    const order = costs.map((_, index) => index).sort((a, b) => costOfAll(costs[b]) - costOfAll(costs[a]));
    await Promise.all(
      order.map(async (index) => {
        results[index] = await train(index);
      }),
    );
    return results;
  } catch (error) {
    if (signal?.aborted) throw new InterruptedError();
    // A worker's error arrives without its class.
    throw error instanceof Error ? new RunError(error.message, { cause: error }) : error;
  } finally {
    await pool.destroy();
  }
}

interface Cost {
  steps: number;
  macsPerStep: number;
}

function costOf(options: AnyOptions, data: DenseData): Cost {
  const cost = (epochs: number, batch: number, macs: number): Cost => ({
    steps: epochs * Math.ceil(data.train.count / batch),
    macsPerStep: batch * macs,
  });
  if (isConv(options)) {
    const { shape, epochs, batch } = checkedConv(options, data);
    const { forward, backward } = convMacs(shape);
    return cost(epochs, batch, forward + backward);
  }
  const { sizes, epochs, batch } = checkedOptions(options, data);
  return cost(epochs, batch, trainingMacs(sizes));
}

const costOfAll = ({ steps, macsPerStep }: Cost): number => steps * macsPerStep;

/** The same samples in memory that worker threads can see without a copy each. */
function share<Set extends DenseSet>(set: Set): Set {
  return 'images' in set
    ? { ...set, images: toShared(set.images), labels: toShared(set.labels) }
    : { ...set, features: toShared(set.features), labels: toShared(set.labels) };
}

function toShared<Values extends Uint8Array | Float32Array>(values: Values): Values {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const TypedArray = values.constructor as new (buffer: SharedArrayBuffer) => Values;
  const copy = new TypedArray(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
