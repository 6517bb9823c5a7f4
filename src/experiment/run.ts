import { setMaxListeners } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Measured, startMeter } from '../energy/meter.js';
import { onFault } from '../gpu/faults.js';
import { InterruptedError, RunError } from '../util/errors.js';
import { prettyJson, whyNotPlainJson } from '../util/json.js';
import { type Config, configHash } from './config.js';
import type { BackendChoice, EngineName, Preset, RunContext, RunView } from './define.js';
import type { FoundExperiment } from './find.js';
import { ledgerFiles } from './ledger-file.js';
import { hostFacts, type Manifest } from './manifest.js';
import { type Results, resultFiles } from './results.js';
import { type DraftFolder, type RunState, startRunFolder } from './run-folder.js';

/** Everything that a run depends on. */
export interface RunRequest {
  found: FoundExperiment;
  config: Config;
  preset: Preset;
  seed: number;
  /** How many replicates: seeds `seed`, `seed + 1` … */
  seeds: number;
  threads: number;
  engine: EngineName;
  backend: BackendChoice;
  /** Folder of all runs. */
  out: string;
  /** The arguments that start this run again, for the manifest and the report. */
  command: string[];
  signal: AbortSignal;
  progress: RunContext['progress'];
  /** Told in one line which backend was taken, and why. */
  note?(line: string): void;
}

/** A finished run: where it is and what came out. */
export interface FinishedRun {
  folder: string;
  manifest: Manifest;
  // biome-ignore lint/suspicious/noExplicitAny: the metrics of an experiment are known to itself alone
  view: RunView<any, any>;
  results: Results;
}

/** How long a run that was asked to stop may take to do so, before it is left to itself. */
const STOPPING_MS = 5000;

/**
 * Runs an experiment and writes its run folder. The folder takes its final name only when all is in it; when
 * the run fails or is interrupted, what is left is a folder marked so, in its name and in manifest.json.
 * A UsageError that comes before any progress was told leaves nothing; a later one is a run that failed.
 *
 * @throws UsageError if the output folder cannot be written (before anything is run), or from the run itself
 * @throws InterruptedError if `request.signal` is aborted
 * All errors but UsageError have the marked folder as `folder`.
 */
export async function runExperiment(request: RunRequest): Promise<FinishedRun> {
  const { experiment } = request.found;
  const hash = configHash(request.config);
  const manifest = firstManifest(request, hash);
  const draft = startRunFolder(request.out, experiment.id, new Date(manifest.started), hash);
  let worked = false;
  const watched: RunContext['progress'] = (done, total, doing) => {
    worked ||= done > 0;
    request.progress(done, total, doing);
  };
  try {
    draft.write(new Map([['config.json', prettyJson(request.config)]]));
    draft.write(new Map([['manifest.json', prettyJson(manifest)]]));
    const view = await measuredRun({ ...request, progress: watched }, manifest);
    const resultsStarted = performance.now();
    draft.write(new Map([['metrics.json', prettyJson(view.metrics)], ...ledgerFiles(view.ledgers)]));
    manifest.resultsMissing = true;
    const { files, results } = resultFiles(request.found, view, manifest);
    draft.write(files);
    manifest.durationsS.results = (performance.now() - resultsStarted) / 1000;
    delete manifest.resultsMissing;
    rmSync(scratchOf(request), { recursive: true, force: true });
    return { folder: closeDraft(draft, manifest, 'finished'), manifest, view, results };
  } catch (error) {
    throw marked(error as Error, draft, manifest, request, worked);
  }
}

/**
 * Marks the folder of a run that did not finish, and returns the error to throw. Only a wrong call, found before any
 * work was done, leaves nothing: what comes later (a GPU that is no longer there, a figure that cannot be drawn) is a
 * run that failed.
 */
function marked(
  thrown: Error,
  draft: DraftFolder,
  manifest: Manifest,
  request: RunRequest,
  worked: boolean,
): Error {
  const interrupted = request.signal.aborted;
  const wrongCall = thrown.name === 'UsageError' && !interrupted;
  if (wrongCall && !worked && !manifest.resultsMissing) {
    draft.discard();
    return thrown;
  }
  const error = wrongCall ? new RunError(thrown.message, { cause: thrown }) : thrown;
  if (!interrupted) manifest.error = error.message;
  const folder = closeDraft(draft, manifest, interrupted ? 'interrupted' : 'failed');
  return Object.assign(interrupted ? new InterruptedError(howToGoOn(request)) : error, { folder });
}

/** Says that the work already done is not lost, where there is some. */
function howToGoOn(request: RunRequest): string {
  const scratch = scratchOf(request);
  const parts = existsSync(scratch) ? readdirSync(scratch).filter((name) => name.endsWith('.json')) : [];
  return parts.length > 0 ? 'interrupted; the same command goes on from here' : 'interrupted';
}

