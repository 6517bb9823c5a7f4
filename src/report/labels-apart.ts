import * as Plot from '@observablehq/plot';
import { sum } from 'simple-statistics';
import { FONT_SIZE_PX } from './house-style.js';

interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Mean width of a letter, in units of the size of the font. */
const LETTER = 0.62;
/** Half the height of a line, in units of the size of the font. */
const HALF_LINE = 0.6;
/** Between the middle of a point and its label. */
const GAP_PX = 9;

/** How many lines of text a label may be moved off, where it is crowded. */
const LINES_OFF = [0, 1, 2];

type Options = Pick<Plot.TextOptions, 'x' | 'y' | 'text'> & { fontSize?: number };

/**
 * A label for each point of a scatter plot, beside it where there is room: above, below, right or left of it, at a
 * place that no point and no other label takes, within the frame. Where no place is free the least covered one is taken.
 */
export function labelsApart<T>(
  rows: readonly T[],
  { fontSize = FONT_SIZE_PX, ...options }: Options,
): Plot.Text {
  const place: Plot.InitializerFunction = (data, facets, given, scales, dimensions) => {
    // By now the values of every channel were read.
    const channels = given as unknown as Record<'x' | 'y' | 'text', { value: ArrayLike<unknown> }>;
    const pixels = (axis: 'x' | 'y') =>
      Array.from(channels[axis].value, scales[axis] as unknown as (value: unknown) => number);
    const [x, y] = [pixels('x'), pixels('y')];
    const texts = Array.from(channels.text.value, (text) => String(text ?? ''));
    const { width, height, marginLeft, marginRight, marginTop, marginBottom } = dimensions;
    const frame = { x1: marginLeft, y1: marginTop, x2: width - marginRight, y2: height - marginBottom };
    for (const facet of facets) {
      const indices = Array.from(facet);
      const points = indices.map((i) => ({ x: x[i], y: y[i], text: texts[i] }));
      for (const [k, middle] of placed(points, frame, fontSize).entries())
        [x[indices[k]], y[indices[k]]] = [middle.x, middle.y];
    }
    return { data, facets, channels: { x: { value: x }, y: { value: y } } };
  };
  return Plot.text(rows as Plot.Data, Plot.initializer({ ...options, fontSize }, place));
}

/** The middles of labels of points, in pixels. */
export function placed(
  points: readonly { x: number; y: number; text: string }[],
  frame: Box,
  fontSize: number,
): { x: number; y: number }[] {
  const labels: Box[] = [];
  return points.map(({ x, y, text }, i) => {
    // Wider around the others than around its own: a label belongs to the nearest point.
    const dots = points.map((point, j) =>
      box(point, i === j ? GAP_PX / 2 : 1.5 * GAP_PX, i === j ? GAP_PX / 2 : GAP_PX),
    );
    const [halfWidth, halfHeight] = [(LETTER * fontSize * text.length) / 2, HALF_LINE * fontSize];
    const candidates = LINES_OFF.flatMap((lines) => {
      const besideY = halfHeight * (1 + 2 * lines) + GAP_PX / 2;
      const besideX = halfWidth + GAP_PX * (1 + lines);
      const askew = Math.max(0, halfWidth - GAP_PX);
      return [
        { x, y: y - besideY },
        { x, y: y + besideY },
        { x: x + besideX, y },
        { x: x - besideX, y },
        ...[askew, besideX].flatMap((dx) =>
          [-besideY, besideY].flatMap((dy) => [1, -1].map((right) => ({ x: x + right * dx, y: y + dy }))),
        ),
      ];
    });
    const boxes = candidates.map((middle) => box(middle, halfWidth, halfHeight));
    const covered = boxes.map(
      (each) =>
        sum([...labels, ...dots].map((other) => common(each, other))) + area(each) - common(each, frame),
    );
    // A point without a place in the picture has none for its label.
    const best = Math.max(0, covered.indexOf(Math.min(...covered)));
    labels.push(boxes[best]);
    return candidates[best];
  });
}

function box({ x, y }: { x: number; y: number }, halfWidth: number, halfHeight: number): Box {
  return { x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight };
}

function area({ x1, y1, x2, y2 }: Box): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/** The area that two boxes have in common. */
function common(a: Box, b: Box): number {
  return area({
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
    x2: Math.min(a.x2, b.x2),
    y2: Math.min(a.y2, b.y2),
  });
}
