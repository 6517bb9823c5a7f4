import * as Plot from '@observablehq/plot';
import {
  FIRING_PATTERNS,
  type FiringPattern,
  type PatternRun,
  runPattern,
  stimulusAt,
} from '../models/neurons/firing-patterns.js';
import { izhikevichStimulated, stimulatedParameters } from '../models/neurons/izhikevich-stimulated.js';
import { spikeTrains, trainOf } from '../src/analysis/spike-trains.js';
import { eventEngine } from '../src/engine/event/engine.js';
import { observe } from '../src/engine/observe.js';
import { atLeast, COLOURS, defineExperiment, z } from '../src/index.js';
import { Network } from '../src/network/network.js';
import { adexClaims, adexFigure, adexRuns, adexTable } from './firing-patterns/adex.js';
import { type Feature, holds, SHAPES, shapeClaims } from './firing-patterns/shapes.js';

const config = z.strictObject({
  stepMs: z.number().min(0.005).max(0.1).default(0.05).describe('time step of the compiled model (ms)'),
});

/** Integrated finely, V runs away in this one: see the caveats. */
const ONLY_IN_STEPS = 'inhibition-induced bursting';
const PAPER = 'Izhikevich 2004, doi:10.1109/TNN.2004.832719, figure 1';
/** Those whose shape comes from the equations and not from the steps of the published program. */
const OF_THE_EQUATIONS = 17;

interface PatternResult {
  name: string;
  /** As published, in Euler steps. */
  published: PatternRun;
  stimulus: number[];
  /** Spikes of the model as compiled, Runge-Kutta; null where it was not run. */
  compiledSpikesMs: number[] | null;
  /** Of the published run. */
  features: Feature[];
  publishedHolds: boolean;
  compiledHolds: boolean | null;
}

