import { mean } from 'simple-statistics';
import { type Bill, energyPerInferenceFj, makeBill, trainingEnergyFj } from '../../src/energy/bill.js';
import type { EnergyFj } from '../../src/energy/exact.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { RunView } from '../../src/index.js';
import type { Config } from './config.js';
import type { BrainRow, Metrics, NetworkRow } from './metrics.js';

export type View = RunView<Config, Metrics>;
export type Kind = 'spiking' | 'dense';

/** Networks of one brain and kind, all seeds. */
export function networksOf(
  { metrics }: View,
  { clade, massG }: Pick<BrainRow, 'clade' | 'massG'>,
  kind: Kind,
): NetworkRow[] {
  return metrics.networks.filter(
    (network) => network.clade === clade && network.massG === massG && network.kind === kind,
  );
}

export function referenceNetworks({ metrics }: View, kind: Kind): NetworkRow[] {
  return metrics.networks.filter((network) => network.clade === 'reference' && network.kind === kind);
}

export const meanOf = (networks: readonly NetworkRow[], of: (network: NetworkRow) => number) =>
  mean(networks.map(of));

/** The brain in the middle of the race by units: the one that single-network figures show. */
export function middleBrain({ metrics }: View): BrainRow {
  const sorted = metrics.brains.toSorted((a, b) => a.units - b.units);
  return sorted[Math.floor(sorted.length / 2)];
}

/** "songbird, 10 g" */
export const brainText = ({ clade, massG }: Pick<BrainRow, 'clade' | 'massG'>) => `${clade}, ${massG} g`;

/** The ledger of a network. */
export function ledgerOf({ ledgers }: View, network: NetworkRow): Ledger {
  const found = ledgers.find(
    ({ labels }) =>
      labels.clade === network.clade &&
      labels.massG === (network.massG ?? '') &&
      labels.kind === network.kind &&
      labels.seed === network.seed,
  );
  if (!found)
    throw new Error(`no ledger for ${brainText({ ...network, massG: network.massG ?? Number.NaN })}`);
  return found;
}

const bills = new WeakMap<Ledger, Map<string, Bill>>();

/** The bill of a ledger under a tariff; made once. */
export function billOf(ledger: Ledger, tariffName: string): Bill {
  const ofLedger = bills.get(ledger) ?? new Map<string, Bill>();
  bills.set(ledger, ofLedger);
  const bill = ofLedger.get(tariffName) ?? makeBill(ledger, loadTariff(tariffName));
  ofLedger.set(tariffName, bill);
  return bill;
}

/** Mean energy of one inference over networks, fJ; null if the tariff does not price all of their work. */
export function inferenceFj(view: View, networks: readonly NetworkRow[], tariff: string): EnergyFj | null {
  return meanEnergy(networks.map((network) => energyPerInferenceFj(billOf(ledgerOf(view, network), tariff))));
}

/** Mean energy of the whole training over networks, fJ. */
export function trainingFj(view: View, networks: readonly NetworkRow[], tariff: string): EnergyFj | null {
  return meanEnergy(networks.map((network) => trainingEnergyFj(billOf(ledgerOf(view, network), tariff))));
}

function meanEnergy(energies: readonly (EnergyFj | null)[]): EnergyFj | null {
  const priced = energies.filter((energy) => energy !== null);
  if (priced.length === 0 || priced.length < energies.length) return null;
  return {
    valueFj: mean(priced.map((energy) => energy.valueFj)),
    lowFj: mean(priced.map((energy) => energy.lowFj)),
    highFj: mean(priced.map((energy) => energy.highFj)),
  };
}

/** Tariffs of the comparison, the run's own first. */
export function tariffsOf({ config }: View): string[] {
  return [...new Set([config.tariff, ...config.compare])];
}
