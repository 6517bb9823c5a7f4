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
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const digit = value / 10 ** exponent;
  if (![1, 2, 5].some((shown) => Math.abs(digit - shown) < 1e-6)) return '';
  if (exponent >= -3 && exponent <= 3) return String(+value.toPrecision(3));
  const factor = Math.round(digit) === 1 ? '' : `${Math.round(digit)}·`;
  return `${factor}${powerOfTen(10 ** exponent)}`;
}
