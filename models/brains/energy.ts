import { name, text } from '../../src/data/column.js';
import { type RowOf, readTable, shippedData, tableSchema } from '../../src/data/table.js';
import { UsageError } from '../../src/util/errors.js';

const SCHEMA = tableSchema({
  rows: 149,
  columns: {
    id: name,
    quantity: name,
    species_or_system: name,
    // Some values are ranges ("1-5"): numbers are read by valueOf.
    value: name,
    unit: name,
    low: text,
    high: text,
    basis: text,
    how_computed: text,
    citation: text,
    doi: text,
    confidence: name,
  },
});

/** One measured or derived quantity of brain energy, with its source. */
export type EnergyRow = RowOf<typeof SCHEMA>;

/** Glucose budgets, ATP costs, synapse counts, rates and delays: experiments/data/brain_energy.csv. */
export function readBrainEnergy(): EnergyRow[] {
  return readTable(shippedData('brain_energy.csv'), SCHEMA);
}

/**
 * The number in the row of a quantity and a species (or system).
 *
 * @throws UsageError if there is no such row, or its value is a range
 */
export function quantityOf(table: readonly EnergyRow[], quantity: string, species: string): number {
  const row = table.find((each) => each.quantity === quantity && each.species_or_system === species);
  const value = Number(row?.value);
  if (Number.isFinite(value)) return value;
  throw new UsageError(
    `there is no number for '${quantity}' of '${species}'`,
    'brain_energy.csv',
    'Restore the file.',
  );
}

/** Heat of burning a mole of glucose, in joules (standard enthalpy of combustion, 2.803 MJ/mol). */
export const GLUCOSE_HEAT_J_PER_MOL = 2.803e6;

/** Watts behind a glucose use in µmol a minute, charged at the heat of combustion. */
export function glucoseWatts(umolPerMin: number): number {
  return ((umolPerMin * 1e-6) / 60) * GLUCOSE_HEAT_J_PER_MOL;
}
