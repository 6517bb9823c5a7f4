import { defineExperiment, type RunView, type Table } from '../src/index.js';
import { claims } from './dense-scaling/claims.js';
import { type Config, config, presets } from './dense-scaling/config.js';
import { figures } from './dense-scaling/figures.js';
import { mainLaw } from './dense-scaling/laws.js';
import type { Metrics } from './dense-scaling/metrics.js';
import { run } from './dense-scaling/run.js';

type View = RunView<Config, Metrics>;

export default defineExperiment({
  id: 'dense-scaling',
  title: 'Scaling laws that one can train on a desk',
  question:
    'Does the loss of small networks fall as a power law in parameters, examples and compute, and to which floor?',
  prediction:
    'A network learns a smooth function of four variables, another one of eight. With twice the parameters the error of ' +
    'the first one halves: and that of the second? When a text carries exactly one nat a character, does a fit to ' +
    'small networks find that floor?',
  config,
  presets,
  run,
  tables: (view) => [lawTable(view), networkTable(view)],
  figures,
  claims,
  finding,
  caveats: ({ metrics }) => [
    'Small networks, one optimiser, one learning rate for all sizes: the constants are of this set-up, and an exponent may be.',
    '4/d is a lower bound for the exponent of a smooth function: one that depends on few directions is learnt faster.',
    'The widest students of four variables end near the floor of the optimiser, which flattens their law.',
    `The entropy rate of the text, ${metrics.entropyRate.closedForm.toFixed(4)} nats a character, is exact for the language of this seed; other seeds draw other words.`,
    'Exponents of the text lie above the 0.076 and 0.095 that Kaplan et al. found: there no floor was taken off, and text, sizes and models differ. They are not comparable.',
    'L(C) follows one path, steps in proportion to parameters; it is not the best network at each budget. Its smallest networks are trained for tens of steps, so that the optimiser, not the size, sets their loss: the law is steeper than 2/d.',
    'Each network learns once; the intervals of the fits rest on the scatter of the seeds and the curvature of the law together.',
    'The ledger counts the work of each pass, and not what single weights did.',
  ],
});

function lawTable({ metrics }: View): Table {
  return {
    name: 'laws',
    title: 'loss = E + A·x^-exponent, 95 % intervals',
    columns: [
      { key: 'task', label: 'task' },
      { key: 'law', label: 'in' },
      { key: 'floorIs', label: 'floor' },
      { key: 'exponent', label: 'exponent', digits: 3 },
      { key: 'low', label: 'low', digits: 3 },
      { key: 'high', label: 'high', digits: 3 },
      { key: 'predicted', label: 'predicted', digits: 3 },
      { key: 'floor', label: 'E', digits: 3 },
      { key: 'floorLow', label: 'low', digits: 3 },
      { key: 'floorHigh', label: 'high', digits: 3 },
      { key: 'r2', label: 'r²', digits: 3 },
    ],
    rows: metrics.laws.map(({ task, law, floorIs, exponent, floor, r2, predicted }) => ({
      task,
      law,
      floorIs,
      exponent: exponent.value,
      low: exponent.low,
      high: exponent.high,
      predicted,
      floor: floor.value,
      floorLow: floor.low,
      floorHigh: floor.high,
      r2,
    })),
  };
}

function networkTable({ metrics }: View): Table {
  return {
    name: 'networks',
    title: 'The networks',
    filters: [
      { key: 'task', label: 'task' },
      { key: 'law', label: 'law' },
    ],
    columns: [
      { key: 'task', label: 'task' },
      { key: 'law', label: 'law' },
      { key: 'seed', label: 'seed' },
      { key: 'hidden', label: 'hidden units' },
      { key: 'parameters', label: 'parameters' },
      { key: 'examples', label: 'examples' },
      { key: 'steps', label: 'steps' },
      { key: 'flop', label: 'training', unit: 'FLOP', digits: 3 },
      { key: 'excess', label: 'test loss above known floor', digits: 3 },
      { key: 'bestStep', label: 'at step' },
      { key: 'excessAtEnd', label: 'at the end', digits: 3 },
    ],
    rows: metrics.networks.map((network) => ({ ...network })),
  };
}

function finding({ metrics }: View): string {
  const teachers = [...new Set(metrics.laws.map(({ task }) => task))].filter((task) =>
    task.startsWith('teacher'),
  );
  const measured = teachers
    .map((task) => {
      const { exponent, predicted } = mainLaw(metrics.laws, task, 'N');
      return `${exponent.value.toFixed(2)} for ${task.replace('teacher, ', '')} (4/d: ${predicted!.toFixed(2)})`;
    })
    .join(' and ');
  const floors = metrics.laws.filter(({ task, floorIs }) => task === 'text' && floorIs === 'fitted');
  const truth = metrics.entropyRate.closedForm;
  const found = floors.filter(
    ({ floor }) => (floor.low ?? 0) <= truth && truth <= (floor.high ?? Number.POSITIVE_INFINITY),
  ).length;
  const words = floors.map(({ law, floor }) => `${floor.value.toFixed(2)} from L(${law})`).join(', ');
  return (
    `${measured === '' ? '' : `The error of a student falls with its parameters as a power law of exponent ${measured}. `}` +
    `The text has a floor of ${truth.toFixed(2)} nats a character; fits that do not know it say ${words}, and ` +
    `${found} of the ${floors.length} intervals hold the truth.`
  );
}
