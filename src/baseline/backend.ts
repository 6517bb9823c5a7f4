import * as tf from '@tensorflow/tfjs-core';
import type { BackendChoice } from '../experiment/define.js';
import { UsageError } from '../util/errors.js';
import { cpu, wasm } from './backends/builtin.js';
import type { BackendName, Candidate, Finding } from './backends/candidate.js';
import { tensorflow } from './backends/tensorflow.js';
import { webgpu } from './backends/webgpu.js';

export type { BackendName } from './backends/candidate.js';

/** The backends, best first. */
export const BACKENDS: readonly Candidate[] = [tensorflow(), webgpu(), wasm, cpu];

export interface BackendProbe extends Finding {
  name: BackendName;
  /** One line that installs it; null if femtospike brings it along. */
  install: string | null;
}

export interface SelectedBackend {
  used: BackendName;
  asked: BackendChoice;
  /** Whether it is a GPU that is emulated in software. */
  software: boolean;
  /** Why this one, in one line: what it is, and why each better one was refused. */
  why: string;
}

/** Tries every backend, for `doctor`, and leaves tfjs on the one it was on. */
export async function probeBackends(candidates = BACKENDS): Promise<BackendProbe[]> {
  const before = tf.getBackend();
  const probes: BackendProbe[] = [];
  for (const candidate of candidates) probes.push(await probe(candidate));
  if (before) await tf.setBackend(before);
  return probes;
}

/**
 * Makes tfjs use the backend asked for. 'auto' takes the best one present (tensorflow, webgpu, wasm, cpu), never a
 * GPU emulated in software, and says why each better one was refused.
 *
 * @throws UsageError if the backend asked for is not available, with the line that installs it
 */
export async function selectBackend(choice: BackendChoice, candidates = BACKENDS): Promise<SelectedBackend> {
  const named = candidates.filter(({ name }) => choice === 'auto' || name === choice);
  if (named.length === 0) {
    const names = ['auto', ...candidates.map(({ name }) => name)].join(', ');
    throw new UsageError(`no backend is called '${choice}'`, '--backend', `Use one of: ${names}.`);
  }
  const refused: string[] = [];
  for (const candidate of named) {
    const found = await probe(candidate);
    const { name, available, details, reason } = found;
    if (available && (found.auto || choice !== 'auto')) {
      const description = `${name}: ${details}${reason && `; ${reason}`}`;
      return { used: name, asked: choice, software: !found.auto, why: [...refused, description].join(' | ') };
    }
    refused.push(`not ${name}: ${reason}${details && ` (${details})`}`);
    if (choice !== 'auto') throw unavailable(found);
  }
  throw new UsageError('no tfjs backend works', '--backend auto', `${refused.join(' | ')}.`);
}

/** Looks for a backend and, if it is there, makes tfjs use it. */
async function probe({ name, install, find, started }: Candidate): Promise<BackendProbe> {
  silenceTfjs();
  const found = await find();
  // setBackend answers false after a failed initialisation, though getBackend() then names the failed backend.
  if (found.available && !(await tf.setBackend(name))) {
    return { ...found, name, install, available: false, auto: false, reason: 'tfjs cannot initialise it' };
  }
  if (found.available) started?.();
  return { ...found, name, install };
}

/** tfjs greets and warns on the console unless it is told that this is production. */
function silenceTfjs(): void {
  tf.env().set('PROD', true);
}

/** The line that installs a backend, if it is a package that it lacks (and not a GPU or a driver); null otherwise. */
export function howToInstall({ reason, install }: Pick<BackendProbe, 'reason' | 'install'>): string | null {
  return reason.includes('is not installed') ? install : null;
}

function unavailable(probe: BackendProbe): UsageError {
  const { name, reason } = probe;
  const install = howToInstall(probe);
  const todo = install
    ? `Install it with "${install}" in the folder of femtospike, or use --backend auto.`
    : 'See "femtospike doctor", or use --backend auto.';
  return new UsageError(`backend '${name}' is not available: ${reason}`, `--backend ${name}`, todo);
}