/** Where parts of a run are kept until it is finished. */
function scratchOf({ out, found }: RunRequest): string {
  return join(resolve(out), found.experiment.id, '.parts');
}

/** Runs, with the time and the joules that it took written into the manifest. */
async function measuredRun(request: RunRequest, manifest: Manifest): Promise<FinishedRun['view']> {
  const { experiment } = request.found;
  const { config, preset, threads, engine, backend, progress } = request;
  const fault = new AbortController();
  const endWatch = onFault((error) => fault.abort(error));
  // A run whose GPU is gone may wait for it for ever: it is told to stop, and not waited for.
  const signal = AbortSignal.any([request.signal, fault.signal]);
  // Every job that waits in a pool listens: more than ten are no leak.
  setMaxListeners(0, signal);
  const context: RunContext = {
    preset,
    seed: request.seed,
    seeds: manifest.seeds,
    threads,
    engine,
    backend,
    signal,
    scratch: scratchOf(request),
    progress,
    record(key, value) {
      manifest.recorded[key] = value;
      if (key === 'engine') manifest.engine = { asked: engine, used: String(value) };
      if (key === 'backend') noteBackend(value, manifest.backend, request.note);
    },
  };
  const stopMeter = await startMeter();
  const started = performance.now();
  let output: Awaited<ReturnType<typeof experiment.run>>;
  try {
    output = await Promise.race([
      orInterrupted(experiment.run(config, context), signal),
      failed(fault.signal),
    ]);
  } catch (error) {
    // What the run made of the fault says less than the fault itself.
    throw fault.signal.aborted ? fault.signal.reason : error;
  } finally {
    endWatch();
    manifest.durationsS.run = (performance.now() - started) / 1000;
    manifest.measuredJoules = await stopMeter();
  }
  if (engine !== 'event' && manifest.engine?.used !== engine)
    request.note?.(`engine ${engine} was asked for; this experiment does not use it`);
  const reason = whyNotPlainJson(output.metrics);
  if (reason !== null)
    throw new RunError(`the metrics of '${experiment.id}' cannot be written as JSON: ${reason}`);
  // Through JSON and back, so that a report made now and one made later from the folder are the same.
  const [metrics, recorded] = JSON.parse(JSON.stringify([output.metrics, manifest.recorded]));
  return { config, preset, seeds: manifest.seeds, metrics, ledgers: output.ledgers ?? [], recorded };
}

/** Never comes, unless as a failure when `signal` is aborted. */
function failed(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The result of a run, unless it is interrupted and does not end by itself within some seconds. */
async function orInterrupted<T>(run: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const patience = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(new InterruptedError()), STOPPING_MS);
    };
  });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await Promise.race([run, patience]);
    // What a GPU reports arrives beside its results, which a fault makes worthless.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new InterruptedError();
    return result;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function firstManifest(request: RunRequest, hash: string): Manifest {
  const { experiment, file } = request.found;
  const notYet: Measured = { joules: null, reason: 'the run has not ended' };
  return {
    format: 'femtospike-run-1',
    state: 'unfinished',
    experiment: { id: experiment.id, title: experiment.title, file },
    preset: request.preset,
    seed: request.seed,
    seeds: Array.from({ length: request.seeds }, (_, i) => request.seed + i),
    threads: request.threads,
    engine: { asked: request.engine, used: null },
    backend: { asked: request.backend, used: null },
    configHash: hash,
    command: request.command,
    ...hostFacts(),
    started: new Date().toISOString(),
    durationsS: {},
    measuredJoules: { cpu: notYet, gpu: notYet },
    recorded: {},
  };
}

function closeDraft(draft: DraftFolder, manifest: Manifest, state: Exclude<RunState, 'unfinished'>): string {
  manifest.state = state;
  draft.write(new Map([['manifest.json', prettyJson(manifest)]]));
  return draft.close(state);
}

/** Writes the backend used into the manifest, and tells of it if the run says why. */
function noteBackend(value: unknown, backend: Manifest['backend'], note: RunRequest['note']): void {
  backend.used = backendName(value);
  const { why } = (value ?? {}) as { why?: string };
  if (why === undefined || why === backend.why) return;
  backend.why = why;
  note?.(`backend ${backend.used} (asked for: ${backend.asked}): ${why}`);
}

/** A backend as experiments note it: its name, or an object that tells more and has the name as `used`. */
function backendName(value: unknown): string {
  return typeof value === 'string'
    ? value
    : String((value as { used?: unknown })?.used ?? JSON.stringify(value));
}
