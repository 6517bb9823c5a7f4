import type { MessagePort } from 'node:worker_threads';
import { type BackendName, selectBackend } from './backend.js';
import { type DenseData, type DenseOptions, type DenseResult, trainDense } from './dense.js';

/** What a worker thread is sent: one network to train. */
export interface DenseTask {
  options: DenseOptions;
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
    return await trainDense(options, data, {
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
