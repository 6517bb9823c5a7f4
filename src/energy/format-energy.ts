const PREFIXES = ['f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G'];

/** An energy as a person reads it: four digits at most, with the prefix that fits ("23.6 pJ"). */
export function formatFj(energyFj: number): string {
  if (energyFj === 0) return '0 J';
  const exponent = Math.floor(Math.log10(Number(energyFj.toPrecision(4))));
  const step = Math.min(Math.max(Math.floor(exponent / 3), 0), PREFIXES.length - 1);
  return `${Number((energyFj / 1000 ** step).toPrecision(4))} ${PREFIXES[step]}J`;
}

/** As `formatFj`, with the range where there is one: "3.4 fJ (1 fJ to 10 fJ)". */
export function formatRangeFj(valueFj: number, lowFj: number | null, highFj: number | null): string {
  if (lowFj === null && highFj === null) return formatFj(valueFj);
  const [low, high] = [formatFj(lowFj ?? valueFj), formatFj(highFj ?? valueFj)];
  return `${formatFj(valueFj)} (${low} to ${high})`;
}
