import { mean } from 'simple-statistics';
import { energyPerInferenceFj, makeBill, trainingEnergyFj } from '../../src/energy/bill.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { RunView } from '../../src/index.js';
import { groupBy } from '../../src/util/group-by.js';
import type { Config } from './config.js';
import type { Kind, Law, Point } from './plan.js';
import type { Metrics, NetworkRow } from './run.js';

export type View = RunView<Config, Metrics>;

/** What energy is spent on. */
export type Spending = 'training' | 'inference';

const JOULES_PER_FJ = 1e-15;
const prices = new WeakMap<Ledger, Map<string, Record<Spending, number | null>>>();

/** Joules of the whole training and of one inference of a ledger under a tariff; null what it does not price. */
function joulesOf(ledger: Ledger, tariff: string): Record<Spending, number | null> {
  const ofLedger = prices.get(ledger) ?? new Map<string, Record<Spending, number | null>>();
  prices.set(ledger, ofLedger);
  const known = ofLedger.get(tariff);
  if (known) return known;
  const bill = makeBill(ledger, loadTariff(tariff));
  const joules = (fj: number | undefined) => (fj === undefined ? null : JOULES_PER_FJ * fj);
  const found = {
    training: joules(trainingEnergyFj(bill)?.valueFj),
    inference: joules(energyPerInferenceFj(bill)?.valueFj),
  };
  ofLedger.set(tariff, found);
  return found;
}

/** A network with its energy under one tariff. */
export interface PricedNetwork extends NetworkRow {
  training: number | null;
  inference: number | null;
}

export function priced({ metrics, ledgers }: View, tariff: string): PricedNetwork[] {
  return metrics.networks.map((network, i) => ({ ...network, ...joulesOf(ledgers[i], tariff) }));
}

/** Mean over the seeds of networks that are otherwise alike. */
export interface Configuration extends Omit<Point, 'seed' | 'law'> {
  error: number;
  joules: number;
  /** Whether no other network errs less for the same or less energy. */
  onFrontier: boolean;
  /** Whether this holds among networks of its own kind. */
  onOwnFrontier: boolean;
}

/** The configurations that a tariff prices, cheapest first, and which of them are on the frontier. */
export function configurations(view: View, tariff: string, spending: Spending): Configuration[] {
  const groups = groupBy(priced(view, tariff), ({ kind, units, samples, epochs }) =>
    [kind, units, samples, epochs].join(),
  );
  const means = [...groups.values()].flatMap((networks) => {
    if (networks.some((network) => network[spending] === null)) return [];
    const { kind, units, samples, epochs } = networks[0];
    const error = mean(networks.map((network) => network.error));
    const joules = mean(networks.map((network) => network[spending]!));
    return [{ kind, units, samples, epochs, error, joules }];
  });
  means.sort((a, b) => a.joules - b.joules || a.error - b.error);
  return means.map((row, i) => {
    const cheaper = means.slice(0, i);
    const beaten = (rivals: readonly { error: number }[]) => rivals.some(({ error }) => error <= row.error);
    return {
      ...row,
      onFrontier: !beaten(cheaper),
      onOwnFrontier: !beaten(cheaper.filter(({ kind }) => kind === row.kind)),
    };
  });
}

/** The networks of a law and a kind. */
export function networksOf<Row extends Point>(networks: readonly Row[], kind: Kind, law: Law): Row[] {
  return networks.filter((network) => network.kind === kind && network.law === law);
}
