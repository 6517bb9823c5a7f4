import type { WriteStream } from 'node:tty';
import { Help } from 'commander';

/** An output stream as the command line sees it; `columns` only where it is a terminal. */
export type Output = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** Marks for words that stand out; plain where the stream is no terminal or NO_COLOR is set. */
export interface Ink {
  good(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
}

/** Whether colours may be written to `stream` (https://no-color.org). */
export function hasColour(stream: Output, env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function inkFor(stream: Output, env?: NodeJS.ProcessEnv): Ink {
  const coloured = hasColour(stream, env);
  const paint = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { good: paint(32), bad: paint(31), strong: paint(1) };
}

/** Columns that text may take on `stream`: those of the terminal, or of COLUMNS; no end in a pipe or a file. */
export function widthOf(stream: Output, env: NodeJS.ProcessEnv = process.env): number {
  return stream.columns ?? (Number(env.COLUMNS) || Number.POSITIVE_INFINITY);
}

/** A paragraph broken at words into lines of `width` columns at most, each behind `indent`. */
export function wrapped(text: string, width: number, indent = ''): string {
  const room = width - indent.length;
  const lines = Number.isFinite(room) ? new Help().boxWrap(text, Math.max(room, LEAST_ROOM)) : text;
  return lines
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join('\n');
}

/** Narrower columns than this break more than they fit. */
const LEAST_ROOM = 40;
