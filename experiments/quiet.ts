import * as Plot from '@observablehq/plot';
import { quiet as describe } from '../models/networks/quiet.js';
import { ledgerCounts } from '../src/energy/counts.js';
import type { Ledger } from '../src/energy/ledger.js';
import { eventEngine } from '../src/engine/event/engine.js';
import {
  atLeast,
  atMost,
  COLOURS,
  defineExperiment,
  type RunContext,
  type RunView,
  z,
} from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { formatNumber } from '../src/util/format.js';

const config = z.strictObject({
  neurons: z.int().min(1000).default(1_000_000).describe('neurons'),
  indegree: z.int().min(1).default(100).describe('synapses onto each'),
  active: z
    .array(z.number().positive().max(1))
    .min(2)
    .default([1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2])
    .describe('shares of the neurons that fire, at about 10 Hz'),
  pieces: z
    .int()
    .min(1)
    .default(4)
    .describe('pieces of 200 ms measured, and more where they are short; the fastest counts'),
});
type Config = z.output<typeof config>;

/** Share at which the two ways of simulating are compared. */
const COMPARED = 1e-3;
const PIECE_MS = 200;
const WARMUP_MS = 200;
/** Short pieces are disturbed by whatever else the process does: they are repeated for so much processor time. */
const ENOUGH_MS = 200;
const MOST_PIECES = 40;

interface Point {
  active: number;
  sleep: boolean;
  events: number;
  neuronUpdates: number;
}

type View = RunView<Config, { points: Point[] }>;

export default defineExperiment({
  id: 'quiet',
  title: 'What does a silent neuron cost?',
  question: 'Does the time to simulate a network follow its neurons or its events?',
  prediction:
    'A million neurons, of which one in a thousand fires. How much faster could a simulator be that leaves the others ' +
    'alone? And if ten times as many fire: ten times the work?',
  config,
  presets: {
    quick: { neurons: 100_000, active: [1e-5, 1e-4, 1e-3, 1e-2], pieces: 3 },
    full: { pieces: 10 },
  },

  async run(config, context) {
    const shares = [...new Set([...config.active, COMPARED])].sort((a, b) => a - b);
    const jobs = [...shares.map((active) => ({ active, sleep: true })), { active: COMPARED, sleep: false }];
    const points: Point[] = [];
    const ledgers = [];
    const cpuMs: Record<string, number> = {};
    for (const [i, job] of jobs.entries()) {
      context.progress(i, jobs.length, nameOf(job));
      const { point, ledger, fastestMs } = await measure(config, job, context);
      points.push(point);
      ledgers.push(ledger);
      cpuMs[nameOf(job)] = fastestMs;
    }
    context.record('cpuMs', cpuMs);
    return { metrics: { points }, ledgers };
  },

  tables: (view) => [
    {
      name: 'times',
      title: `Work for ${PIECE_MS} ms of biology, and how long it took on this machine`,
      columns: [
        { key: 'share', label: 'active', unit: '%' },
        { key: 'neurons', label: 'neurons updated' },
        { key: 'events', label: 'synaptic events', digits: 6 },
        { key: 'neuronUpdates', label: 'neuron updates', digits: 4 },
        { key: 'cpuMs', label: 'processor time', unit: 'ms', digits: 3 },
        { key: 'lineMs', label: 'line', unit: 'ms', digits: 3 },
      ],
      rows: timesOf(view).points.map(({ active, sleep, events, neuronUpdates, cpuMs, lineMs }) => ({
        share: 100 * active,
        neurons: sleep ? 'those with input' : 'all',
        events,
        neuronUpdates,
        cpuMs,
        lineMs: sleep ? lineMs : null,
      })),
    },
  ],

  figures(view) {
    const { config } = view;
    const { points, asleep, all, restMs, msPerEvent } = timesOf(view);
    const [fewest, most] = [asleep[0].events, asleep[asleep.length - 1].events];
    const curve = Array.from({ length: 61 }, (_, i) => {
      const events = fewest * (most / fewest) ** (i / 60);
      return { events, cpuMs: restMs + msPerEvent * events };
    });
    return [
      {
        name: 'time',
        title: 'Time follows events',
        caption:
          `Processor time for ${PIECE_MS} ms of ${config.neurons.toLocaleString('en')} neurons against the events in it. ` +
          'Dots: neurons that nothing reaches sleep. Line: a fixed time and a time for each event. Dashed: all neurons ' +
          'updated in every step.',
        plot: {
          x: { type: 'log', label: `synaptic events in ${PIECE_MS} ms`, tickFormat: powerOfTen },
          y: { type: 'log', label: 'processor time (ms)', tickFormat: powerOfTen, inset: 28 },
          marks: [
            Plot.line(curve, { x: 'events', y: 'cpuMs', stroke: COLOURS.grey, strokeWidth: 2 }),
            Plot.dot(asleep, { x: 'events', y: 'cpuMs', r: 6, fill: COLOURS.blue }),
            Plot.ruleY([all.cpuMs], { stroke: COLOURS.vermilion, strokeWidth: 2, strokeDasharray: '6 4' }),
            Plot.text([`all neurons updated: ${all.cpuMs.toPrecision(3)} ms`], {
              x: () => fewest,
              y: () => all.cpuMs,
              text: (text: string) => text,
              textAnchor: 'start',
              dy: -10,
              fill: COLOURS.vermilion,
            }),
            Plot.text(asleep, {
              x: 'events',
              y: 'cpuMs',
              text: ({ active }: Timed) => `${Number((100 * active).toPrecision(3))} %`,
              dy: 18,
            }),
          ],
        },
        rows: points.map((point) => ({ ...point, sleep: String(point.sleep) })),
      },
    ];
  },

  claims(view) {
    const { asleep, all, compared } = timesOf(view);
    const off = asleep.map(({ cpuMs, lineMs }) => Math.max(cpuMs / lineMs, lineMs / cpuMs));
    const decades = Math.log10(asleep[asleep.length - 1].events / asleep[0].events);
    return [
      atLeast(
        '0.1 % active: times faster than with all neurons updated',
        all.cpuMs / compared.cpuMs,
        10,
        'Cost follows events: what this engine is built for',
      ),
      atLeast(
        '0.1 % active: times fewer neuron updates',
        all.neuronUpdates / compared.neuronUpdates,
        10,
        'The same, counted instead of timed',
      ),
      atMost(
        `Largest factor between a time and the line, over ${decades.toFixed(1)} decades`,
        Math.max(...off),
        2,
        'A fixed time and a time for each event; over three decades of events a factor of 2 is small',
      ),
    ];
  },

  finding(view) {
    const { config } = view;
    const { all, compared, restMs, msPerEvent } = timesOf(view);
    return (
      `With one in a thousand of ${config.neurons.toLocaleString('en')} neurons active, a network whose idle neurons sleep ` +
      `is simulated ${formatNumber(all.cpuMs / compared.cpuMs, 2)} times faster than one in which all are updated. An event ` +
      `costs ${formatNumber(1e6 * msPerEvent, 2)} ns, and ${PIECE_MS} ms without any cost ${formatNumber(restMs, 2)} ms.`
    );
  },

  caveats: () => [
    'The times are measured on this machine and are not the same again; counts of events and updates are.',
    'Only neurons that can be carried over many steps in closed form sleep, in groups of sixteen, and only without ' +
      'Poisson input. Input is added to four neurons at a time: where most of them get an event in every window, nothing ' +
      'is gained.',
    'The input from the active neurons is too weak to make others fire: a network in which it does has other neurons ' +
      'active.',
  ],
});

