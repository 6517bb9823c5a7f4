import { type MetabolicRate, readMetabolicRates } from '../../src/data/metabolic-rates.js';
import { z } from '../../src/index.js';
import {
  binnedMeans,
  covers,
  fitParabola,
  type Interval,
  leastSquares,
  slopeOf,
} from '../../src/scaling/index.js';

export const config = z.strictObject({
  binWidth: z.number().positive().default(0.1).describe('width of the bins in log10 of body mass'),
  domestic: z.boolean().default(true).describe('keep domestic animals'),
});
export type Config = z.output<typeof config>;

export const SETS = [
  { id: 'mammals (Genoud)', dataset: 'genoud2018_select', animals: 'Mammalia' },
  { id: 'mammals (AnAge)', dataset: 'anage', animals: 'Mammalia' },
  { id: 'birds (AnAge)', dataset: 'anage', animals: 'Aves' },
] as const;

/** Body masses at which local slopes are quoted, in grams. */
const LOCAL_G = [10, 1000, 100_000];

export async function compute({ binWidth, domestic }: Config) {
  const table = readMetabolicRates().filter((row) => domestic || row.domestic !== true);
  const rows = (set: (typeof SETS)[number]) =>
    table.filter((row) => row.dataset === set.dataset && row.class === set.animals);
  return {
    metrics: {
      fits: SETS.flatMap((set) => fitsOf(set.id, rows(set), binWidth)),
      curvature: SETS.map((set) => curvatureOf(set.id, rows(set))),
      species: SETS.flatMap((set) =>
        rows(set).map(({ species, body_mass_g, bmr_W }) => ({
          set: set.id,
          species,
          massG: body_mass_g,
          bmrW: bmr_W,
        })),
      ),
      local: SETS.flatMap((set) => localSlopes(set.id, rows(set))),
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

const logs = (rows: readonly MetabolicRate[]) => ({
  x: rows.map(({ body_mass_g }) => Math.log10(body_mass_g)),
  y: rows.map(({ bmr_W }) => Math.log10(bmr_W)),
});

export function fitsOf(set: string, rows: readonly MetabolicRate[], binWidth: number) {
  const { x, y } = logs(rows);
  const bins = binnedMeans(x, y, binWidth);
  const binned = leastSquares(
    bins.map((bin) => bin.x),
    bins.map((bin) => bin.y),
  );
  return [
    { points: 'species', line: leastSquares(x, y) },
    { points: 'bins of mass', line: binned },
  ].map(({ points, line }) => ({
    set,
    points,
    n: line.n,
    b: line.slope.value,
    low: line.slope.low,
    high: line.slope.high,
    threeQuarters: verdict(line.slope, 3 / 4),
    twoThirds: verdict(line.slope, 2 / 3),
  }));
}

function verdict(interval: Interval, exponent: number): string {
  return covers(interval, exponent) ? 'allowed' : 'rejected';
}

export function curvatureOf(set: string, rows: readonly MetabolicRate[]) {
  const { x, y } = logs(rows);
  const parabola = fitParabola(x, y);
  const [at10G, at1Kg, at100Kg] = LOCAL_G.map((massG) => slopeOf(parabola, Math.log10(massG)));
  return { set, curvature: parabola.curvature.value, se: parabola.curvatureSe, at10G, at1Kg, at100Kg };
}

function localSlopes(set: string, rows: readonly MetabolicRate[]) {
  const { x, y } = logs(rows);
  const parabola = fitParabola(x, y);
  const [low, high] = [Math.min(...x), Math.max(...x)];
  return Array.from({ length: 25 }, (_, i) => {
    const at = low + ((high - low) * i) / 24;
    return { set, massG: 10 ** at, exponent: slopeOf(parabola, at) };
  });
}
