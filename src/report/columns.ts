import type { Table } from '../experiment/define.js';

type Column = Table['columns'][number];

/** A column of estimates and the two of its interval; by default their keys are 'low' and 'high'. */
export function withInterval(column: Column, low = 'low', high = 'high'): Column[] {
  return [column, { ...column, key: low, label: 'low' }, { ...column, key: high, label: 'high' }];
}
