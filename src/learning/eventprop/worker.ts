import { parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from './batches.js';
import type { EventPropConfig } from './config.js';
import type { ExactLayout } from './exact/layout.js';
import { exactPhasesOf } from './exact/phases.js';
import type { Layout } from './layout.js';
import { phasesOf } from './phases.js';

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

const start = workerData as WorkerStart;
const { train, evaluate, settle } = phases(start);

function phases({ config, layout, memory, thread }: WorkerStart) {
  if (config.time === 'exact') {
    const at = layout as ExactLayout;
    const exact = exactPhasesOf(config, at, memory, thread);
    return { ...exact, evaluate: (data: 'train' | 'test') => exact.evaluate(at[data]) };
  }
  const at = layout as Layout;
  const grid = phasesOf(config, at, memory, thread);
  return { ...grid, evaluate: (data: 'train' | 'test') => grid.evaluate(at[data]) };
}

parentPort!.on('message', (command: Command) => {
  if (command.do === 'train') train(command.chunk);
  else if (command.do === 'evaluate') evaluate(command.data);
  else settle();
  parentPort!.postMessage('done');
});
