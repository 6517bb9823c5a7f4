import * as Plot from '@observablehq/plot';
import { YIN_YANG_CLASSES } from '../../src/data/yin-yang.js';
import { COLOURS, type Figure, type RunView } from '../../src/index.js';
import type { Config } from './config.js';
import type { Metrics } from './run.js';

const CLASS_COLOURS = [COLOURS.sky, COLOURS.orange, COLOURS.black];

export function figures({ config, metrics }: RunView<Config, Metrics>): Figure[] {
  return [regions(config, metrics), curves(metrics)];
}

function regions(config: Config, { map }: Metrics): Figure {
  const rows = map.map(({ variant, x, y, named, truth }) => ({
    variant,
    x,
    y,
    named: YIN_YANG_CLASSES[named],
    truth: YIN_YANG_CLASSES[truth],
  }));
  const half = 0.5 / (config.mapSize - 1);
  const across = config.variants.length;
  return {
    name: 'regions',
    title: 'What the network calls each point of the disc',
    caption:
      `Regions of the first network of each kind, at ${rows.length / across} points. White dots: points whose ` +
      'true class is another. They lie along the boundaries.',
    plot: {
      width: 800,
      height: 110 + 700 / across,
      marginLeft: 45,
      x: { label: 'x', domain: [0, 1], ticks: [0, 0.5, 1] },
      y: { label: 'y', domain: [0, 1], ticks: [0, 0.5, 1] },
      fx: { label: null, domain: config.variants },
      color: {
        legend: true,
        type: 'categorical',
        domain: [...YIN_YANG_CLASSES],
        range: CLASS_COLOURS,
        label: 'class named',
      },
      marks: [
        Plot.rect(rows, {
          fx: 'variant',
          x1: ({ x }) => x - half,
          x2: ({ x }) => x + half,
          y1: ({ y }) => y - half,
          y2: ({ y }) => y + half,
          fill: 'named',
          clip: true,
          inset: -0.2,
        }),
        Plot.dot(
          rows.filter(({ named, truth }) => named !== truth),
          { fx: 'variant', x: 'x', y: 'y', r: 1, fill: 'white' },
        ),
      ],
    },
    rows,
  };
}

function curves({ curve }: Metrics): Figure {
  const rows = curve.map((point) => ({ ...point, errors: 100 * (1 - point.accuracy) }));
  return {
    name: 'learning',
    title: 'Errors on the test points while learning',
    caption: 'One line a network. The dashed line is the bound of 97.5 % right.',
    plot: {
      x: { label: 'epoch' },
      y: {
        label: 'test points named wrongly (%)',
        type: 'log',
        tickFormat: String,
        ticks: [1, 2, 5, 10, 20, 50],
      },
      color: { legend: true, type: 'categorical' },
      marks: [
        Plot.ruleY([2.5], { strokeDasharray: '5 4' }),
        Plot.line(
          rows.filter(({ errors }) => errors > 0),
          { x: 'epoch', y: 'errors', stroke: 'variant', z: ({ variant, seed }) => `${variant} ${seed}` },
        ),
      ],
    },
    rows,
  };
}
