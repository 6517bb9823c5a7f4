import { flag, name, oneOf, optional, positive, text } from './column.js';
import { type RowOf, readTable, shippedData, tableSchema } from './table.js';

const SCHEMA = tableSchema({
  rows: 1142,
  columns: {
    dataset: oneOf('genoud2018_select', 'anage'),
    class: oneOf('Mammalia', 'Aves'),
    order_code: text,
    species: name,
    domestic: optional(flag),
    body_mass_g: positive,
    bmr_mlO2_per_h: optional(positive),
    bmr_W: positive,
    reliability_E: text,
    original_study: text,
    citation: name,
    doi: text,
    licence: text,
    confidence: name,
  },
});

/** Body mass and basal metabolic rate of one species. */
export type MetabolicRate = RowOf<typeof SCHEMA>;

/**
 * Basal metabolic rates: 549 mammals (the selected set of Genoud, Isler & Martin 2018,
 * doi:10.1111/brv.12350), and 422 mammals and 171 birds of AnAge.
 */
export function readMetabolicRates(): MetabolicRate[] {
  return readTable(shippedData('kleiber.csv'), SCHEMA);
}
