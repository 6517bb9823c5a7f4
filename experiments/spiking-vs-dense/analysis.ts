import { mean, sampleStandardDeviation } from 'simple-statistics';
import { energyPerInferenceFj, makeBill, trainingEnergyFj } from '../../src/energy/bill.js';
import { ledgerCounts, synapsesOf, trainingCounts } from '../../src/energy/counts.js';
import { crossoverOf } from '../../src/energy/crossover.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { RunView } from '../../src/index.js';
import { tCritical } from '../../src/scaling/interval.js';
import { ACCOUNTS, type Account } from './accounts.js';
import type { Config } from './config.js';
import type { Kind, Metrics, Network } from './run.js';

export type View = RunView<Config, Metrics>;

const FJ_PER_NJ = 1e6;

export const tasksOf = ({ metrics }: View): string[] => [
  ...new Set(metrics.networks.map(({ task }) => task)),
];

const ledgerOf = (view: View, { ledger }: Network): Ledger =>
  view.ledgers.find(({ network }) => network === ledger)!;

const select = (view: View, task: string, kind: Kind) =>
  view.metrics.networks.filter((network) => network.task === task && network.kind === kind);

/** What is compared: one look at a sample, or all of the learning. */
export type Part = 'inference' | 'training';

/** Energy of a network in nJ; null if the tariff does not price all of it. */
export function energyNj(view: View, network: Network, tariff: string, part: Part): number | null {
  const bill = makeBill(ledgerOf(view, network), loadTariff(tariff));
  const energy = part === 'inference' ? energyPerInferenceFj(bill) : trainingEnergyFj(bill);
  return energy && energy.valueFj / FJ_PER_NJ;
}

/** The accuracy that every kind of network reaches with every seed, at one of its widths. */
export function targetAccuracy(view: View, task: string): number {
  const best = new Map<string, number>();
  for (const { kind, seed, accuracy } of view.metrics.networks.filter((network) => network.task === task)) {
    const key = `${kind}/${seed}`;
    best.set(key, Math.max(best.get(key) ?? 0, accuracy));
  }
  return Math.min(...best.values());
}

/**
 * Energy at which networks of a kind reach an accuracy, for one seed: the logarithm of the energy is interpolated between
 * the last width that misses it and the first that reaches it.
 */
function energyAt(points: readonly { accuracy: number; nj: number }[], target: number): number {
  const first = points.findIndex(({ accuracy }) => accuracy >= target);
  const [above, below] = [points[first], points[first - 1]];
  if (!below) return above.nj;
  const share = (target - below.accuracy) / (above.accuracy - below.accuracy);
  return Math.exp(Math.log(below.nj) + share * Math.log(above.nj / below.nj));
}

export interface EqualAccuracy {
  task: string;
  account: string;
  group: string;
  rivalKind: string;
  part: Part;
  target: number;
  spikingNj: number;
  rivalNj: number;
  /** Rival over spiking: above 1 the spiking network costs less. With its interval over seeds. */
  ratio: number;
  low: number;
  high: number;
  verdict: 'spiking costs less' | 'dense costs less' | 'undecided';
}

/** Energies of both sides at equal accuracy under every account that prices them. */
export function equalAccuracy(view: View, part: Part): EqualAccuracy[] {
  return tasksOf(view).flatMap((task) =>
    ACCOUNTS.flatMap((account) => {
      const target = targetAccuracy(view, task);
      const spiking = bySeed(view, task, 'spiking', account.spiking, part, target);
      const rival = bySeed(view, task, account.rival.kind, account.rival.tariff, part, target);
      if (!spiking || !rival) return [];
      const logs = spiking.map((nj, n) => Math.log(rival[n] / nj));
      const half = (tCritical(logs.length - 1) * sampleStandardDeviation(logs)) / Math.sqrt(logs.length);
      const [ratio, low, high] = [0, -half, half].map((by) => Math.exp(mean(logs) + by));
      return [
        {
          task,
          account: account.name,
          group: account.group,
          rivalKind: account.rival.kind,
          part,
          target,
          spikingNj: Math.exp(mean(spiking.map(Math.log))),
          rivalNj: Math.exp(mean(rival.map(Math.log))),
          ratio,
          low,
          high,
          verdict: low > 1 ? 'spiking costs less' : high < 1 ? 'dense costs less' : 'undecided',
        } as const,
      ];
    }),
  );
}

