import * as Plot from '@observablehq/plot';
import { brunel } from '../../models/networks/brunel.js';
import { stationaryRateHz } from '../../models/networks/brunel-theory.js';
import { BIN_MS, networkActivity, type RasterPopulation } from '../../src/analysis/network-activity.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { observe } from '../../src/engine/observe.js';
import type { Claim, Figure, RunContext, Table } from '../../src/experiment/define.js';
import { atLeast, atMost, COLOURS, near } from '../../src/index.js';

/** Reset of the paper, where the regimes were found. */
const RESET_MV = 10;
/** A neuron whose intervals vary less than this is called regular. */
const IRREGULAR_FROM = 0.25;
/** Depth of common modulation from which a network is called synchronous: that of a full sine. */
const SYNCHRONOUS_FROM = Math.SQRT1_2;
const RASTER_MS = 100;

/** The four points of figure 8 of Brunel 2000, and how long it takes to see what they do. */
export const REGIMES = [
  {
    id: 'SR',
    label: 'synchronous regular',
    g: 3,
    eta: 2,
    warmupMs: 100,
    ms: 120,
    synchronous: true,
    irregular: false,
  },
  {
    id: 'SI fast',
    label: 'synchronous irregular, fast',
    g: 6,
    eta: 4,
    warmupMs: 150,
    ms: 400,
    synchronous: true,
    irregular: true,
  },
  {
    id: 'AI',
    label: 'asynchronous irregular',
    g: 5,
    eta: 2,
    warmupMs: 200,
    ms: 600,
    synchronous: false,
    irregular: true,
  },
  {
    id: 'SI slow',
    label: 'synchronous irregular, slow',
    g: 4.5,
    eta: 0.9,
    warmupMs: 200,
    ms: 1500,
    synchronous: true,
    irregular: true,
  },
] as const;

export interface Regime {
  id: (typeof REGIMES)[number]['id'];
  label: string;
  g: number;
  eta: number;
  measuredMs: number;
  rateHz: number;
  stationaryRateHz: number;
  cvIsi: number | null;
  synchrony: number | null;
  oscillationHz: number | null;
  raster: RasterPopulation;
  /** Excitatory spikes in each bin of 0.5 ms of the raster. */
  activity: number[];
  neurons: number;
}

/** Simulates the four regimes with the first seed. */
export async function runRegimes({
  seed,
  threads,
  signal,
  progress,
}: Pick<RunContext, 'seed' | 'threads' | 'signal' | 'progress'>): Promise<{
  metrics: Regime[];
  ledgers: Ledger[];
}> {
  const metrics: Regime[] = [];
  const ledgers: Ledger[] = [];
  for (const [i, { id, label, g, eta, warmupMs, ms }] of REGIMES.entries()) {
    const observation = await observe(eventEngine, brunel({ g, eta, resetMv: RESET_MV, seed }), {
      warmupMs,
      ms,
      threads,
      signal,
      progress: (done, total) => progress(i + done / total, REGIMES.length + 1, label),
      name: `brunel ${id}, seed ${seed}`,
      labels: { regime: id, seed },
    });
    ledgers.push(observation.ledger);
    const { populations, raster } = networkActivity(observation, {
      seed,
      rasterMs: RASTER_MS,
      rasterNeurons: 60,
    });
    const [e] = populations;
    const { rateHz, cvIsi, synchrony, oscillationHz, activity, size } = e;
    const stationary = stationaryRateHz({ g, eta, resetMv: RESET_MV });
    metrics.push({
      id,
      label,
      g,
      eta,
      measuredMs: ms,
      rateHz,
      stationaryRateHz: stationary,
      cvIsi,
      synchrony,
      oscillationHz,
      raster: raster[0],
      activity,
      neurons: size,
    });
  }
  return { metrics, ledgers };
}

export function regimeTable(regimes: readonly Regime[]): Table {
  return {
    name: 'regimes',
    title: 'Four regimes, excitatory neurons, reset to 10 mV',
    columns: [
      { key: 'label', label: 'regime' },
      { key: 'g', label: 'g' },
      { key: 'eta', label: 'η' },
      { key: 'rateHz', label: 'rate', unit: 'Hz' },
      { key: 'stationaryRateHz', label: 'stationary theory', unit: 'Hz' },
      { key: 'cvIsi', label: 'CV of intervals', digits: 2 },
      { key: 'synchrony', label: 'common modulation', digits: 2 },
      { key: 'oscillationHz', label: 'strongest frequency', unit: 'Hz', digits: 3 },
    ],
    rows: regimes.map(({ label, g, eta, rateHz, stationaryRateHz, cvIsi, synchrony, oscillationHz }) => ({
      label,
      g,
      eta,
      rateHz,
      stationaryRateHz,
      cvIsi,
      synchrony,
      oscillationHz,
    })),
  };
}

