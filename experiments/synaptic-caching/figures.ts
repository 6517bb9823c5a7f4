import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure, type RunView } from '../../src/index.js';
import * as theory from '../../src/learning/perceptron-theory.js';
import { oneTwoFive, powerOfTen } from '../../src/report/log-ticks.js';
import { atLoad, best, cachePoints, converged, measuredPower, summary, withoutCache } from './analysis.js';
import type { Config } from './config.js';
import { AT_END, DEFAULT_RULE, type Metrics, RULES } from './run.js';

type View = RunView<Config, Metrics>;
const SOURCE = 'doi:10.7554/eLife.50804';

export function figures(view: View): Figure[] {
  return [
    energyOfLoad(view),
    inefficiencyOfLoad(view),
    threshold(view),
    costs(view),
    decay(view),
    power(view),
  ];
}

/** Numbers of patterns for smooth lines of theory, up to the largest load. */
function manyLoads({ loads }: Config): number[] {
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const even = Array.from({ length: 100 }, (_, k) => least + ((most - least) * k) / 99);
  const geometric = Array.from({ length: 40 }, (_, k) => least * (most / least) ** (k / 39));
  return [...even, ...geometric].sort((a, b) => a - b);
}

function energyOfLoad({ config, metrics }: View): Figure {
  const simulated = config.loads.flatMap((patterns) => {
    const runs = converged(atLoad(metrics, patterns));
    return [
      { patterns, curve: 'energy', how: 'simulated', energy: summary(runs.map((row) => row.change)).mean },
      {
        patterns,
        curve: 'least energy',
        how: 'simulated',
        energy: summary(runs.map((row) => row.least)).mean,
      },
    ];
  });
  const expected = manyLoads(config).flatMap((patterns) => {
    const updates = theory.updates(patterns, config.inputs);
    const walk = Math.sqrt(2 / Math.PI) * config.inputs * Math.sqrt(updates);
    return [
      { patterns, curve: 'energy', how: 'theory', energy: config.inputs * updates },
      { patterns, curve: 'least energy', how: 'theory', energy: walk },
    ];
  });
  return {
    name: 'energy-of-load',
    title: 'Energy to learn, against the number of patterns',
    caption:
      'Energy (sum of absolute weight changes) of perceptrons without caching, and the least energy that the same ' +
      `final weights could have cost. Points are simulations, lines theory. Layout of figure 1C of ${SOURCE}.`,
    rows: [...simulated, ...expected],
    plot: {
      x: { label: 'patterns P' },
      y: { type: 'log', label: 'energy (units of η)', tickFormat: powerOfTen },
      color: { legend: true, label: '' },
      marks: [
        Plot.line(expected, { x: 'patterns', y: 'energy', stroke: 'curve', z: 'curve' }),
        Plot.dot(simulated, { x: 'patterns', y: 'energy', fill: 'curve', r: 4 }),
      ],
    },
  };
}

function inefficiencyOfLoad({ config, metrics }: View): Figure {
  const runs = config.loads.flatMap((patterns) =>
    converged(atLoad(metrics, patterns)).map((row) => ({
      patterns,
      seed: row.seed,
      inefficiency: row.change / row.least,
    })),
  );
  const expected = manyLoads(config).map((patterns) => ({
    patterns,
    seed: null,
    inefficiency: theory.inefficiency(patterns, config.inputs),
  }));
  return {
    name: 'inefficiency-of-load',
    title: 'Energy over least energy, against the number of patterns',
    caption:
      'Each point is one run; the line is √(πP)/(2 - P/N). Runs lie above it, because weights spread less than in ' +
      `the random walk that the theory assumes. Layout of figure 1D of ${SOURCE}.`,
    rows: [...runs, ...expected],
    plot: {
      x: { label: 'patterns P' },
      y: { type: 'log', label: 'energy / least energy', tickFormat: oneTwoFive },
      marks: [
        Plot.dot(runs, { x: 'patterns', y: 'inefficiency', fill: COLOURS.blue, fillOpacity: 0.5, r: 3 }),
        Plot.line(expected, { x: 'patterns', y: 'inefficiency', stroke: COLOURS.black }),
      ],
    },
  };
}

/** Cost of the figure with energy against threshold; the middle of the range of interest. */
export const SHOWN_COST = 1e-3;

function threshold({ metrics }: View): Figure {
  const { energy: none, least } = withoutCache(metrics);
  const rows = cachePoints(metrics, 'cache')
    .filter((point) => point.rule === DEFAULT_RULE && point.threshold > 0 && point.threshold < AT_END)
    .flatMap(({ threshold, change, held }) => [
      { threshold, part: 'consolidation', energy: change },
      { threshold, part: 'maintenance', energy: SHOWN_COST * held },
      { threshold, part: 'both', energy: change + SHOWN_COST * held },
    ]);
  return {
    name: 'energy-of-threshold',
    title: `Energy against the threshold of consolidation, c = ${SHOWN_COST}, no decay`,
    caption:
      'A low threshold consolidates often, a high one keeps much transient memory for long; in between lies the ' +
      `best. Dashed: without caching (above) and the least energy possible (below). Layout of figure 2B of ${SOURCE}.`,
    rows,
    plot: {
      x: { type: 'log', label: 'threshold θ (units of η)', tickFormat: oneTwoFive },
      y: { type: 'log', label: 'energy (units of η)', tickFormat: oneTwoFive },
      color: { legend: true, label: '' },
      marks: [
        Plot.ruleY([none, least], { strokeDasharray: '6,4' }),
        Plot.lineY(rows, { x: 'threshold', y: 'energy', stroke: 'part', z: 'part', marker: 'dot' }),
      ],
    },
  };
}

