import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { DRAWN, type Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'>;

export const figures = ({ metrics }: View): Figure[] => [
  {
    name: 'roofline',
    title: 'Rooflines',
    caption:
      'Attainable rate against operations per byte moved. One user reads every weight for one multiplication: ' +
      '1 FLOP/byte (dashed), three hundred times left of the ridge.',
    plot: {
      x: { type: 'log', label: 'arithmetic intensity (FLOP/byte)', tickFormat: String },
      y: { type: 'log', label: 'attainable rate (TFLOP/s)', tickFormat: String },
      color: { legend: true, type: 'categorical', domain: DRAWN },
      marks: [
        Plot.ruleX([1], { strokeDasharray: '5 4' }),
        Plot.line(metrics.roofs, { x: 'intensity', y: 'tflops', stroke: 'gpu', strokeWidth: 2 }),
      ],
    },
    rows: metrics.roofs,
  },
  {
    name: 'batch',
    title: 'Many users at once use the arithmetic (H100)',
    caption:
      'Weights are read once for all users of a batch. Total rate grows with the batch up to the ridge; the rate of ' +
      'each user falls only after it. The caches of the users are left out.',
    plot: {
      x: { type: 'log', label: 'users in a batch', tickFormat: String },
      y: { type: 'log', label: 'tokens a second', tickFormat: String },
      color: { legend: true, type: 'categorical', domain: ['all users', 'one user'] },
      marks: [
        Plot.line(metrics.batches, { x: 'batch', y: 'all', stroke: () => 'all users', strokeWidth: 2 }),
        Plot.line(metrics.batches, { x: 'batch', y: 'each', stroke: () => 'one user', strokeWidth: 2 }),
      ],
    },
    rows: metrics.batches,
  },
  {
    name: 'caches',
    title: 'What a token of context weighs',
    caption:
      'Bytes in the cache for each token. Sharing heads and compressing them saves a factor of 8 to 57.',
    plot: {
      height: 300,
      marginLeft: 290,
      x: {
        type: 'log',
        label: 'bytes a token (thousands)',
        ticks: 5,
        tickFormat: (v: number) => `${v / 1000}`,
        inset: 40,
      },
      y: { label: null, domain: metrics.caches.map(({ model }) => model) },
      marks: [
        Plot.dot(metrics.caches, { x: 'bytesPerToken', y: 'model', r: 6, fill: '#0072B2' }),
        Plot.text(metrics.caches, {
          x: 'bytesPerToken',
          y: 'model',
          text: (row: { bytesPerToken: number }) => row.bytesPerToken.toLocaleString('en'),
          dy: -14,
        }),
      ],
    },
    rows: metrics.caches,
  },
];
