import type { CurveJob } from '../../src/baseline/curves/job.js';
import { shapeOf, type TaskSpec } from '../../src/baseline/curves/task.js';
import { layerShapes } from '../../src/baseline/mlp.js';
import type { Config } from './config.js';

export const LAWS = ['N', 'D', 'C'] as const;
/** What grows: parameters, examples, or the compute of both together. */
export type Law = (typeof LAWS)[number];

/** A task as the experiment trains it. */
export interface Course {
  /** "teacher, d = 4" */
  name: string;
  spec: TaskSpec;
  /** Hidden layers of each network of the ladder, smallest first. */
  ladder: number[][];
  /** The network that learns from few examples again and again. */
  reader: number[];
  examples: number[];
  /** There are no more examples than these; null where fresh ones can always be drawn. */
  mostExamples: number | null;
  steps: number;
  learningRate: number;
}

/** A network to train. */
export interface Point {
  task: string;
  law: Law;
  seed: number;
  hidden: number[];
  parameters: number;
  examples: number;
  steps: number;
  flop: number;
  job: Omit<CurveJob, 'backend'>;
}

const BATCH = 128;
const EVALUATIONS = 20;

/** Examples shown in one training, each time they are shown counted; the last batch of an epoch may be short. */
export function shownIn({ steps, examples }: { steps: number; examples: number }): number {
  const perEpoch = Math.ceil(examples / BATCH);
  return Math.floor(steps / perEpoch) * examples + (steps % perEpoch) * BATCH;
}

export function coursesOf(config: Config, seed: number): Course[] {
  const students = config.teacherWidths.map((width) => [width, width]);
  const teachers = config.dimensions.map((dimensions) => ({
    name: `teacher, d = ${dimensions}`,
    spec: { kind: 'teacher' as const, dimensions, seed },
    ladder: students,
    reader: students[students.length - 1].map((width) => Math.ceil(1.5 * width)),
    examples: config.teacherExamples,
    mostExamples: null,
    steps: config.teacherSteps,
    learningRate: 0.01,
  }));
  return [
    ...teachers,
    {
      name: 'text',
      spec: { kind: 'text', words: config.words, seed },
      ladder: config.textWidths.map((width) => [width]),
      reader: [64],
      examples: config.textExamples,
      mostExamples: null,
      steps: config.textSteps,
      learningRate: 0.01,
    },
    {
      name: 'digits',
      spec: { kind: 'digits' },
      ladder: config.digitWidths.map((width) => [width]),
      reader: [64],
      examples: config.digitExamples,
      mostExamples: Math.max(...config.digitExamples),
      steps: config.digitSteps,
      learningRate: 0.01,
    },
  ];
}

/**
 * The networks of a task. L(N): the ladder, every example fresh as long as there are any. L(D): one network, few examples shown again and
 * again, stopped where validation is best. L(C): the ladder with steps in proportion to parameters.
 */
export function pointsOf(course: Course, seeds: readonly number[]): Point[] {
  const { ladder, reader, examples, mostExamples, steps } = course;
  const shown = (count: number) => Math.min(BATCH * count, mostExamples ?? Number.POSITIVE_INFINITY);
  const largest = parametersOf(course.spec, ladder[ladder.length - 1]);
  return seeds.flatMap((seed) => [
    ...ladder.map((hidden) => pointOf(course, 'N', seed, hidden, steps, shown(steps))),
    ...examples.map((count) => pointOf(course, 'D', seed, reader, steps, count)),
    ...ladder.map((hidden) => {
      const share = parametersOf(course.spec, hidden) / largest;
      const fewer = Math.max(EVALUATIONS, Math.round(steps * share));
      return pointOf(course, 'C', seed, hidden, fewer, shown(fewer));
    }),
  ]);
}

function pointOf(
  { name, spec, learningRate }: Course,
  law: Law,
  seed: number,
  hidden: number[],
  steps: number,
  examples: number,
): Point {
  const sizes = layersOf(spec, hidden);
  const macs = sizes.reduce((sum, { sources, targets }, l) => sum + sources * targets * (l === 0 ? 2 : 3), 0);
  return {
    task: name,
    law,
    seed,
    hidden,
    parameters: parametersOf(spec, hidden),
    examples,
    steps,
    flop: 2 * macs * shownIn({ steps, examples }),
    job: {
      task: spec,
      examples,
      hidden,
      steps,
      batch: BATCH,
      learningRate,
      evaluations: EVALUATIONS,
      seed,
    },
  };
}

/** Layers of a network, biases as one source more. */
export function layersOf(spec: TaskSpec, hidden: readonly number[]) {
  const { inputs, outputs } = shapeOf(spec);
  return layerShapes({ sizes: [inputs, ...hidden, outputs], biases: true });
}

function parametersOf(spec: TaskSpec, hidden: readonly number[]): number {
  return layersOf(spec, hidden).reduce((sum, { sources, targets }) => sum + sources * targets, 0);
}
