import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { compileNeuron, ModelError, type NeuronModel } from '../../kernels/compile/index.js';
import { UsageError } from '../util/errors.js';
import { importOwnFile } from './own-file.js';

const quantity = z.tuple([z.number(), z.string()], { error: "a value and its unit, such as [20, 'ms']" });

/** What a file with a neuron model must hold; see NeuronModel. */
const modelSchema = z.strictObject({
  name: z.string().min(1),
  equations: z.string(),
  threshold: z.string(),
  reset: z.string(),
  refractory: z.strictObject({ period: z.string(), hold: z.string() }).optional(),
  parameters: z.record(z.string(), quantity),
  state: z.record(z.string(), quantity),
  receptors: z.record(
    z.string(),
    z.strictObject({ adds: z.string(), unit: z.string(), times: z.string().optional() }),
  ),
  integrator: z.enum(['exact', 'exponential-euler', 'rk4']),
});

const EXPORT_MODEL =
  "Export { name, equations, threshold, reset, parameters, state, receptors, integrator } as the default; 'models/neurons' has examples";

/**
 * Reads a neuron model from a file: the default export of a script (.ts, .js), or a JSON document. It is compiled
 * here, so that what is wrong with it is told before anything is run.
 *
 * @throws UsageError with the file, the line of the model and the reason
 */
export async function readOwnModel(given: string): Promise<NeuronModel> {
  const { path, value } = given.endsWith('.json') ? readJson(given) : await importOwnFile(given, ['.json']);
  if (value === undefined) throw new UsageError('the file has no default export', path, EXPORT_MODEL);
  const checked = modelSchema.safeParse(value);
  if (!checked.success) {
    const [{ path: at, message }] = checked.error.issues;
    throw new UsageError(
      `the model is not complete: ${message}`,
      at.length > 0 ? `${path}, ${at.join('.')}` : path,
      EXPORT_MODEL,
    );
  }
  const model = checked.data as NeuronModel;
  try {
    await compileNeuron(model);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new UsageError(error.reason.replace(/\.$/, ''), `${path}, "${error.line}"`, 'Mend the model');
  }
  return model;
}

function readJson(given: string): { path: string; value: unknown } {
  const path = resolve(given);
  if (!existsSync(path)) throw new UsageError('there is no such file', path, 'Give the path of a model');
  try {
    return { path, value: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    throw new UsageError(`it is no JSON (${(error as Error).message})`, path, 'Mend the file');
  }
}
