import { quantile } from 'simple-statistics';
import { readSpecies } from '../../models/brains/index.js';
import { readChinchillaPoints } from '../../src/data/chinchilla-points.js';
import { readDatasetSizes } from '../../src/data/dataset-sizes.js';
import { type Gpu, readGpus, readHbm } from '../../src/data/machines.js';
import { type NotableModel, readNotableModels } from '../../src/data/notable-models.js';
import {
  bootstrapGrowth,
  drawFutures,
  fitLossLaw,
  isoflopCurves,
  isoflopExponent,
  parameterExponent,
} from '../../src/scaling/index.js';
import { UsageError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';

/** What the computations share: tables, the loss law fitted to the digitised runs, and the futures of text. */
export type AuditInputs = ReturnType<typeof gatherInputs>;

/** Reads the tables, fits the law, draws the futures. A few seconds. */
export function gatherInputs(draws: number, seed: number) {
  const points = readChinchillaPoints();
  const allPoints = readChinchillaPoints(0);
  const [gpus, models] = [readGpus(), readNotableModels()];
  return {
    points,
    allPoints,
    fit: fitLossLaw(points),
    exponentOfAllPoints: parameterExponent(fitLossLaw(allPoints).law),
    isoflop: isoflopSummary(points),
    text: textSummary(draws, seed),
    species: readSpecies(),
    hbm: readHbm(),
    gpu: (gpu: string) => rowOf<Gpu>(gpus, (row) => row.gpu === gpu, gpu, 'gpu_specs.csv'),
    model: (model: string) =>
      rowOf<NotableModel>(models, (row) => row.model === model, model, 'notable_models.csv'),
    seed,
  };
}

function isoflopSummary(points: ReturnType<typeof readChinchillaPoints>) {
  const curves = isoflopCurves(points);
  const ratios = curves.map(({ tokensPerParameter }) => tokensPerParameter);
  return { exponent: isoflopExponent(curves).value, medianRatio: quantile(ratios, 0.5) };
}

function textSummary(draws: number, seed: number) {
  const sets = readDatasetSizes();
  const growth = bootstrapGrowth(
    sets.map(({ year }) => year),
    sets.map(({ words }) => words),
    2000,
    stream(seed, 'growth'),
  );
  const futures = drawFutures(draws, growth.draws, stream(seed, 'futures'));
  const years = futures.map(({ exhaustionYear }) => exhaustionYear);
  const stock = futures.map(({ effectiveTokens }) => effectiveTokens);
  return {
    growthPerYear: 10 ** growth.value,
    year: (share: number) => quantile(years, share),
    shareWithin: years.filter((year) => year >= 2026 && year <= 2032).length / years.length,
    stockTrillions: (share: number) => quantile(stock, share) / 1e12,
  };
}

function rowOf<Row>(rows: readonly Row[], is: (row: Row) => boolean, name: string, file: string): Row {
  const found = rows.find(is);
  if (found) return found;
  throw new UsageError(`there is no row '${name}'`, file, 'Restore the file from the package.');
}
