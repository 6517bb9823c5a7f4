import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import {
  absent,
  type Candidate,
  type Finding,
  firstLine,
  type Importer,
  importPackage,
  isMissing,
  present,
} from './candidate.js';
import { missingCuda } from './cuda.js';

/** As much of the binding's backend as is used here. */
interface NodeBackend {
  isUsingGpuDevice?: boolean;
  isGPUPackage?: boolean;
}

/** The binding to libtensorflow with CUDA, and the one without: both register the backend `tensorflow`. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/**
 * libtensorflow through `@tensorflow/tfjs-node-gpu` (CUDA) or `@tensorflow/tfjs-node`. An optional peer dependency:
 * it downloads hundreds of MB when it is installed, so nobody gets it unasked.
 */
export function tensorflow(importer: Importer = importPackage): Candidate {
  return {
    name: 'tensorflow',
    install: 'npm install --no-save --save-prod @tensorflow/tfjs-node-gpu@4.22.0',
    find: () => findTensorflow(importer),
  };
}

async function findTensorflow(importer: Importer): Promise<Finding> {
  restoreRemovedUtilities();
  // libtensorflow greets on stderr; 2 leaves warnings out and errors in.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const failures: string[] = [];
  for (const name of PACKAGES) {
    try {
      const binding = (await importer(name)) as { version?: Record<string, string> };
      return present(describe(name, binding.version));
    } catch (error) {
      if (!isMissing(error, name)) failures.push(`package ${name} does not load: ${firstLine(error)}`);
    }
  }
  const reason = failures.length > 0 ? failures.join('; ') : `package ${PACKAGES[0]} is not installed`;
  return absent(reason, whatElse());
}

/** What a person who wants the GPU would meet next. */
function whatElse(): string {
  const missing = missingCuda();
  const parts = missing.length > 0 ? [`for a GPU it also lacks ${missing.join(', ')}`] : [];
  const node = Number(process.versions.node.split('.')[0]);
  if (node >= 23) parts.push(`made for Node 22 or less, this is ${node}: functions it misses are put back`);
  return parts.join('; ');
}

function describe(name: string, version: Record<string, string> = {}): string {
  const backend = tf.findBackend('tensorflow') as NodeBackend | null;
  const missing = missingCuda();
  const lacks = missing.length > 0 ? ` (lacks ${missing.join(', ')})` : '';
  const device = backend?.isUsingGpuDevice
    ? 'on a CUDA device'
    : `on CPU cores: no CUDA device in use${lacks}`;
  return `${name} ${version['tfjs-node'] ?? version.tfjs ?? ''} ${device}`.replace(/ +/g, ' ');
}

/** tfjs-node 4.22 calls util.isNullOrUndefined and util.isArray, which Node 23 removed. */
function restoreRemovedUtilities(): void {
  const util = createRequire(import.meta.url)('node:util');
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
