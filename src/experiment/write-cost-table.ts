import { mean } from 'simple-statistics';
import type { WriteCost } from '../plasticity/write-meter.js';
import { groupBy } from '../util/group-by.js';
import type { Cell, Table } from './define.js';

/** One run under a policy. */
export interface MeteredRun {
  /** What the runs of a group have in common, by column. */
  labels: Record<string, Cell>;
  costs: readonly WriteCost[];
}

/**
 * What writing costs under other models than L0 and L1: means over the runs with the same labels.
 * No table if no exponents were asked for.
 */
export function writeCostTable(runs: readonly MeteredRun[]): Table[] {
  const metered = runs.filter(({ costs }) => costs.length > 0);
  if (metered.length === 0) return [];
  const groups = groupBy(
    metered.flatMap(({ labels, costs }) => costs.map((cost) => ({ labels, cost }))),
    ({ labels, cost }) => JSON.stringify([labels, cost.model]),
  );
  return [
    {
      name: 'write-costs',
      title: 'What all writes of a run cost, if a write of Δ costs |Δ|^α',
      columns: [
        ...Object.keys(metered[0].labels).map((key) => ({ key, label: key })),
        { key: 'model', label: 'α' },
        { key: 'energy', label: 'energy', digits: 3 },
        { key: 'least', label: 'least', digits: 3 },
        { key: 'inefficiency', label: 'energy / least', digits: 3 },
        { key: 'runs', label: 'runs' },
      ],
      rows: [...groups.values()].map((group) => ({
        ...group[0].labels,
        model: group[0].cost.model === 'potentiation' ? '1, increases alone' : group[0].cost.model,
        energy: mean(group.map(({ cost }) => cost.energy)),
        least: mean(group.map(({ cost }) => cost.least)),
        inefficiency: mean(group.map(({ cost }) => cost.energy / cost.least)),
        runs: group.length,
      })),
    },
  ];
}
