import { RunError } from '../util/errors.js';
import { type Stream, stream } from '../util/rng.js';
import { errorAt, type PowerLawFit, type SizedError } from './power-law.js';
import { PowerLawProblem } from './power-law-problem.js';

/** One refit to resampled points. */
export interface PowerLawDraw {
  readonly floor: number;
  readonly coefficient: number;
  readonly exponent: number;
}

/**
 * What is drawn anew in a replicate.
 * - 'residuals': log residuals of all points, widened by √(n/df), put on the fitted curve.
 * - 'seeds': the points of each size among themselves; needs several seeds, and is narrow with few.
 */
export type Resampling = 'residuals' | 'seeds';

/**
 * Bootstrap of a power-law fit: the scatter of curves behind the fitted one, for bands in figures and for
 * quantities that depend on several parameters. For the parameters themselves prefer the intervals of the
 * fit: those of a bootstrap are too narrow with few points.
 *
 * @param seed the draws come from the stream "power-law bootstrap" of this seed
 */
export function bootstrapPowerLaw(
  fit: PowerLawFit,
  {
    replicates = 500,
    seed = 1,
    resampling = 'residuals',
  }: { replicates?: number; seed?: number; resampling?: Resampling } = {},
): PowerLawDraw[] {
  if (fit.degreesOfFreedom < 1) throw new RunError('a bootstrap needs more points than parameters');
  const random = stream(seed, 'power-law bootstrap');
  const draw = resampling === 'residuals' ? residualResampler(fit) : seedResampler(fit.points);
  const floor = fit.floorFixed ? fit.floor.value : undefined;
  return Array.from({ length: replicates }, () => new PowerLawProblem(draw(random), floor).best());
}

function residualResampler(fit: PowerLawFit): (random: Stream) => SizedError[] {
  const { points, degreesOfFreedom } = fit;
  const fitted = points.map(({ size }) => errorAt(fit, size));
  const widen = Math.sqrt(points.length / degreesOfFreedom);
  const residuals = points.map(({ error }, i) => widen * Math.log(error / fitted[i]));
  return (random) =>
    points.map(({ size }, i) => ({
      size,
      error: fitted[i] * Math.exp(residuals[random.integer(residuals.length)]),
    }));
}

function seedResampler(points: readonly SizedError[]): (random: Stream) => SizedError[] {
  const mates = points.map(({ size }) => points.filter((other) => other.size === size));
  return (random) => mates.map((same) => same[random.integer(same.length)]);
}
