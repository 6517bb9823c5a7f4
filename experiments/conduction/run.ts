import {
  brainDiameterMm,
  bundleVolume,
  CLADES,
  cladeOf,
  delayMs,
  diameterForDelayUm,
  fitClade,
  myelinatedVelocity,
  readSpecies,
  type Species,
  UNMYELINATED_M_PER_S,
} from '../../models/brains/index.js';
import { z } from '../../src/index.js';
import { logspace, predict } from '../../src/scaling/index.js';

export const cladeIds = CLADES.map(({ id }) => id) as [string, ...string[]];

/** Delays across the brain over that range: of the median axon, and of the fastest twentieth. */
const OBSERVED = { massRatio: 97, medianMs: [11, 38], fastMs: [3, 9] } as const;

export const config = z.strictObject({
  clades: z
    .array(z.enum(cladeIds))
    .min(1)
    .default(['rodent', 'primate', 'songbird', 'parrot'])
    .describe('clades compared'),
  axonsUm: z
    .array(z.number().positive())
    .min(1)
    .default([0.7, 3])
    .describe('outer diameters of myelinated axons: a typical one, a fast one (µm)'),
  targetMs: z.number().positive().default(5).describe('delay that a fast pathway is to keep (ms)'),
  thickShare: z.number().min(0).max(1).default(0.01).describe('share of thick axons in a bundle'),
});
export type Config = z.output<typeof config>;

export async function compute(config: Config) {
  const table = readSpecies();
  return {
    metrics: {
      curves: config.clades.flatMap((id) => curveOf(table, id, config)),
      equalNeurons: equalNeurons(table, config),
      animals: ['house mouse', 'brown rat', 'raven', 'blue and yellow macaw', 'rhesus macaque', 'human'].map(
        (animal) => animalRow(table, animal, config),
      ),
      calibre: calibreExponents(),
      bundles: [1, 2, 3, 5, 8].flatMap((times) =>
        [config.thickShare, 0.05, 0.2, 1].map((share) => ({
          times,
          share: `${100 * share} %`,
          volume: bundleVolume(share, times),
          delayShare: 1 / times,
        })),
      ),
      bought: { times: 3, volume: bundleVolume(config.thickShare, 3), all: bundleVolume(1, 3) },
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

function curveOf(table: readonly Species[], id: string, { axonsUm }: Config) {
  const clade = cladeOf(id);
  const { fit } = fitClade(table, clade, 'brain');
  return logspace(fit.range.low, fit.range.high, 30).map((neurons) => {
    const massG = predict(fit, neurons).value;
    return {
      clade: clade.name,
      neurons,
      massG,
      delayMs: delayMs(brainDiameterMm(massG), myelinatedVelocity(axonsUm[0])),
    };
  });
}

function equalNeurons(table: readonly Species[], { clades, axonsUm }: Config) {
  return [2e8, 1e9, 3e9].flatMap((neurons) =>
    clades.map((id) => {
      const { value, extrapolated } = predict(fitClade(table, cladeOf(id), 'brain').fit, neurons);
      return {
        clade: cladeOf(id).name,
        neurons,
        massG: value,
        delayMs: delayMs(brainDiameterMm(value), myelinatedVelocity(axonsUm[0])),
        extrapolated: extrapolated ? 'yes' : 'no',
      };
    }),
  );
}

function animalRow(table: readonly Species[], animal: string, { axonsUm, targetMs }: Config) {
  const massG = table.find(({ common_name }) => common_name === animal)!.brain_mass_g!;
  const diameterMm = brainDiameterMm(massG);
  const row: Record<string, string | number> & { diameterMm: number } = {
    animal,
    massG,
    diameterMm,
    unmyelinatedMs: delayMs(diameterMm, UNMYELINATED_M_PER_S),
    neededUm: diameterForDelayUm(diameterMm, targetMs),
  };
  for (const um of axonsUm) row[`um${um}`] = delayMs(diameterMm, myelinatedVelocity(um));
  return row;
}

/** Exponents of delay in brain mass: of distance alone, and of the published delays. */
function calibreExponents() {
  const { massRatio, medianMs, fastMs } = OBSERVED;
  const exponent = (ratio: number) => Math.log(ratio) / Math.log(massRatio);
  return {
    sphere: exponent(brainDiameterMm(massRatio) / brainDiameterMm(1)),
    median: exponent(medianMs[1] / medianMs[0]),
    fast: exponent(fastMs[1] / fastMs[0]),
  };
}
