import type { Claim } from '../../src/experiment/define.js';
import { near } from '../../src/index.js';
import type { AuditedClaim } from './audit.js';
import { halfLastDigit, numberOf } from './figure.js';

/** Each recomputed number that the table of claims has too: it must be that number, to the digits printed there. */
export function agreementClaims(claims: readonly AuditedClaim[]): Claim[] {
  return claims.flatMap(({ id, figures }) =>
    figures.flatMap(({ what, unit, found, recorded, slack }) => {
      if (recorded === null) return [];
      // A found number at the very edge of the rounding must not fail by the last bit.
      const tolerance = (halfLastDigit(recorded) + slack) * (1 + 1e-9);
      return near(
        `${id}: ${what}`,
        found,
        numberOf(recorded),
        tolerance,
        'earlier audit, with other code (Python)',
        unit,
      );
    }),
  );
}
