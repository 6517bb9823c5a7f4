import * as Plot from '@observablehq/plot';
import type { Figure, RunView } from '../../src/index.js';
import { oneTwoFive } from '../../src/report/log-ticks.js';
import { bestCached, bySize, pointMean } from './analysis.js';
import type { Config } from './config.js';
import type { Metrics } from './run.js';

type View = RunView<Config, Metrics>;
const SOURCE = 'doi:10.7554/eLife.50804';

export function figures(view: View): Figure[] {
  return [ofAccuracy(view), ofThreshold(view), ofSize(view)];
}

function ofAccuracy({ config, metrics }: View): Figure {
  const rows = config.accuracies.flatMap((accuracy) => {
    const plain = pointMean(config, metrics, config.hidden, null, accuracy);
    const cached = bestCached(config, metrics, config.hidden, accuracy);
    const accuracyPercent = +(100 * accuracy).toFixed(2);
    return [
      { accuracyPercent, curve: 'no cache', energy: plain.energy },
      { accuracyPercent, curve: 'cache, best threshold', energy: cached?.energy ?? Number.NaN },
      { accuracyPercent, curve: 'least, for the weights without cache', energy: plain.least },
    ].filter((row) => Number.isFinite(row.energy));
  });
  return {
    name: 'energy-of-accuracy',
    title: `Energy to reach an accuracy, ${config.hidden} hidden units`,
    caption:
      'Energy grows about exponentially with accuracy, and lies twenty times or more above the least that the final ' +
      `weights needed. Caching saves most where little is asked. Layout of figure 5B of ${SOURCE}.`,
    rows,
    plot: {
      x: { label: 'test accuracy (%)' },
      y: {
        type: 'log',
        tickFormat: oneTwoFive,
        label: `energy (units of weight, c = ${config.cost}, τ = ${config.tau})`,
      },
      color: { legend: true, label: '' },
      marks: [
        Plot.lineY(rows, { x: 'accuracyPercent', y: 'energy', stroke: 'curve', z: 'curve', marker: 'dot' }),
      ],
    },
  };
}

function ofThreshold({ config, metrics }: View): Figure {
  const rows = config.thresholds.flatMap((threshold) =>
    config.accuracies.map((accuracy) => ({
      threshold,
      accuracy: `${+(100 * accuracy).toFixed(2)} %`,
      energy: pointMean(config, metrics, config.hidden, threshold, accuracy).energy,
    })),
  );
  const shown = rows.filter((row) => Number.isFinite(row.energy));
  return {
    name: 'energy-of-threshold',
    title: `Energy with caching, against the threshold, ${config.hidden} hidden units`,
    caption:
      'A high threshold saves more but caps the accuracy that is reached: curves end where a run did not get there.',
    rows: shown,
    plot: {
      x: { label: 'threshold θ (units of weight)' },
      y: { type: 'log', tickFormat: oneTwoFive, label: 'energy (units of weight)' },
      color: { legend: true, type: 'ordinal', label: '', scheme: 'viridis' },
      marks: [
        Plot.lineY(shown, { x: 'threshold', y: 'energy', stroke: 'accuracy', z: 'accuracy', marker: 'dot' }),
      ],
    },
  };
}

function ofSize({ config, metrics }: View): Figure {
  const rows = config.sizeAccuracies.flatMap((accuracy) =>
    bySize(config, metrics, accuracy).flatMap(({ hidden, plain, cached }) =>
      [
        { hidden, accuracy: `${+(100 * accuracy).toFixed(2)} %`, curve: 'no cache', energy: plain.energy },
        {
          hidden,
          accuracy: `${+(100 * accuracy).toFixed(2)} %`,
          curve: 'cache, best threshold',
          energy: cached?.energy ?? Number.NaN,
        },
      ].filter((row) => Number.isFinite(row.energy)),
    ),
  );
  return {
    name: 'energy-of-size',
    title: 'Energy to reach an accuracy, against the number of hidden units',
    caption:
      'There is a best size, with and without caching; caching moves it to larger networks and makes it broad. Sizes at ' +
      `which a run failed are left out. Layout of figure 5C of ${SOURCE}.`,
    rows,
    plot: {
      x: { label: 'hidden units' },
      y: { type: 'log', tickFormat: oneTwoFive, label: 'energy (units of weight)' },
      fy: { label: '' },
      color: { legend: true, label: '' },
      height: 620,
      marginRight: 70,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.lineY(rows, {
          x: 'hidden',
          y: 'energy',
          fy: 'accuracy',
          stroke: 'curve',
          z: 'curve',
          marker: 'dot',
        }),
      ],
    },
  };
}
