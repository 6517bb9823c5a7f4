import * as Plot from '@observablehq/plot';
import { DOMParser } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { figureSvg } from '../../src/report/figure-svg.js';
import { PALETTE } from '../../src/report/house-style.js';

const rows = ['rodent', 'primate', 'songbird', 'parrot'].flatMap((clade, c) =>
  [1, 10, 100].map((massG) => ({ clade, massG, error: (c + 1) / massG })),
);

function draw(plot: Plot.PlotOptions, name = 'figure'): string {
  return figureSvg({ name, title: 'Error & mass', caption: 'It falls <fast>.', plot, rows: [] });
}

const dots = (options: Plot.DotOptions) => [Plot.dot(rows, { x: 'massG', y: 'error', ...options })];

function parse(svg: string) {
  return new DOMParser().parseFromString(svg, 'image/svg+xml');
}

/** What a reader finds in the picture as text. */
function words(svg: string): string[] {
  return [...parse(svg).querySelectorAll('text')].map((text) => text.textContent ?? '');
}

describe('figureSvg', () => {
  test('is a stand-alone SVG with namespace, size, title and description', () => {
    const svg = draw({ marks: dots({}) });
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('viewBox="0 0 800 460"');
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title id="figure-title">Error &amp; mass</title>');
    expect(svg).toContain('<desc id="figure-desc">It falls &lt;fast&gt;.</desc>');
    expect(svg).not.toContain('<div');
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  test('gives categories the colours of the house, in order of their domain', () => {
    const svg = draw({
      color: { domain: ['rodent', 'primate', 'songbird', 'parrot'] },
      marks: dots({ fill: 'clade' }),
    });
    const used = new Set([...parse(svg).querySelectorAll('circle')].map((dot) => dot.getAttribute('fill')));
    expect([...used]).toEqual(PALETTE.slice(0, 4));
  });

  test('keeps the colours that a figure chose', () => {
    const svg = draw({
      color: { range: ['#111111', '#222222', '#333333', '#444444'] },
      marks: dots({ fill: 'clade' }),
    });
    expect(svg).toContain('#222222');
    expect(svg).not.toContain(PALETTE[1]);
  });

  test('draws the legend into the picture, with every category and the label', () => {
    const svg = draw({ color: { legend: true, label: 'clade' }, marks: dots({ stroke: 'clade' }) });
    expect(words(svg)).toEqual(expect.arrayContaining(['clade:', 'rodent', 'primate', 'songbird', 'parrot']));
    expect(svg).toContain('viewBox="0 0 800 486"');
    expect(words(draw({ color: { label: 'clade' }, marks: dots({ stroke: 'clade' }) }))).not.toContain(
      'rodent',
    );
  });

  test('shows in the legend the symbols and colours of the marks', () => {
    const options = {
      symbol: { legend: true },
      color: { legend: true },
      marks: dots({ stroke: 'clade', symbol: 'clade' }),
    };
    const paths = [...parse(draw(options)).querySelectorAll('g[aria-label=dot] path')];
    const kinds = new Set(paths.map((path) => `${path.getAttribute('stroke')}`));
    expect(kinds).toEqual(new Set(PALETTE.slice(0, 4)));
    // Twelve points and four swatches; each swatch is drawn as its points are.
    expect(paths).toHaveLength(16);
  });

  test('breaks a long legend into rows that stay within the picture', () => {
    const names = Array.from({ length: 12 }, (_, i) => `a clade with a long name ${i}`);
    const svg = draw({
      color: { legend: true },
      marks: [Plot.dot(names, { x: (_, i) => i, y: 1, fill: (name: string) => name })],
    });
    const texts = [...parse(svg).querySelectorAll('text')].filter((text) =>
      names.includes(text.textContent ?? ''),
    );
    expect(texts).toHaveLength(12);
    const places = texts.map(
      (text) => text.getAttribute('transform')!.match(/translate\(([\d.]+),([\d.]+)\)/)!,
    );
    expect(new Set(places.map(([, , y]) => y)).size).toBeGreaterThan(1);
    for (const [, x] of places) expect(Number(x)).toBeLessThan(620);
  });

  test('draws a ramp for a continuous colour', () => {
    const svg = draw({ color: { legend: true, label: 'error' }, marks: dots({ fill: 'error' }) });
    expect(words(svg).some((text) => text.includes('error'))).toBe(true);
    expect(parse(svg).querySelectorAll('g[aria-label=rect] rect')).toHaveLength(64);
  });

  test('is the same text each time, also where Plot numbers its clip paths', () => {
    const clipped = () => draw({ clip: true, marks: dots({ fill: 'clade' }) } as Plot.PlotOptions, 'clipped');
    const first = clipped();
    expect(first).toContain('url(#clipped-clip-1)');
    expect(clipped()).toBe(first);
  });

  test('writes no text smaller than 12 px', () => {
    const svg = draw({
      color: { legend: true },
      fx: { label: 'clade' },
      marks: dots({ fx: 'clade', fill: 'clade' }),
    });
    // Plot writes font-size="10" on its <svg>; the style beside it is stronger.
    for (const plot of parse(svg).querySelectorAll('svg.plot'))
      expect(plot.getAttribute('style')).toContain('font-size:14px');
    const own = [...parse(svg).querySelectorAll('g[font-size], text[font-size]')];
    for (const element of own)
      expect(Number.parseFloat(element.getAttribute('font-size')!)).toBeGreaterThanOrEqual(12);
  });
});
