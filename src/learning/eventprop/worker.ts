import { parentPort, workerData } from 'node:worker_threads';
import type { EventPropConfig } from './config.js';
import type { Layout } from './layout.js';
import { type Chunk, phasesOf } from './phases.js';

/** What a worker is started with. */
export interface WorkerStart {
  config: EventPropConfig;
  layout: Layout;
  memory: WebAssembly.Memory;
  thread: number;
}

export type Command =
  | { do: 'train'; chunk: Chunk }
  | { do: 'evaluate'; data: 'train' | 'test' }
  | { do: 'settle' };

const { config, layout, memory, thread } = workerData as WorkerStart;
const phases = phasesOf(config, layout, memory, thread);

parentPort!.on('message', (command: Command) => {
  if (command.do === 'train') phases.train(command.chunk);
  else if (command.do === 'evaluate') phases.evaluate(layout[command.data]);
  else phases.settle();
  parentPort!.postMessage('done');
});
