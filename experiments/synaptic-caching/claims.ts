import { mean } from 'simple-statistics';
import { type Anchor, anchorTableOf, claimsOf } from '../../src/experiment/anchor.js';
import type { Claim, RunView, Table } from '../../src/index.js';
import * as theory from '../../src/learning/perceptron-theory.js';
import type { Rule } from '../../src/plasticity/cache.js';
import {
  atLoad,
  best,
  cachePoints,
  censoredMedian,
  converged,
  inefficiency,
  inefficiencyByModel,
  measuredPower,
  saving,
  savingOfRuns,
  summary,
  withoutCache,
} from './analysis.js';
import type { Config } from './config.js';
import { DEFAULT_RULE, type Metrics } from './run.js';

type View = RunView<Config, Metrics>;

const PAPER = 'Li & van Rossum 2020, doi:10.7554/eLife.50804';
const PROTOTYPE = 'independent C++ prototype of the same equations';

/** Anchors need the sizes at which they were published: N = 1000 and the loads in question. */
function anchors({ config, metrics }: View): Anchor[] {
  const n = config.inputs;
  const has = (patterns: number) => n === 1000 && config.loads.includes(patterns);
  return [
    ...(has(1000) ? loadAnchors(metrics, n) : []),
    ...(has(1900) ? capacityAnchors(metrics) : []),
    ...(n === 1000 ? cachingAnchors(metrics) : []),
    ...decayAnchors(config, metrics),
    ...powerAnchors(config, metrics),
  ];
}

function loadAnchors(metrics: Metrics, n: number): Anchor[] {
  const rows = converged(atLoad(metrics, n));
  const updates = summary(rows.map((row) => row.updates));
  const ratio = inefficiency(rows);
  const anchor = (name: string, value: number, prototype: number, tolerance: number): Anchor => ({
    name,
    value,
    published: null,
    prototype,
    expected: prototype,
    tolerance,
    source: `${PROTOTYPE}; tolerance: spread of its ten runs`,
    runs: rows.length,
  });
  const alpha = [
    [0, 2104],
    [0.5, 430],
    [1.5, 12],
    [2, 1.77],
    [2.5, 0.25],
  ].map(([exponent, prototype]) => ({
    ...anchor(
      `inefficiency with exponent α = ${exponent}`,
      inefficiencyByModel(metrics.exponents, exponent).mean,
      prototype,
      0.15 * prototype,
    ),
    source: `${PROTOTYPE}; tolerance: 15 %, as K varies by 14 %`,
  }));
  const potentiation =
    inefficiencyByModel(metrics.exponents, 'potentiation').mean /
    inefficiencyByModel(metrics.exponents, 1).mean;
  return [
    {
      ...anchor('updates K at P = N = 1000', updates.mean, 1983, 270),
      published: theory.updates(n, n),
    },
    {
      ...anchor('inefficiency at P = N = 1000', ratio.mean, 74.5, 4.7),
      published: theory.inefficiency(n, n),
    },
    ...alpha,
    {
      ...anchor('inefficiency where potentiation alone costs, over both', potentiation, 75.8 / 75.7, 0.05),
      published: 1,
      source: `${PAPER}, figure 1-supplement 1: virtually identical; tolerance: signs of 1000 weights are even to 3 %`,
    },
  ];
}

/** Median of the prototype and the number of its runs. */
const PROTOTYPE_AT_CAPACITY = { median: 903, runs: 20 };

/**
 * Near capacity the number of mistakes is spread over more than a factor of ten: at P = 1900 one task in a hundred is not
 * separable at all (Cover 1965: 2^(1-P)·Σ_{k≤N} C(P-1, k) = 0.990 of them are), and some need tens of thousands of
 * rounds. Leaving those out makes any average too low, by as much as the cap on rounds is low. So the median is claimed,
 * those given up counted as above it, and its tolerance is that of two medians of such runs: 1.25·s.d. of the logarithm
 * over the root of their number.
 */
function capacityAnchors(metrics: Metrics): Anchor[] {
  const rows = atLoad(metrics, 1900);
  const { median, runs } = PROTOTYPE_AT_CAPACITY;
  const spread = 1.2533 * LOG_SD * Math.sqrt(1 / rows.length + 1 / runs);
  return [
    {
      name: 'inefficiency at P = 1900, N = 1000 (median of all runs, those given up counted as above it)',
      value: censoredMedian(rows),
      published: 'about 900 (one run)',
      prototype: median,
      expected: 900,
      tolerance: 900 * 2 * spread,
      source: `${PAPER}, text to figure 1D; tolerance: two standard errors of the difference of medians, log s.d. ${LOG_SD}`,
      runs: rows.length,
    },
  ];
}