/** Raster above, activity of the whole population below, one panel a regime. */
export function regimeFigure(regimes: readonly Regime[]): Figure {
  const title = ({ label, g, eta }: Regime) => `${label} (g = ${g}, η = ${eta})`;
  const dots = regimes.flatMap((regime) =>
    regime.raster.timesMs.map((timeMs, i) => ({
      regime: title(regime),
      kind: 'spike',
      timeMs,
      y: 0.42 + (0.58 * (regime.raster.rows[i] + 0.5)) / regime.raster.neurons,
    })),
  );
  const bars = regimes.flatMap((regime) => {
    const most = Math.max(...regime.activity, 1);
    return regime.activity.map((count, k) => ({
      regime: title(regime),
      kind: 'activity',
      timeMs: k * BIN_MS,
      y: (0.36 * count) / most,
    }));
  });
  const labels = regimes.map((regime) => {
    const most = Math.max(...regime.activity, 1);
    return {
      regime: title(regime),
      text: `highest activity ${Math.round((1000 * most) / regime.neurons / BIN_MS)} Hz`,
    };
  });
  return {
    name: 'regimes',
    title: 'Four regimes of one network',
    caption:
      'Spikes of 48 excitatory neurons, and below them the activity of all 10,000 in bins of 0.5 ms. Only inhibition g and input η differ. Regular neurons beat together; irregular ones take part ' +
      'in some beats of a rhythm, or in none.',
    plot: {
      height: 820,
      marginRight: 20,
      marginLeft: 24,
      x: { label: 'time (ms)', domain: [0, RASTER_MS], grid: false },
      y: { axis: null, domain: [0, 1.12] },
      fy: { axis: null, domain: regimes.map(title), padding: 0.04 },
      marks: [
        Plot.dot(dots, { x: 'timeMs', y: 'y', fy: 'regime', r: 1.3, fill: COLOURS.black }),
        Plot.rect(bars, {
          x1: 'timeMs',
          x2: (row: { timeMs: number }) => row.timeMs + BIN_MS,
          y1: 0,
          y2: 'y',
          fy: 'regime',
          fill: COLOURS.blue,
          inset: 0,
        }),
        Plot.ruleY([0], { stroke: COLOURS.grey }),
        Plot.text(labels, { frameAnchor: 'top-right', fy: 'regime', text: 'text', dy: 1 }),
        Plot.text(regimes.map(title), {
          frameAnchor: 'top-left',
          fy: (text: string) => text,
          text: (text: string) => text,
          fontWeight: 'bold',
          dy: 1,
        }),
      ],
    },
    rows: [...dots, ...bars],
  };
}

/** Each regime is where the paper found it, by its irregularity and by its common modulation. */
export function regimeClaims(regimes: readonly Regime[], theory: string): Claim[] {
  const source =
    'Brunel 2000, doi:10.1023/A:1008925309027, figure 8; borders: CV 0.25, modulation of a full sine';
  const of = (id: Regime['id']) => regimes.find((regime) => regime.id === id)!;
  if (regimes.length === 0) return [];
  const states = REGIMES.flatMap(({ id, label, synchronous, irregular }) => {
    const { cvIsi, synchrony } = of(id);
    const bound = (wanted: boolean) => (wanted ? atLeast : atMost);
    return [
      bound(irregular)(`${label}: CV of intervals`, cvIsi ?? 0, IRREGULAR_FROM, source),
      bound(synchronous)(`${label}: common modulation`, synchrony ?? 0, SYNCHRONOUS_FROM, source),
    ];
  });
  const ai = of('AI');
  const [fast, slow] = [of('SI fast'), of('SI slow')];
  return [
    ...states,
    near(
      'asynchronous irregular: rate',
      ai.rateHz,
      ai.stationaryRateHz,
      0.03 * ai.stationaryRateHz,
      theory,
      'Hz',
    ),
    atLeast(
      'synchronous irregular, fast: beats of the network for a spike of a neuron',
      (fast.oscillationHz ?? 0) / fast.rateHz,
      2,
      'Brunel 2000: neurons fire more slowly than the network oscillates',
    ),
    atMost(
      'synchronous irregular, slow: frequency',
      slow.oscillationHz ?? 1e9,
      60,
      'Brunel 2000: tens of Hz',
      'Hz',
    ),
  ];
}
