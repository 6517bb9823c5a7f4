import * as Plot from '@observablehq/plot';
import { mean } from 'simple-statistics';
import { COLOURS, defineExperiment, z } from '../src/index.js';

const config = z.strictObject({
  tauMs: z.number().positive().default(20).describe('membrane time constant (ms)'),
  thresholdMv: z.number().positive().default(15).describe('threshold above rest (mV)'),
  refractoryMs: z.number().min(0).default(2).describe('absolute refractory time (ms)'),
  driveMv: z
    .array(z.number().min(0))
    .min(2)
    .default([5, 10, 14, 16, 18, 20, 24, 28, 34, 40, 50, 60])
    .describe('input current times membrane resistance, R·I (mV)'),
  stepsMs: z.array(z.number().positive()).min(2).default([0.4, 0.2, 0.1, 0.05]).describe('time steps (ms)'),
  spikes: z.int().min(1).default(20).describe('intervals averaged for one rate'),
});
type Config = z.output<typeof config>;

interface Point {
  driveMv: number;
  stepMs: number;
  simulatedHz: number;
  exactHz: number;
}

export default defineExperiment({
  id: 'lif-fi',
  title: 'How fast does a leaky integrate-and-fire neuron fire?',
  question: 'Does a neuron simulated step by step fire at the rate that its equation says?',
  prediction:
    'Sketch the firing rate against the input. Is there a smallest input that makes the neuron fire at all? ' +
    'Does the rate grow for ever, and what limits it?',
  config,
  presets: { quick: { spikes: 5 }, full: { spikes: 200, stepsMs: [0.4, 0.2, 0.1, 0.05, 0.025, 0.0125] } },

  async run(config) {
    const points = config.stepsMs.flatMap((stepMs) =>
      config.driveMv.map((driveMv) => ({
        driveMv,
        stepMs,
        simulatedHz: simulatedRateHz(config, driveMv, stepMs),
        exactHz: exactRateHz(config, driveMv),
      })),
    );
    return { metrics: { points } };
  },

  tables: ({ metrics, config }) => [
    {
      name: 'rates',
      title: `Firing rates at a step of ${Math.min(...config.stepsMs)} ms`,
      columns: [
        { key: 'driveMv', label: 'R·I', unit: 'mV' },
        { key: 'simulatedHz', label: 'simulated', unit: 'Hz', digits: 5 },
        { key: 'exactHz', label: 'closed form', unit: 'Hz', digits: 5 },
      ],
      rows: metrics.points.filter((point) => point.stepMs === Math.min(...config.stepsMs)).map(row),
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'fi-curve',
      title: 'Rate against input',
      caption:
        'Silent below the threshold, then a steep rise that bends towards the refractory limit. ' +
        'The points are the simulation at the coarsest and the finest step, the line is the closed form.',
      plot: {
        x: { label: 'input R·I (mV)' },
        y: { label: 'firing rate (Hz)' },
        color: { legend: true, type: 'categorical', label: 'time step (ms)' },
        symbol: { legend: true },
        marks: [
          Plot.line(curve(config), { x: 'driveMv', y: 'exactHz' }),
          Plot.dot(
            metrics.points.filter((point) => isExtreme(config.stepsMs, point.stepMs)),
            { x: 'driveMv', y: 'simulatedHz', stroke: 'stepMs', symbol: 'stepMs', r: 5, strokeWidth: 2 },
          ),
        ],
      },
      rows: metrics.points.map(row),
    },
    {
      name: 'error',
      title: 'Error of the rate against the time step',
      caption:
        'The simulated rate is too low, since a spike waits for the next step of the grid. ' +
        'Half a step a spike (line) is what one expects on average: halving the step halves the error.',
      plot: {
        x: { type: 'log', label: 'time step (ms)', ticks: config.stepsMs, tickFormat: String },
        y: { type: 'log', label: 'error of the rate, mean over inputs (%)', tickFormat: String },
        marks: [
          Plot.line(errors(config, metrics.points), { x: 'stepMs', y: 'halfAStepPercent' }),
          Plot.dot(errors(config, metrics.points), {
            x: 'stepMs',
            y: 'errorPercent',
            r: 6,
            fill: COLOURS.blue,
          }),
        ],
      },
      rows: errors(config, metrics.points),
    },
  ],

  claims: ({ metrics, config }) => [
    {
      name: 'An interval is too long by less than one step',
      value: Math.max(...excesses(config, metrics.points)),
      expected: 1,
      tolerance: 1e-6,
      bound: 'at most',
      unit: 'steps',
      source: 'Spikes fall on the grid, at the first step on or after the true crossing',
    },
    {
      name: 'No interval is too short',
      value: Math.min(...excesses(config, metrics.points)),
      expected: 0,
      tolerance: 1e-6,
      bound: 'at least',
      unit: 'steps',
      source: 'Exact integration crosses the threshold at no step before the true crossing',
    },
    {
      name: 'Rate below the threshold',
      value: Math.max(0, ...silent(metrics.points, config).map((point) => point.simulatedHz)),
      expected: 0,
      tolerance: 0,
      unit: 'Hz',
      source: 'Closed form: the potential tends to R·I and never reaches the threshold',
    },
  ],

  finding({ metrics, config }) {
    const fastest = Math.max(...metrics.points.map((point) => point.exactHz));
    const finest = errors(config, metrics.points).find((row) => row.stepMs === Math.min(...config.stepsMs))!;
    return (
      `The neuron is silent up to R·I = ${config.thresholdMv} mV and reaches ${fastest.toFixed(0)} Hz at ` +
      `${Math.max(...config.driveMv)} mV. At a step of ${finest.stepMs} ms the simulated rate is ` +
      `${finest.errorPercent.toPrecision(2)} % too low on average, because spikes wait for the next step.`
    );
  },

  caveats: () => [
    'A constant current is the easy case: with noisy input a neuron also fires below this threshold.',
    'Spikes are bound to the grid; an engine that interpolates crossings has a smaller error.',
  ],
});

