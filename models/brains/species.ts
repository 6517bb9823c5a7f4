import { flag, name, oneOf, optional, positive, text } from '../../src/data/column.js';
import { type RowOf, readTable, shippedData, tableSchema } from '../../src/data/table.js';

const SCHEMA = tableSchema({
  rows: 219,
  columns: {
    species: name,
    common_name: name,
    class: oneOf('Mammalia', 'Aves'),
    clade: name,
    order_or_superorder: name,
    body_mass_g: optional(positive),
    brain_mass_g: optional(positive),
    total_neurons: optional(positive),
    total_other_cells: optional(positive),
    cortex_or_pallium_mass_g: optional(positive),
    cortex_or_pallium_neurons: optional(positive),
    cortex_or_pallium_other: optional(positive),
    cerebellum_mass_g: optional(positive),
    cerebellum_neurons: optional(positive),
    cerebellum_other: optional(positive),
    rest_mass_g: optional(positive),
    rest_neurons: optional(positive),
    rest_other: optional(positive),
    n_specimens: optional(positive),
    brain_includes_olfactory_bulb: text,
    structure_definition: text,
    fit_include: flag,
    flag: text,
    citation: name,
    doi: text,
    confidence: oneOf('source-text', 'secondary', 'memory'),
    cross_check: text,
  },
});

/** One row of experiments/data/cellular_scaling.csv: masses in grams, counts of neurons and of other cells. */
export type Species = RowOf<typeof SCHEMA>;

/**
 * Reads a table of counted brains; without a path the one shipped, 219 species with a citation on every row.
 * The number of rows of a table of one's own is free.
 *
 * @throws UsageError naming file, line and column of what is wrong
 */
export function readSpecies(path?: string): Species[] {
  return path === undefined
    ? readTable(shippedData('cellular_scaling.csv'), SCHEMA)
    : readTable(path, { columns: SCHEMA.columns });
}
