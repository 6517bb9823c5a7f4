import { parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from './batches.js';
import type { EventPropConfig } from './config.js';
import type { ExactLayout } from './exact/layout.js';
import { ExactPasses } from './exact/passes.js';
import { GridPasses } from './grid-passes.js';
import type { Layout } from './layout.js';
import { Phases } from './phases.js';

/** What a worker is started with. */
export interface WorkerStart {
  config: EventPropConfig;
  /** Of an exact trainer's memory if the configuration asks for exact time. */
  layout: Layout | ExactLayout;
  memory: WebAssembly.Memory;
  thread: number;
}

export type Command =
  | { do: 'train'; chunk: Chunk }
  | { do: 'evaluate'; data: 'train' | 'test' }
  | { do: 'settle' };

const phases = phasesOf(workerData as WorkerStart);

function phasesOf({ config, layout, memory, thread }: WorkerStart) {
  if (config.time === 'exact') {
    const at = layout as ExactLayout;
    return new Phases(config, at, memory, thread, new ExactPasses(config, at, memory, thread));
  }
  const at = layout as Layout;
  return new Phases(config, at, memory, thread, new GridPasses(config, at, memory, thread));
}

parentPort!.on('message', (command: Command) => {
  if (command.do === 'train') phases.train(command.chunk);
  else if (command.do === 'evaluate') phases.evaluate(command.data);
  else phases.settle();
  parentPort!.postMessage('done');
});
