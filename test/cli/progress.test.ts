import { describe, expect, test } from 'vitest';
import { createProgress, progressLine } from '../../src/cli/progress.js';
import { hasColour } from '../../src/cli/terminal.js';

function recorder(terminal: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  let now = 0;
  const stream = { ...terminal, write: (text: string) => written.push(text) > 0 };
  const progress = createProgress(stream as never, () => now, env);
  const at = (ms: number, done: number, doing = 'training') => {
    now = ms;
    progress.update(done, 100, doing);
  };
  return { written, progress, at };
}

describe('progress', () => {
  test('says nothing about what takes less than two seconds', () => {
    const { written, progress, at } = recorder({ isTTY: true });
    at(100, 10);
    at(1999, 90);
    progress.end();
    expect(written).toEqual([]);
  });

  test('on a pipe writes a plain line every ten seconds', () => {
    const { written, at } = recorder({});
    for (let ms = 0; ms <= 30_000; ms += 500) at(ms, ms / 1000);
    expect(written).toHaveLength(3);
    for (const line of written) expect(line).toMatch(/^\[[#·]{24}\] +\d+ % {2}.* left {2}training\n$/);
  });

  test('on a terminal draws one line again, never wider than it', () => {
    const { written, progress, at } = recorder({ isTTY: true, columns: 40 });
    at(2000, 10, 'training a network with a name that is much too long');
    at(2050, 11);
    at(2200, 12, 'a\nb');
    progress.end();
    expect(written).toHaveLength(3);
    for (const text of written.slice(0, 2)) {
      expect(text.startsWith('\r') && text.endsWith('\x1b[K')).toBe(true);
      expect([...text.slice(1, -3)].length).toBeLessThan(40);
      expect(text).not.toContain('\n');
    }
    expect(written[2]).toBe('\r\x1b[K');
  });

  test('on a narrow terminal the time left is still told', () => {
    const { written, at } = recorder({ isTTY: true, columns: 40 });
    at(120_000, 10, 'training a network');
    expect(written[0]).toContain('10 %  18 min 00 s left');
  });

  test('is plain where the terminal can do nothing', () => {
    const { written, at } = recorder({ isTTY: true }, { TERM: 'dumb' });
    at(3000, 10);
    expect(written).toHaveLength(1);
    for (const control of ['\r', '\x1b']) expect(written[0]).not.toContain(control);
  });

  test('estimates the time left from the mean speed', () => {
    expect(progressLine(25, 100, 'x', 60)).toContain('25 %  3 min 00 s left');
    expect(progressLine(0, 100, 'x', 60)).toContain('? left');
    expect(progressLine(9, 1000, 'x', 60)).toContain('0 %  ? left');
    expect(progressLine(100, 100, 'x', 60)).toContain('100 %  0 s left');
    expect(progressLine(3, 0, 'x', 60)).toBe('1 min 00 s  x');
    expect(progressLine(25, 100, 'x', 60, 30)).toContain('2 min 30 s left');
    expect(progressLine(25, 100, 'x', 60, 500)).toContain(' 0 s left');
  });
});

test('colours are for terminals whose owner did not refuse them', () => {
  const terminal = { isTTY: true, write: () => true } as never;
  expect(hasColour(terminal, {})).toBe(true);
  expect(hasColour(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(hasColour(terminal, { TERM: 'dumb' })).toBe(false);
  expect(hasColour({ write: () => true } as never, {})).toBe(false);
});
