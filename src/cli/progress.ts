import { formatSeconds } from '../util/format.js';
import type { Output } from './terminal.js';

/** How far something is, told on stderr. */
export interface Progress {
  update(done: number, total: number, doing: string): void;
  /** Writes a line that stays. */
  note(line: string): void;
  /** Removes the line from the terminal. */
  end(): void;
}

const QUIET_MS = 2000;
const REDRAW_MS = 100;
const PIPE_LINE_MS = 10_000;
/** How often the line is looked at when nobody reports anything. */
const TICK_MS = 1000;
const BAR_CELLS = 24;
/** Below this many columns the words need the room of the bar. */
const NARROW = 70;
const NARROW_BAR_CELLS = 6;

/**
 * Tells progress on `stream`, once something has taken two seconds: on a terminal one line that is drawn
 * again, fitted to its width; elsewhere (a pipe, a file, TERM=dumb) a plain line every ten seconds.
 *
 * The time left is estimated from the mean speed up to the last report, and runs down until the next one.
 */
export function createProgress(
  stream: Output = process.stderr,
  now: () => number = () => performance.now(),
  env: NodeJS.ProcessEnv = process.env,
): Progress {
  const redraws = Boolean(stream.isTTY) && env.TERM !== 'dumb';
  const interval = redraws ? REDRAW_MS : PIPE_LINE_MS;
  const started = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let onScreen = false;
  let report = { done: 0, total: 0, doing: 'starting', at: started };

  function draw(): void {
    const time = now();
    if (time - started < QUIET_MS || time - drawnAt < interval) return;
    drawnAt = time;
    const { done, total, doing, at } = report;
    const columns = stream.columns ?? 80;
    const cells = redraws && columns < NARROW ? NARROW_BAR_CELLS : BAR_CELLS;
    const line = progressLine(done, total, doing, (at - started) / 1000, (time - at) / 1000, cells);
    if (redraws) stream.write(`\r${fitted(line, columns - 1)}\x1b[K`);
    else stream.write(`${line}\n`);
    onScreen = redraws;
  }

  function clear(): void {
    if (onScreen) stream.write('\r\x1b[K');
    onScreen = false;
  }

  const timer = setInterval(draw, TICK_MS);
  timer.unref();

  return {
    update(done, total, doing) {
      report = { done, total, doing, at: now() };
      draw();
    },
    note(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

/**
 * "[######··················]  25 %  3 min 05 s left  training songbird 2 g".
 *
 * @param elapsedS time that `done` of `total` took
 * @param sinceS time since that was reported
 * @param cells length of the bar
 */
export function progressLine(
  done: number,
  total: number,
  doing: string,
  elapsedS: number,
  sinceS = 0,
  cells = BAR_CELLS,
): string {
  if (!(total > 0)) return `${formatSeconds(elapsedS + sinceS)}  ${doing}`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * cells);
  const bar = '#'.repeat(filled) + '·'.repeat(cells - filled);
  const percent = `${Math.floor(100 * share)}`.padStart(3);
  const leftS = Math.max(0, Math.round((elapsedS * (1 - share)) / share - sinceS));
  // The first hundredth says too little: what is done once (reading data) would count for all that is to come.
  const known = share >= 0.01 && Number.isFinite(leftS);
  const left = !known ? '?' : leftS < 10 ? `${leftS} s` : formatSeconds(leftS);
  return `[${bar}] ${percent} %  ${left} left  ${doing}`;
}

function fitted(line: string, width: number): string {
  const letters = [...line.replaceAll('\n', ' ')];
  return letters.length <= width ? letters.join('') : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
