import type { Table } from '../../src/index.js';
import { withInterval } from '../../src/report/columns.js';
import type { View } from './run.js';

export function tables({ metrics }: View): Table[] {
  return [
    {
      name: 'rules',
      title: 'Scaling rules: mass = k · neurons^b, mass on neurons, least squares, 95 % intervals',
      columns: [
        { key: 'clade', label: 'clade' },
        { key: 'structure', label: 'structure' },
        { key: 'n', label: 'species' },
        ...withInterval({ key: 'b', label: 'b', digits: 4 }),
        { key: 'log10k', label: 'log10 k', digits: 5 },
        { key: 'r2', label: 'r²', digits: 3 },
        { key: 'residualSd', label: 'residual SD of log10 mass', digits: 3 },
        { key: 'rmaB', label: 'b, reduced major axis', digits: 4 },
        { key: 'smallest', label: 'fewest neurons', digits: 3 },
        { key: 'largest', label: 'most neurons', digits: 3 },
      ],
      rows: metrics.rules,
    },
    {
      name: 'published',
      title: 'Published exponents beside the refit',
      columns: [
        { key: 'id', label: 'id' },
        { key: 'animals', label: 'animals' },
        { key: 'structure', label: 'structure' },
        { key: 'published', label: 'published b', digits: 4 },
        { key: 'publishedSe', label: 'its SE', digits: 3 },
        { key: 'refit', label: 'refit b', digits: 4 },
        { key: 'refitSe', label: 'its SE', digits: 3 },
        { key: 'citation', label: 'citation' },
        { key: 'note', label: 'note' },
      ],
      rows: metrics.published,
    },
    {
      name: 'human',
      title: 'The human predicted from primate rules that were fitted without the human (10⁹ neurons)',
      columns: [
        { key: 'rule', label: 'fitted on' },
        { key: 'structure', label: 'structure' },
        ...withInterval({ key: 'direct', label: 'neurons on mass', digits: 3 }),
        { key: 'majorAxis', label: 'reduced major axis', digits: 3 },
        { key: 'inverted', label: 'mass on neurons, inverted', digits: 3 },
        { key: 'counted', label: 'counted', digits: 4 },
      ],
      rows: metrics.human,
    },
    {
      name: 'pairs',
      title: 'Animals side by side: cortical or pallial neurons, and brain mass',
      columns: [
        { key: 'animal', label: 'animal' },
        { key: 'macaque', label: 'against' },
        { key: 'neuronRatio', label: 'neurons, ratio', digits: 3 },
        { key: 'massRatio', label: 'brain mass, ratio', digits: 3 },
      ],
      rows: metrics.pairs,
    },
    {
      name: 'equal-mass',
      title: 'Neurons of the whole brain against a primate brain of the same mass',
      columns: [
        { key: 'group', label: 'group' },
        { key: 'massG', label: 'brain mass', unit: 'g' },
        { key: 'ratio', label: 'neurons / primate neurons', digits: 3 },
        { key: 'extrapolated', label: 'extrapolated' },
      ],
      rows: metrics.equalMass.map((row) => ({ ...row, extrapolated: row.extrapolated ? 'yes' : 'no' })),
    },
  ];
}