/** Rate of spikes on a grid of `stepMs`, by exact integration V ← V·e^(-h/τ) + RI·(1 - e^(-h/τ)), in Hz. */
function simulatedRateHz(config: Config, driveMv: number, stepMs: number): number {
  const decay = Math.exp(-stepMs / config.tauMs);
  let steps = 0;
  for (let spike = 0; spike < config.spikes; spike++) {
    let waited = 0;
    for (let v = 0; v < config.thresholdMv; waited++) {
      // After 20 τ the potential has come within 2e-9 of its limit: it will not cross any more.
      if (waited * stepMs > 20 * config.tauMs) return 0;
      v = v * decay + driveMv * (1 - decay);
    }
    steps += refractorySteps(config, stepMs) + waited;
  }
  return (1000 * config.spikes) / (steps * stepMs);
}

/** Steps of the refractory time, rounded up (but not for the last digit of a float). */
function refractorySteps({ refractoryMs }: Config, stepMs: number): number {
  return Math.ceil(refractoryMs / stepMs - 1e-9);
}

/** f = 1 / (t_ref + τ·ln(RI / (RI - θ))) in Hz, 0 for a drive that does not reach the threshold. */
function exactRateHz({ tauMs, thresholdMv, refractoryMs }: Config, driveMv: number): number {
  if (driveMv <= thresholdMv) return 0;
  return 1000 / (refractoryMs + tauMs * Math.log(driveMv / (driveMv - thresholdMv)));
}

/** By how many steps the simulated interval is longer than the exact one, with t_ref rounded to the grid. */
function excessSteps(config: Config, { simulatedHz, exactHz, stepMs }: Point): number {
  const roundingMs = refractorySteps(config, stepMs) * stepMs - config.refractoryMs;
  return (1000 / simulatedHz - 1000 / exactHz - roundingMs) / stepMs;
}

/** Mean error of the rates at each step, and what half a step in each interval would make of it, in percent. */
function errors(config: Config, points: readonly Point[]) {
  return config.stepsMs.map((stepMs) => {
    const here = firing(points).filter((point) => point.stepMs === stepMs);
    return {
      stepMs,
      errorPercent: 100 * mean(here.map(({ simulatedHz, exactHz }) => 1 - simulatedHz / exactHz)),
      halfAStepPercent: 100 * mean(here.map(({ exactHz }) => (exactHz * stepMs) / 2000)),
    };
  });
}

function isExtreme(values: number[], value: number): boolean {
  return value === Math.min(...values) || value === Math.max(...values);
}

function excesses(config: Config, points: readonly Point[]): number[] {
  return firing(points).map((point) => excessSteps(config, point));
}

function firing(points: readonly Point[]): Point[] {
  return points.filter((point) => point.exactHz > 0);
}

function silent(points: readonly Point[], config: Config): Point[] {
  return points.filter((point) => point.driveMv <= config.thresholdMv);
}

function curve(config: Config): { driveMv: number; exactHz: number }[] {
  const largest = Math.max(...config.driveMv);
  return Array.from({ length: 401 }, (_, i) => {
    const driveMv = (largest * i) / 400;
    return { driveMv, exactHz: exactRateHz(config, driveMv) };
  });
}

function row(point: Point): Record<string, number> {
  return { ...point };
}