/** Builds a network and times pieces of it. */
async function measure(
  { neurons, indegree, pieces }: Config,
  { active, sleep }: { active: number; sleep: boolean },
  { seed, signal }: Pick<RunContext, 'seed' | 'signal'>,
) {
  const network = describe({ neurons, indegree, active, seed });
  // One thread: the time that others wait for each other is no work.
  const simulation = await eventEngine.build(network, { threads: 1, sleep, signal });
  try {
    await simulation.run(WARMUP_MS);
    const timesMs: number[] = [];
    const name = `quiet, ${nameOf({ active, sleep })}`;
    let ledger: Ledger | null = null;
    for (let piece = 0; piece < pieces || (piece < MOST_PIECES && sumOf(timesMs) < ENOUGH_MS); piece++) {
      await simulation.forgetSpikes();
      const cpu = process.cpuUsage();
      await simulation.run(PIECE_MS);
      const { user, system } = process.cpuUsage(cpu);
      timesMs.push((user + system) / 1000);
      // Counts are those of the first piece: how many there are is a matter of time.
      ledger ??= await simulation.ledger();
    }
    const { transmission, neuronUpdate } = ledgerCounts(ledger!, 'inference');
    const counts = { events: Number(transmission), neuronUpdates: Number(neuronUpdate) };
    return {
      point: { active, sleep, ...counts },
      fastestMs: Math.min(...timesMs),
      ledger: { ...ledger!, network: name, labels: { active, simulatedMs: PIECE_MS } },
    };
  } finally {
    await simulation.close();
  }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** "0.1 % active". */
function nameOf({ active, sleep }: Pick<Point, 'active' | 'sleep'>): string {
  return `${Number((100 * active).toPrecision(6))} % active${sleep ? '' : ', all updated'}`;
}

interface Timed extends Point {
  /** Time of the processor for a piece, all threads: the fastest piece; and where the line is. */
  cpuMs: number;
  lineMs: number;
}

/** The points with their times, and the line through those of networks that sleep. */
function timesOf({ metrics, recorded = {} }: View) {
  const times = z.record(z.string(), z.number()).parse(recorded.cpuMs);
  const timed = metrics.points.map((point) => ({ ...point, cpuMs: times[nameOf(point)] }));
  const { restMs, msPerEvent } = lineOf(timed.filter(({ sleep }) => sleep));
  const points: Timed[] = timed.map((point) => ({ ...point, lineMs: restMs + msPerEvent * point.events }));
  const asleep = points.filter(({ sleep }) => sleep);
  const all = points.find(({ sleep }) => !sleep)!;
  const compared = asleep.find(({ active }) => active === COMPARED)!;
  return { points, asleep, all, compared, restMs, msPerEvent };
}

/** Least squares of relative errors: cpuMs = restMs + msPerEvent · events, both at least 0. */
function lineOf(points: readonly { events: number; cpuMs: number }[]): {
  restMs: number;
  msPerEvent: number;
} {
  // Each equation divided by its time: 1 = restMs/t + msPerEvent·events/t.
  const rows = points.map(({ events, cpuMs }) => [1 / cpuMs, events / cpuMs] as const);
  const sum = (of: (row: readonly [number, number]) => number) =>
    rows.reduce((total, row) => total + of(row), 0);
  const [aa, ab, bb] = [sum(([a]) => a * a), sum(([a, b]) => a * b), sum(([, b]) => b * b)];
  const [a1, b1] = [sum(([a]) => a), sum(([, b]) => b)];
  const determinant = aa * bb - ab * ab;
  const restMs = (a1 * bb - b1 * ab) / determinant;
  if (!(restMs > 0)) return { restMs: 0, msPerEvent: b1 / bb };
  return { restMs, msPerEvent: (aa * b1 - ab * a1) / determinant };
}