/** Spread of ln(inefficiency) at P = 1900: half of the 16 to 84 % range of a hundred runs (720 to 1580; median 1006). */
const LOG_SD = 0.39;

/** Runs of the prototype behind its savings. */
const PROTOTYPE_RUNS = 10;

function cachingAnchors(metrics: Metrics): Anchor[] {
  const { least } = withoutCache(metrics);
  const free = best(cachePoints(metrics, 'cache'), DEFAULT_RULE, null, 0);
  const at = (rule: Rule, cost: number, prototype: number): Anchor => {
    const { sd, runs } = savingOfRuns(metrics, rule, cost);
    return {
      name: `saving by caching, rule '${rule}', c = ${cost}, no decay`,
      value: saving(metrics, rule, cost),
      published: null,
      prototype,
      expected: prototype,
      tolerance: 2 * sd * Math.sqrt(1 / runs + 1 / PROTOTYPE_RUNS) + 0.05 * prototype,
      source: `${PROTOTYPE}; tolerance: two standard errors of the difference, and 5 % for the steps of θ`,
      runs,
    };
  };
  return [
    at('neuron', 1e-3, 7.2),
    at('neuron', 1e-2, 2.11),
    {
      ...at('neuron', 0.1, 1),
      tolerance: 0.05,
      source: `${PAPER}, figure 2C: the gain vanishes as c grows`,
    },
    at('synapse', 1e-3, 8.1),
    at('sum', 1e-3, 7.3),
    {
      name: 'energy / least energy, free transients without decay, consolidated at the end',
      value: (free?.energy ?? Number.NaN) / least,
      published: 1,
      prototype: 1,
      expected: 1,
      tolerance: 1e-9,
      source: `${PAPER}, figure 2C at c = 0; closed form`,
      runs: free?.runs ?? 0,
    },
  ];
}

function decayAnchors(config: Config, metrics: Metrics): Anchor[] {
  if (config.inputs !== 1000 || !config.taus.includes(3162)) return [];
  const found = best(cachePoints(metrics, 'decay'), DEFAULT_RULE, 3162, 1e-3);
  if (found === null) return [];
  const none = withoutCache(metrics);
  return [
    {
      name: 'learning with τ = 3162, c = 0.001 is so many times faster than without a cache',
      value: none.presentations / found.presentations,
      published: null,
      prototype: 1.8,
      expected: 1.8,
      tolerance: 0.4,
      source: `${PROTOTYPE}; that it is faster: ${PAPER}, figure 3 bottom`,
      runs: found.runs,
    },
    {
      name: 'saving by caching, τ = 3162, c = 0.001',
      value: none.energy / found.energy,
      published: null,
      prototype: 6.1,
      expected: 6.1,
      tolerance: 0.9,
      source: PROTOTYPE,
      runs: found.runs,
    },
  ];
}

function powerAnchors(config: Config, metrics: Metrics): Anchor[] {
  const ratios = measuredPower(config, metrics)
    // Steps of 1 are not a diffusion to a threshold of 1 to 4; far beyond σ hardly anything is consolidated.
    .filter(
      ({ threshold, updateRate }) =>
        threshold >= 5 && threshold <= 1.5 * Math.sqrt(config.powerTau * updateRate),
    )
    .map(({ threshold, updateRate, held, consolidated }) => {
      const expected = theory.decayPower({ updateRate, rate: 1, tau: config.powerTau, threshold });
      return { held: held / expected.held, consolidated: consolidated / expected.consolidated };
    });
  if (ratios.length === 0) return [];
  const source = `${PAPER}, figure 6, with the rate divided by τ; tolerance: a step of 1 overshoots θ, and a Monte Carlo prototype was off by as much`;
  const runs = config.cachingRepeats;
  const shared = { published: 1, prototype: null, expected: 1, source, runs };
  return [
    {
      name: 'transient power with decay, simulated / theory',
      value: mean(ratios.map((ratio) => ratio.held)),
      tolerance: 0.1,
      ...shared,
    },
    {
      name: 'consolidation power with decay, simulated / theory',
      value: mean(ratios.map((ratio) => ratio.consolidated)),
      tolerance: 0.25,
      ...shared,
    },
  ];
}

export const claims = (view: View): Claim[] => claimsOf(anchors(view));

export const anchorTable = (view: View): Table => anchorTableOf(anchors(view));
