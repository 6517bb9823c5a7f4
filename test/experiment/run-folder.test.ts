import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitRevision } from '../../src/experiment/manifest.js';
import { finishedRuns, readRun } from '../../src/experiment/read-run.js';
import { startRunFolder } from '../../src/experiment/run-folder.js';
import { UsageError } from '../../src/util/errors.js';

let out: string;
beforeEach(() => {
  out = realpathSync(mkdtempSync(join(tmpdir(), 'femtospike-test-')));
});
afterEach(() => rmSync(out, { recursive: true }));

const noon = new Date('2026-01-02T12:00:00.500Z');
const start = () => startRunFolder(out, 'race', noon, 'abcdef0123456789');

describe('a run folder', () => {
  test('is hidden until it is finished, and then has its name at once', () => {
    const draft = start();
    draft.write(new Map([['figures/a.svg', '<svg/>']]));
    expect(readdirSync(join(out, 'race'))).toEqual(['.2026-01-02T12-00-00-abcdef01.unfinished']);
    const folder = draft.close('finished');
    expect(folder).toBe(join(out, 'race', '2026-01-02T12-00-00-abcdef01'));
    expect(readdirSync(join(out, 'race'))).toEqual(['2026-01-02T12-00-00-abcdef01']);
    expect(readFileSync(join(folder, 'figures', 'a.svg'), 'utf8')).toBe('<svg/>');
    expect(readdirSync(join(folder, 'figures'))).toEqual(['a.svg']);
  });

  test('of the same second and configuration gets a name of its own, whatever became of the first', () => {
    const [first, second] = [start(), start()];
    expect(second.close('finished')).toMatch(/abcdef01-2$/);
    expect(first.close('interrupted')).toMatch(/abcdef01\.interrupted$/);
    expect(start().close('failed')).toMatch(/abcdef01-3\.failed$/);
    expect(start().close('finished')).toMatch(/abcdef01-4$/);
  });

  test.each([
    ['a file', 'file'],
    ['something below a file', 'file/runs'],
  ])('in %s is refused', (_, below) => {
    writeFileSync(join(out, 'file'), '');
    const call = () => startRunFolder(join(out, below), 'race', noon, 'abcdef0123456789');
    expect(call).toThrow(UsageError);
    expect(call).toThrow('--out');
  });
});

describe('readRun', () => {
  const runWith = (files: Record<string, string>) => {
    const folder = join(out, 'race', 'run');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const manifest = (state: string) => JSON.stringify({ format: 'femtospike-run-1', state });

  test.each([
    ['no folder', 'none', {}, 'there is no such folder'],
    ['a file', 'run/manifest.json', { 'manifest.json': '{}' }, 'it is no run folder'],
    ['a folder without a manifest', 'run', { 'config.json': '{}' }, 'it is no run folder'],
    ["somebody else's manifest", 'run', { 'manifest.json': '{"name":"app"}' }, 'not one of femtospike'],
    ['a manifest of null', 'run', { 'manifest.json': 'null' }, 'not one of femtospike'],
    ['a manifest cut short', 'run', { 'manifest.json': '{"format":' }, 'cannot be read'],
    ['an interrupted run', 'run', { 'manifest.json': manifest('interrupted') }, 'marked interrupted'],
    [
      'a run without metrics',
      'run',
      { 'manifest.json': manifest('finished'), 'config.json': '{}' },
      'metrics.json',
    ],
  ])('refuses %s', (_, name, files, part) => {
    runWith(files);
    const call = () => readRun(join(out, 'race', name));
    expect(call).toThrow(UsageError);
    expect(call).toThrow(part);
    expect(call).not.toThrow('\n');
  });

  test('of many takes the finished ones alone', () => {
    for (const state of ['finished', 'failed', 'unfinished']) {
      mkdirSync(join(out, 'race', state), { recursive: true });
      writeFileSync(join(out, 'race', state, 'manifest.json'), manifest(state));
    }
    mkdirSync(join(out, 'race', 'notes'));
    writeFileSync(join(out, 'race', 'a-file'), '');
    expect(finishedRuns(out)).toEqual([join(out, 'race', 'finished')]);
  });
});

describe('gitRevision', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', out, '-c', 'user.name=n', '-c', 'user.email=e@e', ...args], {
      encoding: 'utf8',
    }).trim();

  test('tells the revision, and whether there are changes', () => {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    expect(gitRevision(out)).toEqual({ revision: git('rev-parse', 'HEAD'), dirty: false });
    writeFileSync(join(out, 'new'), '');
    expect(gitRevision(out)?.dirty).toBe(true);
  });

  test('is null outside a work tree, and inside that of somebody else', () => {
    expect(gitRevision(out)).toBeNull();
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    const inner = join(out, 'node_modules', 'femtospike');
    mkdirSync(inner, { recursive: true });
    expect(gitRevision(inner)).toBeNull();
    expect(existsSync(inner)).toBe(true);
  });
});
