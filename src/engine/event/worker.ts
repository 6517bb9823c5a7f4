import { parentPort, workerData } from 'node:worker_threads';
import type { Plan } from './plan.js';
import { Runner, type Shared } from './runner.js';

/** What a worker is started with. */
export interface WorkerStart {
  plan: Plan;
  slices: number[];
  shared: Shared;
}

export type Command =
  | { do: 'run'; from: number; steps: number }
  | { do: 'spikes' }
  | { do: 'traces' }
  | { do: 'updates' }
  | { do: 'weights'; projection: number; step: number }
  | { do: 'changes'; step: number };

const { plan, slices, shared } = workerData as WorkerStart;

/** Answers, or tells what went wrong: the other side ends all threads then. */
function answer(work: () => unknown): void {
  try {
    parentPort!.postMessage({ result: work() });
  } catch (error) {
    parentPort!.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
}

let runner: Runner;
answer(() => {
  runner = new Runner(plan, slices, shared);
  return runner.report();
});

parentPort!.on('message', (command: Command) => {
  answer(() => {
    switch (command.do) {
      case 'run':
        return runner.run(command.from, command.steps);
      case 'spikes':
        return runner.takeSpikes();
      case 'traces':
        return runner.takeTraces();
      case 'updates':
        return runner.neuronUpdates();
      case 'weights':
        return runner.weights(command.projection, command.step);
      case 'changes':
        return runner.changes(command.step);
    }
  });
});
