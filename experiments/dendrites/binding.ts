import { stream } from '../../src/index.js';
import { NEURONS, type Neuron } from './capacity.js';
import { bestWhileLearning, Committee } from './committee.js';

/** Patterns with targets; the last input is always on, so that thresholds can be learnt. */
interface Task {
  readonly name: string;
  readonly patterns: readonly number[][];
  readonly targets: readonly boolean[];
  /** Inputs of each branch of the dendritic neuron. */
  readonly branches: readonly number[][];
}

const TASKS: readonly Task[] = [
  {
    // Red circle and blue square, not red square and blue circle: inputs red, blue, circle, square.
    name: 'binding',
    patterns: [
      [1, 0, 1, 0, 1],
      [0, 1, 0, 1, 1],
      [1, 0, 0, 1, 1],
      [0, 1, 1, 0, 1],
    ],
    targets: [true, true, false, false],
    branches: [
      [0, 2, 4],
      [1, 3, 4],
    ],
  },
  {
    name: 'XOR',
    patterns: [
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ],
    targets: [false, true, true, false],
    branches: [
      [0, 1, 2],
      [0, 1, 2],
    ],
  },
];

const ATTEMPTS = 20;

/** The most patterns of each task that each neuron got right at once, over several starts. */
export function binding(seed: number) {
  return TASKS.flatMap((task) =>
    NEURONS.map((neuron) => ({ neuron, task: task.name, right: best(neuron, task, seed) })),
  );
}

export function bindingOf(rows: ReturnType<typeof binding>, neuron: Neuron, task: string): number {
  return rows.find((row) => row.neuron === neuron && row.task === task)!.right;
}

function best(neuron: Neuron, { name, patterns, targets, branches }: Task, seed: number): number {
  const random = stream(seed, `binding/${neuron}/${name}`);
  const all = patterns[0].map((_, i) => i);
  const wiring = { 'point neuron': [all], branches, 'two layers': [all, all] }[neuron];
  const attempts = Array.from({ length: ATTEMPTS }, () =>
    bestWhileLearning(new Committee(wiring, 1, () => random.normal()), patterns, targets, 500),
  );
  return Math.max(...attempts);
}
