import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure, type RunView } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { logspace } from '../../src/scaling/index.js';
import type { Config } from './config.js';
import { mainLaw, SIZE_OF } from './laws.js';
import type { LawRow, Metrics } from './metrics.js';
import { LAWS, type Law } from './plan.js';

type View = RunView<Config, Metrics>;

const AXES: Record<Law, { name: string; label: string; title: string; caption: string }> = {
  N: {
    name: 'parameters',
    label: 'parameters N',
    title: 'L(N): wider networks, every example fresh',
    caption: 'The digits bend to a floor of their own; the others go on falling.',
  },
  D: {
    name: 'examples',
    label: 'training examples D',
    title: 'L(D): one network, few examples again and again',
    caption: 'Training was stopped where the loss on validation examples was least.',
  },
  C: {
    name: 'compute',
    label: 'training compute C (FLOP)',
    title: 'L(C): network and training grow together',
    caption: 'Steps grow in proportion to parameters, so that compute grows as their square.',
  },
};

export function figures(view: View): Figure[] {
  return [...LAWS.map((law) => lawFigure(view, law)), exponentFigure(view), floorFigure(view)];
}

function lawFigure({ metrics }: View, law: Law): Figure {
  const { name, label, title, caption } = AXES[law];
  const rows = metrics.networks
    .filter((network) => network.law === law)
    .map((network) => ({
      task: network.task,
      seed: network.seed,
      size: SIZE_OF[law](network),
      loss: network.excess,
    }));
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const lines = tasks.flatMap((task) => {
    const sizes = rows.filter((row) => row.task === task).map(({ size }) => size);
    const fit = mainLaw(metrics.laws, task, law);
    // The ordinate is the loss above a known floor; a fitted floor is part of the curve.
    const floor = fit.floorIs === 'known' ? 0 : fit.floor.value;
    return logspace(Math.min(...sizes), Math.max(...sizes), 40).map((size) => ({
      task,
      size,
      loss: floor + fit.coefficient * size ** -fit.exponent.value,
    }));
  });
  return {
    name,
    title,
    caption:
      `${caption} Loss is mean squared error (teacher), nats a character above the entropy rate (text), nats (digits). ` +
      'Dots are networks, lines fits.',
    plot: {
      height: 480,
      x: { type: 'log', label, tickFormat: powerOfTen, inset: 8 },
      y: { type: 'log', label: 'test loss above its known floor', tickFormat: powerOfTen, grid: true },
      color: { legend: true, type: 'categorical', domain: tasks },
      symbol: { legend: true, domain: tasks },
      marks: [
        Plot.line(lines, { x: 'size', y: 'loss', stroke: 'task', strokeWidth: 1.5 }),
        Plot.dot(rows, { x: 'size', y: 'loss', stroke: 'task', symbol: 'task', r: 4 }),
      ],
    },
    rows,
  };
}

/** A law in words, for a row of a figure. */
const lawName = ({ task, law }: LawRow) => `${task}: ${law}`;

function exponentFigure({ metrics }: View): Figure {
  const rows = [...new Set(metrics.laws.map(({ task }) => task))].flatMap((task) =>
    LAWS.map((law) => {
      const row = mainLaw(metrics.laws, task, law);
      const { value, low, high } = row.exponent;
      const top = Math.max(2 * value, value + 0.5);
      return {
        law: lawName(row),
        exponent: value,
        low: low ?? 0,
        high: Math.min(high ?? top, top),
        predicted: row.predicted,
      };
    }),
  );
  return {
    name: 'exponents',
    title: 'Exponents, and what theory expects',
    caption:
      'Dots with 95 % intervals are fits with the floor known (digits: fitted; wide intervals are cut off). Crosses are the ' +
      'prediction for piecewise-linear learners of a smooth function of d variables, 4/d, and 2/d in compute.',
    plot: {
      height: 420,
      marginLeft: 150,
      x: { label: 'exponent', grid: true, inset: 8 },
      y: { label: null, domain: rows.map(({ law }) => law) },
      marks: [
        Plot.ruleX([0]),
        Plot.ruleY(rows, { y: 'law', x1: 'low', x2: 'high', stroke: COLOURS.blue, strokeWidth: 2 }),
        Plot.dot(rows, { y: 'law', x: 'exponent', fill: COLOURS.blue, r: 5 }),
        Plot.dot(
          rows.filter(({ predicted }) => predicted !== null),
          { y: 'law', x: 'predicted', symbol: 'times', stroke: COLOURS.vermilion, r: 7, strokeWidth: 2.5 },
        ),
      ],
    },
    rows,
  };
}

function floorFigure({ metrics }: View): Figure {
  const rows = metrics.laws
    .filter(({ task, floorIs }) => task === 'text' && floorIs === 'fitted')
    .map((row) => ({
      law: `L(${row.law})`,
      floor: row.floor.value,
      low: row.floor.low ?? 0,
      high: row.floor.high ?? row.floor.value,
    }));
  const truth = metrics.entropyRate.closedForm;
  return {
    name: 'floors',
    title: 'Does a fit find the floor?',
    caption:
      'The floor of the text as three fits would estimate it, with 95 % intervals. The dashed line is the true entropy ' +
      'rate, which the project knows because it wrote the text.',
    plot: {
      height: 220,
      marginLeft: 70,
      x: { label: 'floor E (nats a character)', domain: [0, 1.3 * truth], grid: true },
      y: { label: null },
      marks: [
        Plot.ruleX([truth], { strokeDasharray: '5 4', stroke: COLOURS.vermilion, strokeWidth: 2 }),
        Plot.ruleY(rows, { y: 'law', x1: 'low', x2: 'high', stroke: COLOURS.blue, strokeWidth: 2 }),
        Plot.dot(rows, { y: 'law', x: 'floor', fill: COLOURS.blue, r: 5 }),
      ],
    },
    rows: rows.map((row) => ({ ...row, truth })),
  };
}