export default defineExperiment({
  id: 'firing-patterns',
  title: 'How many ways to fire does a neuron have?',
  question: 'Can two equations make all the patterns that real neurons show?',
  prediction:
    'A neuron gets a step of current. Draw at least four ways in which it could answer. Could a neuron fire because it ' +
    'is inhibited?',
  config,
  presets: { quick: {}, full: { stepMs: 0.01 } },

  async run({ stepMs }, context) {
    const compiled = await compiledRuns(stepMs, context);
    const patterns = FIRING_PATTERNS.map((pattern): PatternResult => {
      const published = runPattern(pattern);
      const run = compiled.get(pattern.name) ?? null;
      const good = (each: PatternRun) => SHAPES[pattern.name](each).every(holds);
      return {
        name: pattern.name,
        published: { ...published, valuesMv: published.valuesMv.map((v) => Number(v.toFixed(2))) },
        stimulus: published.timesMs.map((t) => Number(stimulusAt(pattern, t).toFixed(4))),
        compiledSpikesMs: run === null ? null : run.spikesMs,
        features: SHAPES[pattern.name](published),
        publishedHolds: good(published),
        compiledHolds: run === null ? null : good(run),
      };
    });
    return { metrics: { patterns, adex: await adexRuns(context) } };
  },

  tables: ({ metrics }) => [
    {
      name: 'patterns',
      title: 'Twenty patterns',
      columns: [
        { key: 'name', label: 'pattern' },
        { key: 'shape', label: 'what makes it so (as published)' },
        { key: 'published', label: 'as published' },
        { key: 'spikes', label: 'spikes' },
        { key: 'compiled', label: 'compiled, fine steps' },
        { key: 'compiledSpikes', label: 'spikes' },
      ],
      rows: metrics.patterns.map(
        ({ name, published, features, publishedHolds, compiledHolds, compiledSpikesMs }) => ({
          name,
          shape: features.map(({ what, value }) => `${what}: ${Number(value.toPrecision(3))}`).join('; '),
          published: publishedHolds ? 'yes' : 'no',
          spikes: published.spikesMs.length,
          compiled: compiledHolds === null ? 'not run' : compiledHolds ? 'yes' : 'no',
          compiledSpikes: compiledSpikesMs?.length ?? null,
        }),
      ),
    },
    adexTable(metrics.adex),
  ],

  figures({ metrics }) {
    const place = (i: number) => ({ column: i % 4, row: Math.floor(i / 4) });
    // Each panel has a time axis of its own: its whole length is 1.
    const rows = metrics.patterns.flatMap(({ name, published, stimulus }, i) => {
      const [low, high] = [Math.min(0, ...stimulus), Math.max(0, ...stimulus)];
      const end = published.timesMs[published.timesMs.length - 1];
      return published.timesMs.map((timeMs, k) => ({
        ...place(i),
        pattern: name,
        timeMs,
        share: timeMs / end,
        vMv: published.valuesMv[k],
        stimulus: stimulus[k],
        drawn: -118 + (high > low ? (18 * (stimulus[k] - low)) / (high - low) : 0),
      }));
    });
    const titles = metrics.patterns.map(({ name, published }, i) => ({
      ...place(i),
      title: `${String.fromCharCode(65 + i)} ${name}`,
      length: `${Math.round(published.timesMs[published.timesMs.length - 1])} ms`,
    }));
    return [
      {
        name: 'patterns',
        title: 'Twenty firing patterns of one model',
        caption:
          'Membrane potential (blue, cut at 30 mV) and injected current below it (grey, each to its own scale), in the order ' +
          'of the paper. Each panel shows the whole time named under it.',
        plot: {
          height: 900,
          marginLeft: 8,
          marginRight: 8,
          marginTop: 20,
          marginBottom: 16,
          grid: false,
          x: { axis: null },
          y: { axis: null, domain: [-135, 52] },
          fx: { axis: null, padding: 0.08 },
          fy: { axis: null, padding: 0.06 },
          marks: [
            Plot.line(rows, {
              x: 'share',
              y: 'vMv',
              fx: 'column',
              fy: 'row',
              stroke: COLOURS.blue,
              strokeWidth: 1.1,
            }),
            Plot.line(rows, {
              x: 'share',
              y: 'drawn',
              fx: 'column',
              fy: 'row',
              stroke: COLOURS.grey,
              strokeWidth: 1.5,
            }),
            Plot.text(titles, {
              fx: 'column',
              fy: 'row',
              text: 'title',
              frameAnchor: 'top-left',
              fontSize: 10.5,
              fontWeight: 'bold',
            }),
            Plot.text(titles, {
              fx: 'column',
              fy: 'row',
              text: 'length',
              frameAnchor: 'bottom-right',
              fontSize: 11,
            }),
          ],
        },
        rows: rows.map(({ pattern, timeMs, vMv, stimulus }) => ({ pattern, timeMs, vMv, stimulus })),
      },
      adexFigure(metrics.adex),
    ];
  },

  claims: ({ metrics }) => [
    ...metrics.patterns.flatMap(({ name, features }) => shapeClaims(name, features, PAPER)),
    atLeast(
      'Patterns whose shape the compiled model has as well',
      metrics.patterns.filter(({ compiledHolds }) => compiledHolds).length,
      OF_THE_EQUATIONS,
      'the same shapes with steps so fine that they do not matter',
    ),
    ...adexClaims(metrics.adex),
  ],

  finding({ metrics }) {
    const lost = metrics.patterns.filter(({ compiledHolds }) => !compiledHolds).map(({ name }) => name);
    return (
      `All ${metrics.patterns.filter(({ publishedHolds }) => publishedHolds).length} patterns come out of two equations as ` +
      `published. With fine time steps ${metrics.patterns.length - lost.length} do: ${lost.join(', ')} need the coarse Euler ` +
      'steps of the published program. The adaptive exponential model, two equations as well, has ' +
      `${metrics.adex.filter(({ features }) => features.every(holds)).length} of the eight that were published of it.`
    );
  },

  caveats: () => [
    'The published program takes Euler steps of 0.1 to 0.5 ms. Three patterns are made by these steps, not by the ' +
      'equations: bistability (the second pulse stops the firing only if it meets the right phase), the after-potential ' +
      'and inhibition-induced bursting, whose V runs away when it is integrated finely. That one is not run compiled.',
    'Accommodation uses another equation for u, as in the published program; class 1 and the integrator use other ' +
      'constants (4.1 V + 108 for 5 V + 140).',
    'The parameters of the adaptive exponential model are those of its paper as somebody else adapted them to match its ' +
      'figure. They are checked for the shapes that the names in the paper stand for; no curve was measured against it.',
    'Numbers of the first model have no physical units: I is in mV/ms.',
  ],
});

/** All patterns but one as neurons of one population, each with its own parameters and stimulus, on the event engine. */
async function compiledRuns(
  stepMs: number,
  { threads, signal }: { threads: number; signal: AbortSignal },
): Promise<Map<string, PatternRun>> {
  const patterns = FIRING_PATTERNS.filter(({ name }) => name !== ONLY_IN_STEPS);
  const longest = Math.max(...patterns.map(({ lengthMs }) => lengthMs));
  const network = new Network({ name: 'firing patterns', dtMs: stepMs });
  const populations = patterns.map((pattern: FiringPattern) =>
    network.population(pattern.name, 1, izhikevichStimulated, {
      parameters: stimulatedParameters(pattern),
      initial: { V: pattern.startMv, u: pattern.startU ?? pattern.b * pattern.startMv },
    }),
  );
  const record = populations.map((population) => ({ population, state: 'V' }));
  const { spikes, traces } = await observe(eventEngine, network, {
    warmupMs: 0,
    ms: longest,
    threads: Math.min(threads, 1),
    signal,
    record,
  });
  return new Map(
    patterns.map(({ name, lengthMs }, i) => {
      const steps = Math.round(lengthMs / stepMs);
      const train = trainOf(spikeTrains(spikes, populations[i]), 0);
      return [
        name,
        {
          timesMs: Array.from({ length: steps }, (_, k) => (k + 1) * stepMs),
          valuesMv: Array.from({ length: steps }, (_, k) => traces[i].values.get(k, 0)),
          spikesMs: Array.from(train, (step) => (step + 1) * stepMs).filter((t) => t <= lengthMs),
        },
      ];
    }),
  );
}
