import { type BackendName, selectBackend } from '../backend.js';
import { makeTask, type TaskSpec } from './task.js';
import { bestLook, type CurveSettings, type Look, trainCurve } from './train.js';

/** One network of a learning curve: work for a worker thread of a sweep. */
export interface CurveJob extends CurveSettings {
  task: TaskSpec;
  examples: number;
  backend: BackendName;
}

export interface CurveResult {
  /** At the best validation loss. */
  best: Look;
  /** At the end of training. */
  last: Look;
}

/** Trains one network; the entry of a worker thread. */
export default async function work({
  task: spec,
  examples,
  backend,
  ...settings
}: CurveJob): Promise<CurveResult> {
  await selectBackend(backend);
  const looks = await trainCurve(makeTask(spec, examples, settings.seed), settings);
  return { best: bestLook(looks), last: looks[looks.length - 1] };
}
