import * as Plot from '@observablehq/plot';
import { brainDiameterMm, cladeOf, diameterForDelayUm } from '../../models/brains/index.js';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { logspace } from '../../src/scaling/index.js';
import type { Config, Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'> & { config: Config };

export const figures = ({ metrics, config }: View): Figure[] => [
  {
    name: 'neurons',
    title: `Delay across the brain against its neurons (axons of ${config.axonsUm[0]} µm)`,
    caption:
      'Mass from the rule of each clade, over the range of its animals. For the same neurons a bird is smaller and ' +
      'faster; a rodent pays for its large neurons with time as well.',
    plot: {
      x: { type: 'log', label: 'neurons of the brain', tickFormat: powerOfTen },
      y: { type: 'log', label: 'delay across the brain (ms)', tickFormat: String, inset: 6 },
      color: { legend: true, type: 'categorical', domain: config.clades.map((id) => cladeOf(id).name) },
      marks: [Plot.line(metrics.curves, { x: 'neurons', y: 'delayMs', stroke: 'clade', strokeWidth: 2.5 })],
    },
    rows: metrics.curves,
  },
  {
    name: 'needed',
    title: `Axon diameter that keeps ${config.targetMs} ms`,
    caption:
      'To cross in the same time, axons must thicken as the cube root of mass. In a mouse any myelinated axon will do, ' +
      'in a human only the thickest.',
    plot: {
      x: { type: 'log', label: 'brain mass (g)', tickFormat: String, inset: 90 },
      y: { type: 'log', label: 'outer diameter needed (µm)', tickFormat: String, inset: 14 },
      marks: [
        Plot.ruleY(config.axonsUm, { strokeDasharray: '5 4' }),
        Plot.line(
          logspace(0.3, 2000, 60).map((massG) => ({
            massG,
            um: diameterForDelayUm(brainDiameterMm(massG), config.targetMs),
          })),
          { x: 'massG', y: 'um', stroke: '#0072B2', strokeWidth: 2.5 },
        ),
        Plot.dot(metrics.animals, { x: 'massG', y: 'neededUm', r: 5, fill: 'black' }),
        Plot.text(metrics.animals, {
          x: 'massG',
          y: 'neededUm',
          text: 'animal',
          textAnchor: 'end',
          dx: -8,
          dy: -8,
        }),
      ],
    },
    rows: metrics.animals,
  },
  {
    name: 'bundles',
    title: 'What a few thick axons buy, and what they cost',
    caption:
      'Volume of a bundle against the delay of its thick axons. Thickening all of them costs the square of the speed; ' +
      'thickening one in a hundred costs little.',
    plot: {
      x: { label: 'delay of the thick axons (share of the thin ones)', domain: [0, 1] },
      y: { type: 'log', label: 'volume of the bundle (all thin = 1)', tickFormat: String, inset: 6 },
      color: { legend: true, type: 'categorical', label: 'thick axons', domain: shares(metrics.bundles) },
      symbol: { legend: true, domain: shares(metrics.bundles) },
      marks: [
        Plot.line(metrics.bundles, { x: 'delayShare', y: 'volume', stroke: 'share' }),
        Plot.dot(metrics.bundles, { x: 'delayShare', y: 'volume', stroke: 'share', symbol: 'share', r: 4 }),
      ],
    },
    rows: metrics.bundles,
  },
];

function shares(rows: readonly { share: string }[]): string[] {
  return [...new Set(rows.map(({ share }) => share))];
}
