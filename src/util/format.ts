/**
 * A number as a person reads it: `digits` significant digits; whole numbers up to ten million in full;
 * very large and very small ones as 1.23e-7. null and NaN become a dash.
 */
export function formatNumber(value: number | null, digits = 4): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(digits - 1).replace('e+', 'e');
  if (size >= 10 ** digits) return value.toFixed(0);
  return value.toPrecision(digits);
}

/**
 * How the cells of one column read: whole numbers in full if all are whole, else every number with the same
 * significant digits ("90.0" below "90.8"); texts as they are.
 */
export function columnFormat(
  cells: readonly (string | number | null | undefined)[],
  digits?: number,
): (cell: string | number | null | undefined) => string {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  const allWhole = numbers.every((value) => Number.isInteger(value));
  return (cell) => {
    if (typeof cell === 'string') return cell;
    const isSmallWhole = Number.isInteger(cell) && Math.abs(cell!) < 10 ** ((digits ?? 4) - 1);
    if (!allWhole && isSmallWhole && cell !== 0) return cell!.toPrecision(digits ?? 4);
    return formatNumber(cell ?? null, digits);
  };
}

/** One cell on its own: numbers as by `formatNumber`, texts as they are. */
export function formatCell(value: string | number | null | undefined, digits?: number): string {
  return columnFormat([], digits)(value);
}

/** Seconds as a person says them: 0.34 s, 12 s, 3 min 05 s, 2 h 10 min. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toPrecision(2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Text as part of a file name: small letters, digits and single dashes. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
