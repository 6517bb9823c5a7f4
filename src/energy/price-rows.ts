import type { Cell } from '../experiment/define.js';
import {
  type Bill,
  type BillPart,
  energyFj,
  energyPerInferenceFj,
  makeBill,
  reasonsOf,
  trainingEnergyFj,
} from './bill.js';
import type { EnergyFj } from './exact.js';
import type { Ledger } from './ledger.js';
import type { Tariff } from './tariff.js';

/**
 * What a row of prices holds, besides the labels of its network: the energy of one inference and of the whole
 * training in fJ, low and high, the parts of the training, and which work was left at zero or has no price.
 * An energy is null where some of its work has no price under the tariff.
 */
export type PriceRow = Record<string, Cell>;

/** One row a network: its bill under a tariff. */
export function priceLedgers(ledgers: readonly Ledger[], tariff: Tariff): PriceRow[] {
  return ledgers.map((ledger) => priceRow(makeBill(ledger, tariff)));
}

/** One row a layer of each network. */
export function priceLayers(ledgers: readonly Ledger[], tariff: Tariff): PriceRow[] {
  return ledgers.flatMap((ledger) => {
    const bill = makeBill(ledger, tariff);
    return ledger.layers.map((_, layer) => priceRow(bill, layer));
  });
}

/** Labels and units of the columns that every row has; the labels of the networks come before them. */
export const PRICE_COLUMNS = [
  { key: 'network', label: 'network' },
  { key: 'tariff', label: 'tariff' },
  { key: 'basis', label: 'basis' },
  { key: 'inferenceFj', label: 'one inference', unit: 'fJ' },
  { key: 'inferenceLowFj', label: 'low', unit: 'fJ' },
  { key: 'inferenceHighFj', label: 'high', unit: 'fJ' },
  { key: 'trainingFj', label: 'training', unit: 'fJ' },
  { key: 'trainingLowFj', label: 'low', unit: 'fJ' },
  { key: 'trainingHighFj', label: 'high', unit: 'fJ' },
  { key: 'forwardFj', label: 'forward', unit: 'fJ' },
  { key: 'backwardFj', label: 'backward', unit: 'fJ' },
  { key: 'updateFj', label: 'update', unit: 'fJ' },
  { key: 'leftAtZero', label: 'left at zero' },
  { key: 'notPriced', label: 'not priced' },
] as const;

function priceRow(bill: Bill, layer?: number): PriceRow {
  const part: BillPart = { layer };
  return {
    ...bill.labels,
    network: bill.network,
    ...(layer === undefined ? {} : { layer: bill.layers[layer].name }),
    tariff: bill.tariff,
    basis: bill.basis,
    ...named('inference', energyPerInferenceFj(bill, part)),
    ...named('training', trainingEnergyFj(bill, part)),
    forwardFj: energyFj(bill, { ...part, phases: ['forward'] })?.valueFj ?? null,
    backwardFj: energyFj(bill, { ...part, phases: ['backward'] })?.valueFj ?? null,
    updateFj: energyFj(bill, { ...part, phases: ['update'] })?.valueFj ?? null,
    leftAtZero: unitsOf(bill, 'zero', part),
    notPriced: unitsOf(bill, 'not priced', part),
  };
}

function named(name: string, energy: EnergyFj | null): PriceRow {
  return {
    [`${name}Fj`]: energy?.valueFj ?? null,
    [`${name}LowFj`]: energy?.lowFj ?? null,
    [`${name}HighFj`]: energy?.highFj ?? null,
  };
}

function unitsOf(bill: Bill, status: 'zero' | 'not priced', part: BillPart): string {
  return reasonsOf(bill, status, part)
    .map(({ unit }) => unit)
    .join(', ');
}
