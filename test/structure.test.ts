import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/util/package-root.js';

/** The rooms, lowest first: a file may import from its own room and from those before it. */
const ROOMS = ['kernels', 'src', 'models', 'experiments'];

const files = ROOMS.flatMap((room) =>
  readdirSync(join(packageRoot(), room), { recursive: true })
    .map((path) => join(room, String(path)))
    .filter((path) => path.endsWith('.ts')),
);

test('imports run one way: kernels, src, models, experiments', () => {
  const upward: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(packageRoot(), file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const imported = relative(packageRoot(), resolve(packageRoot(), dirname(file), target));
      if (roomOf(imported) > roomOf(file)) upward.push(`${file} imports ${imported}`);
    }
  }
  expect(files.length).toBeGreaterThan(0);
  expect(upward).toEqual([]);
});

function roomOf(path: string): number {
  return ROOMS.indexOf(path.split(/[/\\]/)[0]);
}
