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
