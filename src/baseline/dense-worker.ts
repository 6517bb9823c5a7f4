import type { MessagePort } from 'node:worker_threads';
import { type BackendName, selectBackend } from './backend.js';
import { type ConvOptions, trainConv } from './convnet.js';
import {
  type DenseContext,
  type DenseData,
  type DenseOptions,
  type DenseResult,
  trainDense,
} from './dense.js';

/** A network of either kind. */
export type AnyOptions = DenseOptions | ConvOptions;

export const isConv = (options: AnyOptions): options is ConvOptions => 'filters' in options;

/** Trains a network of either kind. */
export const trainAny = (
  options: AnyOptions,
  data: DenseData,
  context: DenseContext,
): Promise<DenseResult> =>
  isConv(options) ? trainConv(options, data, context) : trainDense(options, data, context);

/** What a worker thread is sent: one network to train. */
export interface DenseTask {
  options: AnyOptions;
  data: DenseData;
  backend: BackendName;
  /** Where to tell how many steps are done. */
  port: MessagePort;
}

const MS_BETWEEN_REPORTS = 100;

/** Trains one network in a worker thread, on a tfjs of its own. */
export default async function trainInWorker({
  options,
  data,
  backend,
  port,
}: DenseTask): Promise<DenseResult> {
  await selectBackend(backend);
  let reported = performance.now();
  try {
    return await trainAny(options, data, {
      progress: ({ done }) => {
        if (performance.now() - reported < MS_BETWEEN_REPORTS) return;
        reported = performance.now();
        port.postMessage(done);
      },
    });
  } finally {
    port.close();
  }
}
