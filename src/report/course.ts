import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../util/package-root.js';

const COURSE = z.array(
  z.strictObject({
    title: z.string(),
    /** What the lesson is about, in one paragraph. */
    text: z.string(),
    /** To put to a class. */
    questions: z.array(z.string()),
    /** Experiments in the order in which they are best shown. */
    experiments: z.array(z.string()),
  }),
);

/** A part of the course: what it is about, and its experiments in order. */
export type Lesson = z.output<typeof COURSE>[number];

/** The lessons of experiments/course.json. One file, so that order and text of the course are seen in one place. */
export function readCourse(): Lesson[] {
  return COURSE.parse(JSON.parse(readFileSync(join(packageRoot(), 'experiments', 'course.json'), 'utf8')));
}