function bySeed(
  view: View,
  task: string,
  kind: Kind,
  tariff: string,
  part: Part,
  target: number,
): number[] | null {
  const networks = select(view, task, kind);
  if (networks.length === 0) return null;
  const seeds = [...new Set(networks.map(({ seed }) => seed))];
  const energies = seeds.map((seed) => {
    const points = networks
      .filter((network) => network.seed === seed)
      .sort((a, b) => a.hidden - b.hidden)
      .map((network) => ({ accuracy: network.accuracy, nj: energyNj(view, network, tariff, part) }));
    if (points.some(({ nj }) => nj === null)) return null;
    return energyAt(points as { accuracy: number; nj: number }[], target);
  });
  return energies.includes(null) ? null : (energies as number[]);
}

export interface CrossoverRow {
  task: string;
  account: string;
  group: string;
  steps: number;
  /** Share of synapses and steps at which a spike arrives: as it is, and below which the spiking network costs less. */
  rate: number;
  crossover: number;
}

/** Crossovers of the widest networks, means over seeds; both sides have the same sizes (convolutional ones have not). */
export function crossovers(view: View): CrossoverRow[] {
  const widest = view.config.widths.at(-1)!;
  return tasksOf(view).flatMap((task) =>
    ACCOUNTS.filter(({ rival }) => rival.kind !== 'convolutional').flatMap((account) => {
      const found = select(view, task, 'spiking')
        .filter(({ hidden }) => hidden === widest)
        .map((network) => crossover(view, network, account));
      if (found.some((one) => one === null)) return [];
      const all = found as { rate: number; crossover: number }[];
      return [
        {
          task,
          account: account.name,
          group: account.group,
          steps: select(view, task, 'spiking')[0].steps,
          rate: mean(all.map(({ rate }) => rate)),
          crossover: mean(all.map((one) => one.crossover)),
        },
      ];
    }),
  );
}

function crossover(view: View, network: Network, { spiking, rival }: Account) {
  const { task, hidden, seed, steps } = network;
  const other = select(view, task, rival.kind).find((one) => one.hidden === hidden && one.seed === seed)!;
  return crossoverOf(
    { ledger: ledgerOf(view, network), tariff: loadTariff(spiking), steps },
    { ledger: ledgerOf(view, other), tariff: loadTariff(rival.tariff) },
  );
}

/** What the ledgers of the first seed's networks count, for each sample of inference and of learning. */
export function workOf(view: View) {
  const [{ seed: first }] = view.metrics.networks;
  return view.metrics.networks
    .filter(({ seed }) => seed === first)
    .map((network) => {
      const ledger = ledgerOf(view, network);
      const answering = ledgerCounts(ledger, 'inference');
      const learning = trainingCounts(ledger);
      const each = (count: bigint, samples: number) => Number(count) / samples;
      return {
        task: network.task,
        kind: network.kind,
        hidden: network.hidden,
        weights: ledger.layers.reduce((sum, layer) => sum + synapsesOf(layer), 0),
        accumulates: each(answering.transmission, ledger.inferences),
        macs: each(answering.mac, ledger.inferences),
        activationBytes: each(answering.activationByte, ledger.inferences),
        trainingMacs: each(learning.mac, ledger.trainingSamples),
        trainingAccumulates: each(learning.transmission + learning.gradient, ledger.trainingSamples),
        updates: each(learning.weightWrite, ledger.trainingSamples),
        optimiserBytes: each(learning.optimiserByte, ledger.trainingSamples),
      };
    });
}
