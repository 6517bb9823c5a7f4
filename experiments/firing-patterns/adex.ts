import * as Plot from '@observablehq/plot';
import { adex } from '../../models/neurons/adex.js';
import { ADEX_MS, ADEX_PATTERNS } from '../../models/neurons/adex-patterns.js';
import { spikeTrains, trainOf } from '../../src/analysis/spike-trains.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { observe } from '../../src/engine/observe.js';
import { atLeast, atMost, type Claim, COLOURS, type Figure, type Table } from '../../src/index.js';
import { Network } from '../../src/network/network.js';
import { ADEX_SHAPES } from './adex-shapes.js';
import { type Feature, holds, shapeClaims } from './shapes.js';

const PAPER = 'Naud et al. 2008, doi:10.1007/s00422-008-0264-7: what the name of the pattern says';
const STEP_MS = 0.01;
/** One of the recorded steps that is kept. */
const EVERY = 25;
/** Two neurons begin this far apart, to see whether they stay together. */
const APART_MV = 0.001;

export interface AdexResult {
  name: string;
  spikesMs: number[];
  /** V every EVERY steps, and 20 mV where a spike was sent since the last. */
  valuesMv: number[];
  features: Feature[];
  /** The most by which a spike of a neuron that began APART_MV higher is off, ms. */
  apartMs: number;
}

/** Every pattern twice, with initial values a little apart, as neurons of the compiled model. */
export async function adexRuns({ signal }: { signal: AbortSignal }): Promise<AdexResult[]> {
  const network = new Network({ name: 'AdEx', dtMs: STEP_MS });
  const populations = ADEX_PATTERNS.flatMap(({ name, parameters }) =>
    [0, APART_MV].map((apart) =>
      network.population(`${name} ${apart}`, 1, adex, {
        parameters,
        initial: { V: parameters.E_L + apart },
      }),
    ),
  );
  const shown = populations.filter((_, i) => i % 2 === 0);
  const { spikes, traces } = await observe(eventEngine, network, {
    warmupMs: 0,
    ms: ADEX_MS,
    signal,
    record: shown.map((population) => ({ population, state: 'V' })),
  });
  const timesOf = (i: number) =>
    Array.from(trainOf(spikeTrains(spikes, populations[i]), 0), (step) => (step + 1) * STEP_MS);
  return ADEX_PATTERNS.map(({ name, parameters }, i) => {
    const [spikesMs, others] = [timesOf(2 * i), timesOf(2 * i + 1)];
    const valuesMv = Array.from({ length: ADEX_MS / STEP_MS / EVERY }, (_, k) =>
      Number(traces[i].values.get((k + 1) * EVERY - 1, 0).toFixed(2)),
    );
    for (const t of spikesMs) valuesMv[Math.ceil(t / STEP_MS / EVERY) - 1] = 20;
    const shared = Math.min(spikesMs.length, others.length);
    const apart = spikesMs.slice(0, shared).map((t, k) => Math.abs(t - others[k]));
    return {
      name,
      spikesMs: spikesMs.map((t) => Number(t.toFixed(2))),
      valuesMv,
      features: ADEX_SHAPES[name](spikesMs, parameters),
      apartMs: Math.max(...apart),
    };
  });
}

export const adexTable = (results: readonly AdexResult[]): Table => ({
  name: 'adex',
  title: 'Eight patterns of the adaptive exponential model',
  columns: [
    { key: 'name', label: 'pattern' },
    { key: 'shape', label: 'what makes it so' },
    { key: 'holds', label: 'has it' },
    { key: 'spikes', label: 'spikes' },
    { key: 'apart', label: `a start ${APART_MV} mV higher moves a spike by at most`, unit: 'ms' },
  ],
  rows: results.map(({ name, features, spikesMs, apartMs }) => ({
    name,
    shape: features.map(({ what, value }) => `${what}: ${Number(value.toPrecision(3))}`).join('; '),
    holds: features.every(holds) ? 'yes' : 'no',
    spikes: spikesMs.length,
    apart: Number(apartMs.toFixed(2)),
  })),
});

export function adexFigure(results: readonly AdexResult[]): Figure {
  const place = (i: number) => ({ column: i % 2, row: Math.floor(i / 2) });
  const rows = results.flatMap(({ name, valuesMv }, i) =>
    valuesMv.map((vMv, k) => ({ ...place(i), pattern: name, timeMs: (k + 1) * EVERY * STEP_MS, vMv })),
  );
  const titles = results.map(({ name }, i) => ({ ...place(i), title: `${'abcdefgh'[i]} ${name}` }));
  return {
    name: 'adex',
    title: 'Eight firing patterns of the adaptive exponential model',
    caption:
      'Membrane potential while a constant current flows from 0 ms on, with the parameters of Naud et al. 2008. Spikes ' +
      'are drawn up to 20 mV.',
    plot: {
      height: 640,
      marginTop: 40,
      grid: false,
      x: { label: 'time (ms)', ticks: 4 },
      y: { label: 'V (mV)', ticks: 3, domain: [-80, 30] },
      fx: { axis: null, padding: 0.08 },
      fy: { axis: null, padding: 0.18 },
      marks: [
        Plot.line(rows, {
          x: 'timeMs',
          y: 'vMv',
          fx: 'column',
          fy: 'row',
          stroke: COLOURS.blue,
          strokeWidth: 1,
        }),
        Plot.text(titles, {
          fx: 'column',
          fy: 'row',
          text: 'title',
          frameAnchor: 'top-left',
          dy: -16,
          fontSize: 12,
          fontWeight: 'bold',
        }),
      ],
    },
    rows: rows.map(({ pattern, timeMs, vMv }) => ({ pattern, timeMs, vMv })),
  };
}

export function adexClaims(results: readonly AdexResult[]): Claim[] {
  const named = (name: string) => results.find((result) => result.name === name)!;
  const gap = ({ spikesMs }: AdexResult) =>
    (spikesMs[spikesMs.length - 1] - spikesMs[0]) / (spikesMs.length - 1);
  const irregular = named('irregular spiking');
  const tonic = named('tonic spiking');
  const chaos =
    'Naud et al. 2008, doi:10.1007/s00422-008-0264-7: irregular spiking under a constant current is chaos';
  return [
    ...results.flatMap(({ name, features }) => shapeClaims(`AdEx, ${name}`, features, PAPER)),
    atLeast(
      'AdEx, irregular spiking: mean intervals by which a start 0.001 mV higher moves a spike',
      irregular.apartMs / gap(irregular),
      0.25,
      chaos,
    ),
    atMost(
      'AdEx, tonic spiking: the same',
      tonic.apartMs / gap(tonic),
      0.01,
      'a limit cycle: neighbours stay together',
    ),
  ];
}
