import * as Plot from '@observablehq/plot';
import { adaptiveLif } from '../models/neurons/adaptive-lif.js';
import { adex } from '../models/neurons/adex.js';
import { hodgkinHuxley } from '../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../models/neurons/izhikevich.js';
import { lifAlpha } from '../models/neurons/lif-alpha.js';
import { lifCond } from '../models/neurons/lif-cond.js';
import { lifCurrent } from '../models/neurons/lif-current.js';
import { lifDelta } from '../models/neurons/lif-delta.js';
import { lifExp } from '../models/neurons/lif-exp.js';
import { spikeTrains, trainOf } from '../src/analysis/spike-trains.js';
import { voltageTraces } from '../src/analysis/voltage.js';
import { eventEngine } from '../src/engine/event/engine.js';
import { observe } from '../src/engine/observe.js';
import { readOwnModel } from '../src/experiment/own-model.js';
import { atLeast, COLOURS, defineExperiment, UsageError, z } from '../src/index.js';
import { Network } from '../src/network/network.js';
import { voltageFigure } from '../src/report/network-figures.js';

const SHIPPED = [
  lifDelta,
  lifCurrent,
  lifExp,
  lifAlpha,
  lifCond,
  adaptiveLif,
  adex,
  izhikevich,
  hodgkinHuxley,
];

const config = z.strictObject({
  model: z
    .string()
    .default('adex')
    .describe(
      `a shipped model (${SHIPPED.map(({ name }) => name).join(', ')}) or a file of your own (.ts, .js, .json)`,
    ),
  drive: z.string().default('I').describe('the parameter that differs from neuron to neuron'),
  from: z.number().default(0).describe('its lowest value, in the unit of the model'),
  to: z.number().default(1500).describe('its highest value'),
  values: z.int().min(2).max(200).default(31).describe('how many values'),
  show: z.string().default('V').describe('the state variable that is drawn'),
  ms: z.number().positive().default(1000).describe('biological time (ms)'),
  stepMs: z.number().positive().default(0.1).describe('time step (ms)'),
});

export default defineExperiment({
  id: 'neuron',
  title: 'What does a neuron model do?',
  question: 'How fast does a neuron model, perhaps your own, fire when it is driven harder and harder?',
  prediction:
    'Sketch the rate against the drive. Does it begin at once or with a jump? Does it bend down, or up?',
  config,
  presets: { quick: { ms: 500 }, full: { values: 101, ms: 5000 } },

  async run({ model: name, drive, from, to, values, show, ms, stepMs }, { seed, signal, progress }) {
    const model = SHIPPED.find((each) => each.name === name) ?? (await readOwnModel(asFile(name)));
    if (!(drive in model.parameters))
      throw new UsageError(
        `'${model.name}' has no parameter '${drive}'`,
        'drive',
        `Choose one of ${Object.keys(model.parameters).join(', ')}.`,
      );
    const drives = Array.from({ length: values }, (_, i) => from + ((to - from) * i) / (values - 1));
    const network = new Network({ name: model.name, seed, dtMs: stepMs });
    const cells = network.population(model.name, values, model, { parameters: { [drive]: drives } });
    const shown = Math.floor((values - 1) / 2);
    const observation = await observe(eventEngine, network, {
      warmupMs: 0,
      ms,
      signal,
      progress: (done, total) => progress(done, total, model.name),
      record: [{ population: cells, state: show, neurons: [shown] }],
      labels: { model: model.name },
    });
    const trains = spikeTrains(observation.spikes, cells);
    const [trace] = voltageTraces(observation);
    const steps = Math.min(trace.valuesMv.length, Math.round(300 / stepMs));
    return {
      metrics: {
        model: model.name,
        unit: model.parameters[drive][1],
        shownUnit: model.state[show][1],
        rates: drives.map((value, i) => ({
          drive: value,
          rateHz: lateRateHz(trainOf(trains, i), stepMs, ms),
          spikes: trainOf(trains, i).length,
        })),
        shown: drives[shown],
        voltage: {
          ...trace,
          valuesMv: trace.valuesMv.slice(0, steps),
          spikesMs: trace.spikesMs.filter((t) => t <= steps * stepMs),
        },
      },
      ledgers: [observation.ledger],
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'rates',
      title: `Rates of ${metrics.model}`,
      columns: [
        { key: 'drive', label: 'drive', unit: metrics.unit },
        { key: 'rateHz', label: 'rate, second half', unit: 'Hz' },
        { key: 'spikes', label: 'spikes in all', digits: 6 },
      ],
      rows: metrics.rates.map((row) => ({ ...row })),
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'fi-curve',
      title: 'Rate against drive',
      caption: `Rate of ${metrics.model} in the second half of the time, from the mean interval between its spikes, for different values of ${config.drive}.`,
      plot: {
        x: { label: `${config.drive} (${metrics.unit || '1'})` },
        y: { label: 'firing rate (Hz)' },
        marks: [
          Plot.ruleY([0]),
          Plot.line(metrics.rates, { x: 'drive', y: 'rateHz', stroke: COLOURS.blue, strokeWidth: 2 }),
          Plot.dot(metrics.rates, { x: 'drive', y: 'rateHz', fill: COLOURS.blue, r: 4 }),
        ],
      },
      rows: metrics.rates.map((row) => ({ ...row })),
    },
    {
      ...voltageFigure(
        [metrics.voltage],
        `${config.show} at ${config.drive} = ${metrics.shown} ${metrics.unit}; spikes are drawn as strokes.`,
      ),
      title: `${config.show} in time`,
    },
  ],

  claims: ({ metrics }) => [
    atLeast(
      'Spikes of all neurons together',
      metrics.rates.reduce((sum, { spikes }) => sum + spikes, 0),
      1,
      'A model that never fires was not driven over its threshold: change from and to',
    ),
  ],

  finding({ metrics, config }) {
    const firing = metrics.rates.filter(({ rateHz }) => rateHz > 0);
    if (firing.length === 0) return `${metrics.model} does not go on firing at any ${config.drive} tried.`;
    const most = Math.max(...firing.map(({ rateHz }) => rateHz));
    return (
      `${metrics.model} goes on firing from ${config.drive} = ${firing[0].drive.toPrecision(3)} ${metrics.unit}, at ` +
      `${firing[0].rateHz.toPrecision(3)} Hz, and reaches ${most.toPrecision(3)} Hz.`
    );
  },

  caveats: () => [
    'Neurons with a drive that is constant: no noise and no synapses.',
    'Whether the time step is fine enough for a model of your own is yours to see: halve stepMs and compare.',
  ],
});

/** Rate in the second half of the time, when the beginning is over: from the intervals, which do not come in steps of 1/T. */
function lateRateHz(steps: Int32Array, stepMs: number, ms: number): number {
  const late = steps.filter((step) => step * stepMs >= ms / 2);
  if (late.length < 2) return (2000 * late.length) / ms;
  return (1000 * (late.length - 1)) / ((late[late.length - 1] - late[0]) * stepMs);
}

/** A file name that is plainly none is told with the names that there are. */
function asFile(name: string): string {
  if (/[./\\]/.test(name)) return name;
  throw new UsageError(
    `there is no model '${name}'`,
    'model',
    `Choose one of ${SHIPPED.map((each) => each.name).join(', ')}, or give a file.`,
  );
}
