import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';

// That no bill, table or figure changes with what was measured is seen on a run in test/cli/own-tariff.test.ts.

test('what counts, prices, learns or simulates does not know of meters', () => {
  const MAY = [
    'src/cli/probes.ts',
    'src/energy/meter.ts',
    'src/experiment/manifest.ts',
    'src/experiment/run.ts',
    'src/report/report-page.ts',
  ];
  const importers = ['kernels', 'src', 'models', 'experiments'].flatMap((room) => {
    const files = readdirSync(join(packageRoot(), room), { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${room}/${file}`)
      .filter((file) => {
        const text = readFileSync(join(packageRoot(), file), 'utf8');
        return /from '[^']*(\/meter\.js|\/meters\/[^']*)'/.test(text);
      })
      .filter((file) => !file.startsWith('src/energy/meters/'));
  });
  expect(importers.sort()).toEqual(MAY);
});
