import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import os from 'node:os';
import type { HostEnergy } from '../energy/meter.js';
import { packageRoot, packageVersion } from '../util/package-root.js';
import type { BackendChoice, EngineName, Preset } from './define.js';
import type { OwnFile } from './own-file.js';
import type { RunState } from './run-folder.js';

/** Everything about how a run was carried out that is not its configuration: the file manifest.json. */
export interface Manifest {
  format: 'femtospike-run-1';
  state: RunState;
  /** Why the run failed. */
  error?: string;
  /** Metrics and ledgers are there, but making figures and tables of them failed: `report` can do it again. */
  resultsMissing?: true;
  experiment: { id: string; title: string; file: OwnFile | null };
  preset: Preset;
  seed: number;
  seeds: readonly number[];
  threads: number;
  /** The engine used is null for a run that simulated no network by one; runs of old do not tell. */
  engine?: { asked: EngineName; used: string | null };
  /** The backend used is null for a run that used none; why it was chosen, with the reason against each better one. */
  backend: { asked: BackendChoice; used: string | null; why?: string };
  configHash: string;
  /** The arguments that start the same run again. */
  command: string[];
  femtospike: string;
  /** Revision of femtospike's own work tree; null if it does not run from one. */
  git: { revision: string; dirty: boolean } | null;
  node: string;
  os: { platform: string; release: string; arch: string };
  cpu: { model: string; cores: number; memoryGib: number };
  /** ISO 8601, UTC. */
  started: string;
  durationsS: { run?: number; results?: number };
  /** Joules of this host during the run by device, null with the reason where no meter reads them. */
  measuredJoules: HostEnergy;
  /** What the run noted with `context.record`. */
  recorded: Record<string, unknown>;
}

/** What the machine and the software are: the part of a manifest that is the same for all runs of a process. */
export function hostFacts(): Pick<Manifest, 'femtospike' | 'git' | 'node' | 'os' | 'cpu'> {
  const cpus = os.cpus();
  return {
    femtospike: packageVersion(),
    git: gitRevision(packageRoot()),
    node: process.version,
    os: { platform: os.platform(), release: os.release(), arch: os.arch() },
    cpu: {
      model: cpus[0]?.model.trim() ?? 'unknown',
      cores: os.availableParallelism(),
      memoryGib: Math.round(os.totalmem() / 2 ** 30),
    },
  };
}

/** Version of femtospike, and its revision where it ran from a work tree: "0.1.0, revision 1e70df22a4 with changes". */
export function versionText({ femtospike, git }: Pick<Manifest, 'femtospike' | 'git'>): string {
  if (git === null) return femtospike;
  return `${femtospike}, revision ${git.revision.slice(0, 10)}${git.dirty ? ' with changes' : ''}`;
}

/** Revision of the git work tree whose top is `folder`, or null if it is none (a package installed by npm). */
export function gitRevision(folder: string): Manifest['git'] {
  try {
    // Asked for the top first: a package inside somebody else's repository must not report that one.
    if (realpathSync(git(folder, 'rev-parse', '--show-toplevel')) !== realpathSync(folder)) return null;
    const dirty = git(folder, 'status', '--porcelain', '--untracked-files=normal') !== '';
    return { revision: git(folder, 'rev-parse', 'HEAD'), dirty };
  } catch {
    return null;
  }
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  }).trim();
}
