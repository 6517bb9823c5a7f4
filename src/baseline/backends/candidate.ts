import type { BackendChoice } from '../../experiment/define.js';

export type BackendName = Exclude<BackendChoice, 'auto'>;

/** What a look for a backend found. */
export interface Finding {
  available: boolean;
  /** Why it is not available, or, for one that is, why `auto` would not take it; '' if there is nothing to say. */
  reason: string;
  /** What was found: versions, adapter, instruction set, threads. */
  details: string;
  /** Whether `auto` may choose it. False for a GPU that is emulated in software. */
  auto: boolean;
}

/** A tfjs backend that may be present. */
export interface Candidate {
  name: BackendName;
  /**
   * What a person does who wants it and lacks it, in one line; null if femtospike brings it along. npm installs an
   * optional peer only if it is told to take it as something else (--save-prod).
   */
  install: string | null;
  /** Loads the packages, registers the backend with tfjs and says what is there. Never throws. */
  find(): Promise<Finding>;
  /** Called when tfjs has started the backend. */
  started?(): void;
}

/** Packages are imported by name at run time: they may be absent. */
export type Importer = (name: string) => Promise<unknown>;

export const importPackage: Importer = (name) => import(name);

export function absent(reason: string, details = ''): Finding {
  return { available: false, reason, details, auto: false };
}

export function present(details: string): Finding {
  return { available: true, reason: '', details, auto: true };
}

/** Whether an import failed because that very package is not installed (and not something that it needs). */
export function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
}

/** First line of an error's message. */
export function firstLine(error: unknown): string {
  return String((error as Error)?.message ?? error)
    .split('\n')[0]
    .trim();
}
