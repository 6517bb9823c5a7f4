import * as Plot from '@observablehq/plot';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figureSvg } from '../../src/report/figure-svg.js';
import { labelsApart, placed } from '../../src/report/labels-apart.js';

const frame = { x1: 0, y1: 0, x2: 700, y2: 400 };

test('a label alone stands above its point', () => {
  const [{ x, y }] = placed([{ x: 300, y: 200, text: 'one' }], frame, 12);
  expect(x).toBe(300);
  expect(y).toBeLessThan(200 - 6);
});

test('labels of up to four points that lie together do not cover each other', () => {
  const near = fc.record({ dx: fc.integer({ min: -12, max: 12 }), dy: fc.integer({ min: -12, max: 12 }) });
  fc.assert(
    fc.property(near, near, near, (...offsets) => {
      const points = [{ dx: 0, dy: 0 }, ...offsets].map(({ dx, dy }, i) => ({
        x: 300 + dx,
        y: 200 + dy,
        text: `p ${i}`,
      }));
      const labels = placed(points, frame, 12);
      for (const [i, a] of labels.entries())
        for (const b of labels.slice(i + 1))
          expect(Math.abs(a.x - b.x) > 20 || Math.abs(a.y - b.y) > 14).toBe(true);
    }),
  );
});

test('labels stay within the frame', () => {
  const corners = [0, 700].flatMap((x) => [0, 400].map((y) => ({ x, y, text: 'corner' })));
  for (const { x, y } of placed(corners, frame, 12)) {
    expect(x).toBeGreaterThan(20);
    expect(x).toBeLessThan(680);
    expect(y).toBeGreaterThan(6);
    expect(y).toBeLessThan(394);
  }
});

test('a figure with points that cannot be drawn is drawn without them', () => {
  const rows = [
    { m: 1, n: 2, name: 'first' },
    { m: Number.NaN, n: 3, name: 'second' },
    { m: 10, n: 4, name: 'third' },
  ];
  const svg = figureSvg({
    name: 'points',
    title: 'Points',
    caption: 'Three.',
    rows,
    plot: {
      x: { type: 'log' },
      marks: [
        Plot.dot(rows, { x: 'm', y: 'n' }),
        labelsApart(rows, { x: 'm', y: 'n', text: 'name', fontSize: 12 }),
      ],
    },
  });
  expect(svg).toContain('>first</text>');
  expect(svg).toContain('>third</text>');
  expect(svg).not.toContain('NaN');
});