function costs({ config, metrics }: View): Figure {
  const { least, presentations, energy } = withoutCache(metrics);
  const updates = energy / (config.inputs + 1);
  const points = cachePoints(metrics, 'cache');
  const rows = config.costs.flatMap((cost) => [
    ...RULES.map((rule) => ({
      cost,
      curve: `rule ${rule}`,
      inefficiency: (best(points, rule, null, cost)?.energy ?? Number.NaN) / least,
    })),
    {
      cost,
      curve: 'theory',
      inefficiency: theory.cachingInefficiency({
        inputs: config.inputs,
        rate: 1,
        updates,
        presentations,
        maintenanceCost: cost,
      }),
    },
  ]);
  return {
    name: 'inefficiency-of-cost',
    title: 'Energy over least energy with the best threshold, against the cost of holding transients',
    caption:
      'Free transients cost no more than the least energy; the gain vanishes as holding them becomes dear. The ' +
      `three rules of consolidation do equally well. Layout of figures 2C and 4B of ${SOURCE}.`,
    rows,
    plot: {
      x: { type: 'log', label: 'maintenance cost c', tickFormat: powerOfTen },
      y: { type: 'log', label: 'energy / least energy', tickFormat: oneTwoFive },
      color: { legend: true, label: '' },
      marks: [
        Plot.ruleY([energy / least], { strokeDasharray: '6,4' }),
        Plot.lineY(rows, { x: 'cost', y: 'inefficiency', stroke: 'curve', z: 'curve', marker: 'dot' }),
      ],
    },
  };
}

function decay({ config, metrics }: View): Figure {
  const points = cachePoints(metrics, 'decay');
  const none = withoutCache(metrics);
  const rows = config.costs
    .filter((cost) => cost <= 0.01)
    .flatMap((cost) =>
      config.taus.flatMap((tau) => {
        const found = best(points, DEFAULT_RULE, tau, cost);
        if (found === null) return [];
        const c = `c = ${cost}`;
        return [
          { tau, cost: c, panel: 'energy', value: found.energy / none.energy },
          {
            tau,
            cost: c,
            panel: 'learning time',
            value: found.presentations / none.presentations,
          },
        ];
      }),
    );
  return {
    name: 'decay',
    title: 'Energy and learning time against the time constant of decay, at the best threshold',
    caption:
      'Transients that decay slowly save most. With intermediate decay and a cost that keeps the threshold low, ' +
      `learning takes fewer presentations than without a cache. Layout of figure 3 of ${SOURCE}.`,
    rows,
    plot: {
      x: {
        type: 'log',
        label: 'time constant τ (presentations)',
        ticks: config.taus,
        tickFormat: String,
      },
      y: { type: 'log', label: 'relative to learning without a cache', tickFormat: oneTwoFive },
      fy: { label: '', domain: ['energy', 'learning time'] },
      color: { legend: true, type: 'categorical', label: '' },
      height: 620,
      marginRight: 110,
      marks: [
        Plot.ruleY([1], { strokeDasharray: '6,4' }),
        Plot.lineY(rows, { x: 'tau', y: 'value', fy: 'panel', stroke: 'cost', z: 'cost', marker: 'dot' }),
      ],
    },
  };
}

function power({ config, metrics }: View): Figure {
  const measured = measuredPower(config, metrics);
  const rows = measured.flatMap(({ threshold, updateRate, held, consolidated }) => {
    const expected = theory.decayPower({ updateRate, rate: 1, tau: config.powerTau, threshold });
    return [
      { threshold, power: 'held: mean |s|', how: 'simulated', value: held },
      { threshold, power: 'held: mean |s|', how: 'theory', value: expected.held },
      { threshold, power: 'consolidated |Δl|', how: 'simulated', value: consolidated },
      { threshold, power: 'consolidated |Δl|', how: 'theory', value: expected.consolidated },
    ];
  });
  return {
    name: 'power-theory',
    title: `Power of a synapse with decay, τ = ${config.powerTau}, against the threshold`,
    caption:
      'Points are simulations, lines the theory of diffusion to a threshold, at the fraction of updates seen in the ' +
      'simulation; the printed rate is divided by τ. Changes come in steps of 1, which are no diffusion to a threshold ' +
      `of a few; far above √(τp) hardly anything is consolidated. Layout of figure 6 of ${SOURCE}.`,
    rows,
    plot: {
      x: { type: 'log', label: 'threshold θ (units of η)', tickFormat: oneTwoFive },
      y: { type: 'log', label: 'for each presentation (units of η)', tickFormat: powerOfTen },
      color: { legend: true, label: '' },
      marks: [
        Plot.line(
          rows.filter((row) => row.how === 'theory'),
          { x: 'threshold', y: 'value', stroke: 'power', z: 'power' },
        ),
        Plot.dot(
          rows.filter((row) => row.how === 'simulated'),
          { x: 'threshold', y: 'value', fill: 'power', r: 4 },
        ),
      ],
    },
  };
}
