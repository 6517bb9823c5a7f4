/** How a claimed number is meant: about that, no less, or no more. */
export type Sense = 'about' | 'at least' | 'at most';

/** One number behind a claim, computed anew. */
export interface AuditFigure {
  readonly what: string;
  readonly unit: string;
  readonly found: number;
  /** The number that the article gives or implies; null where it gives none for this quantity. */
  readonly claimed: number | null;
  readonly sense: Sense;
  /** Relative deviation up to which a number that is meant 'about' counts as the same. */
  readonly within: number;
  /** The number as the table of claims prints it, found by others with other code; null where it has none. */
  readonly recorded: string | null;
  /** Deviation from the recorded number that is allowed beyond its rounding: for draws at random, and fits. */
  readonly slack: number;
}

interface Options {
  readonly unit?: string;
  readonly claimed?: number;
  readonly sense?: Sense;
  readonly within?: number;
  readonly slack?: number;
}

/** A figure with what is usual: no unit, a claim that is meant to about a tenth, agreement to the printed digits. */
export function figure(
  what: string,
  found: number,
  recorded: string | null,
  { unit = '', claimed, sense = 'about', within = 0.1, slack = 0 }: Options = {},
): AuditFigure {
  return { what, unit, found, claimed: claimed ?? null, sense, within, recorded, slack };
}

/** Whether the claimed number follows; null where none is claimed. */
export function bearsOut({ found, claimed, sense, within }: AuditFigure): boolean | null {
  if (claimed === null) return null;
  if (sense === 'at least') return found >= claimed;
  if (sense === 'at most') return found <= claimed;
  return Math.abs(found - claimed) <= within * Math.abs(claimed);
}

/** Whether the found number is the recorded one, to the digits that were printed; null where none was. */
export function agreesWithRecord({ found, recorded, slack }: AuditFigure): boolean | null {
  if (recorded === null) return null;
  const tolerance = halfLastDigit(recorded) + slack;
  return Math.abs(found - numberOf(recorded)) <= tolerance * (1 + 1e-9);
}

/** '59,049' and '5.88e23' as numbers. */
export function numberOf(printed: string): number {
  return Number(printed.replaceAll(',', ''));
}

/** Half a unit of the last digit printed: 0.05 for '17.9', 5e20 for '5.88e23' with its three digits. */
export function halfLastDigit(printed: string): number {
  const [mantissa, exponent = '0'] = printed.replaceAll(',', '').split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals);
}
