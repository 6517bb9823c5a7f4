import * as Plot from '@observablehq/plot';
import { FIGURE_WIDTH_PX, FONT_SIZE_PX } from './house-style.js';
import type { SvgElement } from './svg-document.js';

/** The legend of a figure: SVG elements, placed from the top, and how much height they take. */
export interface Legend {
  parts: SvgElement[];
  height: number;
}

const ROW_PX = 26;
const SWATCH_PX = 22;
const GAP_PX = 20;
const RAMP_PX = 62;
const LEFT_PX = 14;

/**
 * Draws the legends that a figure asked for (`color.legend`, `symbol.legend`) as rows of swatches, or a ramp
 * for continuous colours. Plot itself would make HTML of them, which a stand-alone SVG cannot hold.
 */
export function legendOf(plot: Plot.Plot, options: Plot.PlotOptions): Legend {
  const color = plot.scale('color');
  const symbol = plot.scale('symbol');
  const wanted = (scale: { legend?: unknown } | undefined) => Boolean(scale?.legend);
  if (!wanted(options.color) && !wanted(options.symbol)) return { parts: [], height: 0 };

  if (wanted(options.color) && color?.domain && isContinuous(color)) return colourRamp(color, options);
  const scale = wanted(options.color) && color !== undefined ? color : symbol;
  if (scale?.domain === undefined) return { parts: [], height: 0 };
  return swatches(scale, color, symbol, options);
}

/** A bar with the colours from the smallest to the largest value, and an axis. */
function colourRamp(color: Plot.Scale, { document, color: asked }: Plot.PlotOptions): Legend {
  const domain = [...color.domain!].map(Number);
  const [low, high] = [domain[0], domain.at(-1)!];
  const isLog = color.type === 'log' && low > 0;
  const at = (share: number) => (isLog ? low * (high / low) ** share : low + (high - low) * share);
  const slices = Array.from({ length: 64 }, (_, i) => ({
    from: at(i / 64),
    to: at((i + 1) / 64),
    value: at((i + 0.5) / 64),
  }));
  const ramp = Plot.plot({
    document,
    className: 'plot',
    style: { fontSize: `${FONT_SIZE_PX}px`, background: 'none' },
    width: 360,
    height: RAMP_PX,
    marginLeft: LEFT_PX + 6,
    marginRight: 30,
    marginTop: 6,
    marginBottom: RAMP_PX - 18,
    x: { type: isLog ? 'log' : 'linear', domain: [low, high], label: asked?.label, ticks: 5 },
    color: color as Plot.ScaleOptions,
    marks: [
      // A little overlap hides the seams between slices.
      Plot.rect(slices, { x1: 'from', x2: 'to', fill: 'value', insetRight: -0.5 }),
      Plot.axisX({ labelAnchor: 'left' }),
    ],
  }) as unknown as SvgElement;
  return { parts: [ramp], height: RAMP_PX };
}

function isContinuous(scale: Plot.Scale): boolean {
  return scale.type !== 'ordinal' && scale.type !== 'categorical';
}

interface Item {
  value: unknown;
  text: string;
  x: number;
  row: number;
}

function swatches(
  scale: Plot.Scale,
  color: Plot.Scale | undefined,
  symbol: Plot.Scale | undefined,
  options: Plot.PlotOptions,
): Legend {
  const asked = scale === color ? options.color : options.symbol;
  const label = asked?.label ? `${asked.label}:` : '';
  const format = asked?.tickFormat;
  const text =
    typeof format === 'function' ? (value: unknown, i: number) => String(format(value, i)) : String;
  const start = LEFT_PX + (label ? textWidthPx(label) + GAP_PX : 0);
  const items = inRows(
    [...scale.domain!].map((value, i) => ({ value, text: text(value, i) })),
    start,
  );
  const rows = Math.max(...items.map((item) => item.row)) + 1;

  // Drawn by Plot from the figure's own scales, so that colours and symbols are the ones in the figure.
  const shared = symbol && sameDomain(symbol, scale);
  const row = Plot.plot({
    document: options.document,
    className: 'plot',
    style: { fontSize: `${FONT_SIZE_PX}px`, background: 'none' },
    axis: null,
    width: FIGURE_WIDTH_PX,
    height: rows * ROW_PX,
    margin: 0,
    x: { domain: [0, FIGURE_WIDTH_PX], range: [0, FIGURE_WIDTH_PX] },
    y: { domain: [0, rows], range: [0, rows * ROW_PX] },
    ...(color && { color: color as Plot.ScaleOptions }),
    ...(shared && { symbol: symbol as Plot.ScaleOptions }),
    marks: [
      Plot.dot(items, {
        x: (item: Item) => item.x + 8,
        y: (item: Item) => item.row + 0.5,
        r: shared ? 5 : 6,
        // Some symbols are made of strokes alone and have nothing to fill.
        [shared ? 'stroke' : 'fill']:
          color && sameDomain(color, scale) ? (item: Item) => item.value : 'black',
        ...(shared && { symbol: (item: Item) => item.value, strokeWidth: 2 }),
      } as Plot.DotOptions),
      Plot.text(items, {
        x: (item: Item) => item.x + SWATCH_PX,
        y: (item: Item) => item.row + 0.5,
        text: 'text',
        textAnchor: 'start',
      }),
      Plot.text(label ? [label] : [], {
        x: LEFT_PX,
        y: 0.5,
        text: (text: string) => text,
        textAnchor: 'start',
      }),
    ],
  }) as unknown as SvgElement;
  return { parts: [row], height: rows * ROW_PX };
}

/** Places items from left to right, and in a new row where the width of a figure ends. */
function inRows(items: { value: unknown; text: string }[], start: number): Item[] {
  let x = start;
  let row = 0;
  return items.map(({ value, text }) => {
    const width = SWATCH_PX + textWidthPx(text);
    if (x > start && x + width > FIGURE_WIDTH_PX) {
      x = start;
      row += 1;
    }
    const item = { value, text, x, row };
    x += width + GAP_PX;
    return item;
  });
}

/** Width of a text, from above: no letter of the fonts used is much wider than 0.6 of the font's size on average. */
function textWidthPx(text: string): number {
  return 0.6 * FONT_SIZE_PX * text.length;
}

function sameDomain(a: Plot.Scale, b: Plot.Scale): boolean {
  return String(a.domain) === String(b.domain);
}
