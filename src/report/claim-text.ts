import type { Claim } from '../experiment/define.js';
import { formatNumber } from '../util/format.js';

/** What a claim expects, in short: "1.699 ± 0.005", "≥ 97.5 %", "≤ 1 + 0.01 steps". */
export function expectation({ expected, tolerance, bound, unit }: Claim): string {
  const slack = tolerance === 0 ? '' : short(tolerance, 2);
  const text = short(expected, 6);
  const range =
    bound === 'at least'
      ? `≥ ${text}${slack && ` − ${slack}`}`
      : bound === 'at most'
        ? `≤ ${text}${slack && ` + ${slack}`}`
        : `${text}${slack && ` ± ${slack}`}`;
  return unit ? `${range} ${unit}` : range;
}

/** Without the zeros at the end, which say nothing in a number that was stated and not measured. */
function short(value: number, digits: number): string {
  return formatNumber(value, digits)
    .replace(/(\.\d*?)0+(?=$|e)/, '$1')
    .replace(/\.(?=$|e)/, '');
}
