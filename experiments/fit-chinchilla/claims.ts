import type { Claim } from '../../src/index.js';
import type { Config, Metrics } from './run.js';

const NOTEBOOK = 'Besiroglu et al. 2024, arXiv:2404.10102, and their notebook';
const RECOMPUTED = 'computed independently from the same points (Python, 4,500 starts)';

/** What others found from the same points, in the same setting. */
export const claims = ({ metrics, config }: { metrics: Metrics; config: Config }): Claim[] =>
  isPublishedSetting(config) ? claimsOf(metrics) : [];

function isPublishedSetting({ drop, delta, budgetFlop }: Config): boolean {
  return drop === 5 && delta === 1e-3 && budgetFlop === 5.76e23;
}

function claimsOf({ fits, drops, exponentSd, rmsResidual }: Metrics): Claim[] {
  const [huber, lad, early] = fits;
  const claim = (
    name: string,
    value: number,
    expected: number,
    tolerance: number,
    source = NOTEBOOK,
  ): Claim => ({
    name,
    value,
    expected,
    tolerance,
    source,
  });
  return [
    claim('E of the Huber optimum', huber.e, 1.8172, 0.0005),
    claim('A of the Huber optimum', huber.A, 477.84, 0.1),
    claim('B of the Huber optimum', huber.B, 2143.9, 1),
    claim('alpha of the Huber optimum', huber.alpha, 0.3473, 0.0005),
    claim('beta of the Huber optimum', huber.beta, 0.3672, 0.001),
    { ...claim('Objective reached', huber.objective, 1.0183e-3, 0, RECOMPUTED), bound: 'at most' },
    claim('Tokens per parameter at 5.76e23 FLOP', huber.tokensPerParameter, 17.9, 0.1, RECOMPUTED),
    claim('Rms residual of log loss', rmsResidual, 0.0075, 0.0002, RECOMPUTED),
    claim('A of the least-absolute-deviation optimum', lad.A, 481.95, 0.1, RECOMPUTED),
    claim('B of the least-absolute-deviation optimum', lad.B, 2084.98, 1, RECOMPUTED),
    claim('E of the least-absolute-deviation optimum', lad.e, 1.81685, 0.0001, RECOMPUTED),
    {
      ...claim('Objective where the search stops early', early.objective, 1.05e-3, 0, RECOMPUTED),
      bound: 'at least',
    },
    claim('Objective of the published tuple of 2024', fits[3].objective, 1.02284e-3, 1e-8, RECOMPUTED),
    claim('Objective of the printed coefficients of 2022', fits[5].objective, 4.12101e-3, 1e-7, RECOMPUTED),
    claim(
      'Tokens per parameter by the printed coefficients of 2022',
      fits[5].tokensPerParameter,
      92.7,
      0.1,
      RECOMPUTED,
    ),
    claim('a with no point left out', drops[0].a, 0.565, 0.003, RECOMPUTED),
    ...[0.544, 0.538, 0.524, 0.516, 0.514].map((a, i) =>
      claim(`a with ${i + 1} left out`, drops[i + 1].a, a, 0.001, RECOMPUTED),
    ),
    { ...claim('Bootstrap SD of a, from below', exponentSd, 0.016, 0), bound: 'at least' as const },
    { ...claim('Bootstrap SD of a, from above', exponentSd, 0.023, 0), bound: 'at most' as const },
  ];
}
