import { columnsOf, columnTotal, QUANTA, synapsesOf, type Unit } from './counts.js';
import { addExact, type EnergyFj, type ExactEnergy, exactFj, NO_ENERGY, timesExact, toFj } from './exact.js';
import { type Ledger, PHASES, type Phase } from './ledger.js';
import { type Basis, priceOf, type Tariff } from './tariff.js';

/** One unit of work of one layer in one phase, priced. */
export interface BillLine {
  layer: number;
  layerName: string;
  phase: Phase;
  unit: Unit;
  /** Quanta of 2^-24 for the units in QUANTA. */
  count: bigint;
  /** null: the tariff has no price for this work. */
  energy: ExactEnergy | null;
  /** 'zero' and 'not priced' come with the tariff's reason. */
  status: 'priced' | 'zero' | 'not priced';
  reason?: string;
}

/** Ledger × tariff: modelled energy on one basis. Measured joules are another type (meter.ts), never in a bill. */
export interface Bill<B extends Basis = Basis> {
  tariff: string;
  basis: B;
  network: string;
  labels: Ledger['labels'];
  inferences: number;
  trainingSamples: number;
  layers: { name: string; synapses: number }[];
  /** Work that was done; units with no count have no line. */
  lines: BillLine[];
}

/** The part of a bill to sum: one layer, some phases, some units; what is left out is not restricted. */
export interface BillPart {
  layer?: number;
  phases?: readonly Phase[];
  units?: readonly Unit[];
}

/** The phases of learning. */
export const TRAINING: readonly Phase[] = ['forward', 'backward', 'update'];

/**
 * Prices a ledger: a line for each layer, phase and unit of work that was done, its energy the count times the tariff's
 * price (fJ), exactly. A unit that the tariff does not price has no energy, and its line says why.
 * @throws RangeError if a count of the ledger is not a whole number
 */
export function makeBill(ledger: Ledger, tariff: Tariff): Bill {
  const lines: BillLine[] = [];
  ledger.layers.forEach((layer, index) => {
    for (const phase of PHASES) {
      for (const column of columnsOf(layer, phase)) {
        const count = columnTotal(column, layer);
        if (count === 0n) continue;
        const priced = priceOf(tariff, column.unit);
        const price = exactPrice(tariff, column.unit);
        lines.push({
          layer: index,
          layerName: layer.name,
          phase,
          unit: column.unit,
          count,
          energy: price && timesExact(price, count),
          status: priced.status,
          ...(priced.status === 'priced' ? {} : { reason: priced.reason }),
        });
      }
    }
  });
  return {
    tariff: tariff.name,
    basis: tariff.basis,
    network: ledger.network,
    labels: ledger.labels,
    inferences: ledger.inferences,
    trainingSamples: ledger.trainingSamples,
    layers: ledger.layers.map((layer) => ({ name: layer.name, synapses: synapsesOf(layer) })),
    lines,
  };
}

/** Exact energy of one count (a quantum, where quanta are counted); null if the tariff does not price the unit. */
export function exactPrice(tariff: Tariff, unit: Unit): ExactEnergy | null {
  const priced = priceOf(tariff, unit);
  if (priced.status === 'not priced') return null;
  if (priced.status === 'zero') return NO_ENERGY;
  const { valueFj, lowFj, highFj } = priced.price;
  const exact = (fj: number) => (QUANTA.has(unit) ? exactFj(fj) >> 24n : exactFj(fj));
  return { value: exact(valueFj), low: exact(lowFj ?? valueFj), high: exact(highFj ?? valueFj) };
}

/** Lines of a part of the bill: of one layer, some phases, some units of work; of all where one is left out. */
export function linesOf(bill: Bill, { layer, phases, units }: BillPart = {}): BillLine[] {
  return bill.lines.filter(
    (line) =>
      (layer === undefined || line.layer === layer) &&
      (phases === undefined || phases.includes(line.phase)) &&
      (units === undefined || units.includes(line.unit)),
  );
}

/** Exact energy of a part of the bill; null if some work in it has no price. */
export function exactEnergy(bill: Bill, part: BillPart = {}): ExactEnergy | null {
  let total = NO_ENERGY;
  for (const { energy } of linesOf(bill, part)) {
    if (!energy) return null;
    total = addExact(total, energy);
  }
  return total;
}

/** Energy of a part of the bill in fJ, divided by `per` (one inference, one synapse …); null if not all is priced. */
export function energyFj(bill: Bill, part: BillPart = {}, per = 1): EnergyFj | null {
  const energy = exactEnergy(bill, part);
  return (
    energy && {
      valueFj: toFj(energy.value) / per,
      lowFj: toFj(energy.low) / per,
      highFj: toFj(energy.high) / per,
    }
  );
}

/** Energy of one inference in fJ; null if not all of its work is priced, or no sample was shown. */
export function energyPerInferenceFj(bill: Bill, part: Omit<BillPart, 'phases'> = {}): EnergyFj | null {
  if (bill.inferences === 0) return null;
  return energyFj(bill, { ...part, phases: ['inference'] }, bill.inferences);
}

/** Energy of the whole training in fJ: forward, backward and update; null if not all of it is priced. */
export function trainingEnergyFj(bill: Bill, part: Omit<BillPart, 'phases'> = {}): EnergyFj | null {
  return energyFj(bill, { ...part, phases: TRAINING });
}

/** Units of work in a part of the bill that the tariff does not price, or leaves at zero, with the reason. */
export function reasonsOf(
  bill: Bill,
  status: 'zero' | 'not priced',
  part: BillPart = {},
): { unit: Unit; reason: string }[] {
  const reasons = new Map<Unit, string>();
  for (const line of linesOf(bill, part)) {
    if (line.status === status) reasons.set(line.unit, line.reason ?? '');
  }
  return [...reasons].map(([unit, reason]) => ({ unit, reason }));
}

/**
 * Puts two bills of the same tariff together, layers after layers.
 * @throws TypeError if their tariffs differ: energies of different bases are never added
 */
export function addBills<B extends Basis>(a: Bill<B>, b: Bill<NoInfer<B>>): Bill<B> {
  if (a.tariff !== b.tariff || a.basis !== b.basis) {
    throw new TypeError(
      `a bill under '${a.tariff}' (${a.basis}) cannot be added to one under '${b.tariff}' (${b.basis})`,
    );
  }
  const moved = b.lines.map((line) => ({ ...line, layer: line.layer + a.layers.length }));
  return {
    ...a,
    network: `${a.network} + ${b.network}`,
    labels: {},
    inferences: a.inferences + b.inferences,
    trainingSamples: a.trainingSamples + b.trainingSamples,
    layers: [...a.layers, ...b.layers],
    lines: [...a.lines, ...moved],
  };
}
