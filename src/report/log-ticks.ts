const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Label of a tick on a logarithmic axis over many decades: 10⁷ for a power of ten, nothing between. */
export function powerOfTen(value: number): string {
  const exponent = Math.log10(value);
  if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return '';
  return `10${superscript(Math.round(exponent))}`;
}

function superscript(integer: number): string {
  const digits = [...String(Math.abs(integer))].map((digit) => RAISED[Number(digit)]).join('');
  return integer < 0 ? `⁻${digits}` : digits;
}

/** Label of a tick on a logarithmic axis over a few decades: 1, 2 and 5 times a power of ten, nothing between. */
export function oneTwoFive(value: number): string {
  const digit = value / 10 ** exponentOf(value);
  return [1, 2, 5].some((shown) => Math.abs(digit - shown) < 1e-6) ? everyTick(value) : '';
}

/** Label of any tick on a logarithmic axis: in full between a thousandth and some thousands, 3·10⁴ elsewhere. */
function everyTick(value: number): string {
  const exponent = exponentOf(value);
  return exponent >= -3 && exponent <= 3 ? String(+value.toPrecision(6)) : inPowersOfTen(value, 6);
}

/** A number as digits and a power of ten: 8·10⁹, 10¹⁴. @param digits significant digits at the most */
export function inPowersOfTen(value: number, digits = 1): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const power = `10${superscript(Number(exponent))}`;
  return Number(mantissa) === 1 ? power : `${Number(mantissa)}·${power}`;
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}

type TickFormat = (value: number) => string;

/** From the fewest labels to the most. */
const FORMATS: readonly TickFormat[] = [powerOfTen, oneTwoFive, everyTick];
/** With fewer labels nobody can read off a value. */
const FEWEST_LABELS = 3;

/**
 * Ticks and labels of a logarithmic axis whose range is too small for the format that was asked for: one that writes
 * more, down to even steps where not even three of 1, 2 … 9 times a power of ten lie in it.
 *
 * @param domain ends of the axis
 * @param most labels that there is room for
 * @returns null where the format asked for does, or is none of this file
 */
export function readableTicks(
  asked: TickFormat,
  domain: readonly number[],
  most: number,
): { ticks: number[]; tickFormat: TickFormat } | null {
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  // An axis without data has no ends, and one with a zero none that a logarithm could reach.
  if (!(low > 0 && low < high && high < Number.POSITIVE_INFINITY)) return null;
  const ticks = decadeTicks(low, high);
  const labels = (format: TickFormat) => ticks.filter((tick) => format(tick) !== '').length;
  const first = FORMATS.indexOf(asked);
  if (first < 0 || labels(asked) >= FEWEST_LABELS) return null;
  for (const tickFormat of FORMATS.slice(first + 1)) {
    const count = labels(tickFormat);
    if (count >= FEWEST_LABELS && count <= most) return { ticks, tickFormat };
  }
  return ticks.length < FEWEST_LABELS ? { ticks: evenTicks(low, high), tickFormat: everyTick } : null;
}

/** 1, 2 … 9 times each power of ten from `low` to `high`: where a logarithmic axis has its ticks. */
function decadeTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let exponent = exponentOf(low); exponent <= exponentOf(high); exponent++)
    for (let digit = 1; digit <= 9; digit++) ticks.push(Number(`${digit}e${exponent}`));
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/** Three to seven multiples of 1, 2 or 5 times a power of ten. */
function evenTicks(low: number, high: number): number[] {
  const wish = (high - low) / 3;
  const power = 10 ** exponentOf(wish);
  const step = power * [5, 2, 1].find((factor) => factor * power <= wish * (1 + 1e-9))!;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k++)
    ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}
