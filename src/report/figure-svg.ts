import * as Plot from '@observablehq/plot';
import type { Figure } from '../experiment/define.js';
import { CONTINUOUS_SCHEME, FIGURE_WIDTH_PX, FONT, FONT_SIZE_PX, PALETTE } from './house-style.js';
import { legendOf } from './legend.js';
import { readableTicks } from './log-ticks.js';
import { createElement, createSvgDocument, type SvgElement, setAttributes } from './svg-document.js';

/** Room for ticks and labels at the font size of the house; a figure may ask for more. */
const LAYOUT = {
  width: FIGURE_WIDTH_PX,
  height: 460,
  marginLeft: 72,
  marginRight: 32,
  marginTop: 40,
  marginBottom: 50,
};

/**
 * Draws a figure as a stand-alone SVG text, 800 px wide, with white ground, title and description for
 * readers that speak, and its legend inside the picture.
 *
 * Plot's options mean what they mean in Observable Plot, with three differences: legends asked for with
 * `color: { legend: true }` (or symbol) are drawn into the SVG; categorical colours default to the palette of
 * the house, continuous ones to viridis; `title`, `subtitle` and `caption` belong to the Figure.
 */
export function figureSvg(figure: Figure): string {
  const document = createSvgDocument();
  const { title: _, subtitle: __, caption: ___, ...given } = figure.plot;
  const options: Plot.PlotOptions = {
    grid: true,
    ...LAYOUT,
    ...given,
    // Between two names of one class, Plot's style sheets would work on each other in one HTML page.
    className: 'plot',
    document: document as unknown as Plot.PlotOptions['document'],
    style: { fontFamily: FONT, fontSize: `${FONT_SIZE_PX}px`, background: 'white', color: '#111' },
  };
  const plot = drawReadable(withColours(options));
  const legend = legendOf(plot, options);

  const width = Number(plot.getAttribute('width'));
  const height = Number(plot.getAttribute('height')) + legend.height;
  const svg = document.documentElement;
  setAttributes(svg, {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': FONT,
    'font-size': FONT_SIZE_PX,
    'aria-labelledby': `${figure.name}-title ${figure.name}-desc`,
  });
  svg.append(
    createElement(document, 'title', { id: `${figure.name}-title` }, figure.title),
    createElement(document, 'desc', { id: `${figure.name}-desc` }, figure.caption),
    createElement(document, 'rect', { width: '100%', height: '100%', fill: 'white' }),
  );
  for (const part of legend.parts) svg.append(part);
  plot.setAttribute('y', String(legend.height));
  svg.append(plot);
  return `${shortNumbers(ownIds(svg.outerHTML, figure.name))}\n`;
}

/** A plot without the HTML frame that Plot puts around one with a legend. */
function drawPlot(options: Plot.PlotOptions): SvgElement & Plot.Plot {
  const bare = { ...options, color: { ...options.color, legend: false } };
  if (options.symbol) bare.symbol = { ...options.symbol, legend: false };
  if (options.opacity) bare.opacity = { ...options.opacity, legend: false };
  return Plot.plot(bare) as unknown as SvgElement & Plot.Plot;
}

/** Adds the colours of the house, unless the figure has chosen its own. */
function withColours(options: Plot.PlotOptions): Plot.PlotOptions {
  const { color } = options;
  if (color?.range || color?.scheme) return options;
  // Whether a colour scale has categories is Plot's to say: it depends on the data of every mark.
  const scale = drawPlot(options).scale('color');
  if (scale === undefined || scale.type === 'identity') return options;
  if (scale.type !== 'ordinal' && scale.type !== 'categorical')
    return { ...options, color: { scheme: CONTINUOUS_SCHEME, ...color } };
  const domain = [...(scale.domain ?? [])];
  const range = domain.map((_, i) => PALETTE[i % PALETTE.length]);
  return { ...options, color: { ...color, domain, range } };
}

/** Room that a label takes along its axis. */
const LABEL_PX = { x: 60, y: 22 };

/** Draws a plot; again, with more labels, where the range of a logarithmic axis is too small for the format asked for. */
function drawReadable(options: Plot.PlotOptions): ReturnType<typeof drawPlot> {
  const plot = drawPlot(options);
  const readable = { ...options };
  for (const axis of ['x', 'y'] as const) {
    const tickFormat = options[axis]?.tickFormat;
    if (options[axis]?.type !== 'log' || options[axis]?.ticks || typeof tickFormat !== 'function') continue;
    const { domain, range } = (plot.scale(axis) ?? {}) as {
      domain?: number[];
      range?: number[];
    };
    if (domain === undefined || range === undefined) continue;
    const most = Math.abs(range[1] - range[0]) / LABEL_PX[axis];
    const labels = readableTicks(tickFormat as (value: number) => string, domain, most);
    if (labels === null) continue;
    // An axis of its own, since that of a logarithmic scale leaves out labels of its choice.
    const text = { text: labels.tickFormat };
    const mark = axis === 'x' ? Plot.axisX(labels.ticks, text) : Plot.axisY(labels.ticks, text);
    readable[axis] = { ...options[axis], ticks: labels.ticks };
    readable.marks = [mark, ...(readable.marks ?? [])];
  }
  return readable.marks === options.marks ? plot : drawPlot(readable);
}

/** Plot numbers its clip paths through the life of the process: renamed, so that equal figures are equal texts. */
function ownIds(svg: string, name: string): string {
  const renamed = new Map<string, string>();
  return svg.replace(/plot-clip-\d+/g, (id) => {
    if (!renamed.has(id)) renamed.set(id, `${name}-clip-${renamed.size + 1}`);
    return renamed.get(id)!;
  });
}

/** Coordinates with three digits behind the point, which no eye can tell from fifteen; texts are left alone. */
function shortNumbers(svg: string): string {
  return svg.replace(/<[^>]+>/g, (tag) =>
    tag.replace(/\d+\.\d{4,}(?![\de])/g, (number) => String(Number(Number(number).toFixed(3)))),
  );
}
