import { exactPrice } from './bill.js';
import { type Column, columnsOf, columnTotal, outDegreeOf, synapsesOf } from './counts.js';
import { toFj } from './exact.js';
import { type LayerLedger, PHASES, type Phase } from './ledger.js';
import type { Tariff } from './tariff.js';

export interface SynapseOptions {
  /** Default: all phases. */
  phases?: readonly Phase[];
  /** Which end of the price range. Default 'value'. */
  end?: 'value' | 'low' | 'high';
  /**
   * What becomes of work that has no synapse (neuron updates, spikes, bytes). 'spread', the default: in equal parts
   * over all synapses of the layer, so that they add up to its bill; 'apart': left out.
   */
  shared?: 'spread' | 'apart';
}

export interface SynapseEnergies {
  /** Energy of each synapse, in the order of the ledger, rounded once. */
  energyFj: Float64Array;
  /** Exact Σ of the synapses, in units of 2^-128 fJ; with 'spread' it equals the bill of the layer. */
  total: bigint;
}

/**
 * The bill of every synapse of a layer: Σ of its counts × prices, in exact arithmetic; null if the tariff does not
 * price some work of the layer, or the layer has no synapse to bear its shared work. A million synapses that learned take well under a second (timed in the tests).
 */
export function synapseEnergies(
  layer: LayerLedger,
  tariff: Tariff,
  { phases = PHASES, end = 'value', shared = 'spread' }: SynapseOptions = {},
): SynapseEnergies | null {
  const priced = priceColumns(layer, tariff, phases, end);
  if (!priced || synapsesOf(layer) === 0) return null;
  const bySource = priced.filter(({ column }) => column.per === 'uniform' || column.per === 'source');
  const bySynapse = priced.filter(({ column, price }) => column.per === 'synapse' && price > 0n);
  const share = shared === 'spread' ? spread(layer, priced) : { each: 0n, remainder: 0 };

  const energyFj = new Float64Array(synapsesOf(layer));
  let total = 0n;
  let first = 0;
  for (let source = 0; source < layer.sources; source++) {
    const end = first + outDegreeOf(layer, source);
    let ofSource = share.each;
    for (const { column, price } of bySource)
      ofSource += price * BigInt(column.counts[column.per === 'source' ? source : 0]);
    if (bySynapse.length === 0 && first >= share.remainder) {
      energyFj.fill(toFj(ofSource), first, end);
      total += ofSource * BigInt(end - first);
      first = end;
      continue;
    }
    for (let index = first; index < end; index++) {
      // What equal parts leave over goes to the first synapses, 2^-128 fJ each.
      let energy = index < share.remainder ? ofSource + 1n : ofSource;
      for (const { column, price } of bySynapse) energy += price * BigInt(column.counts[index]);
      energyFj[index] = toFj(energy);
      total += energy;
    }
    first = end;
  }
  return { energyFj, total };
}

interface PricedColumn {
  column: Column;
  price: bigint;
}

function priceColumns(
  layer: LayerLedger,
  tariff: Tariff,
  phases: readonly Phase[],
  end: 'value' | 'low' | 'high',
): PricedColumn[] | null {
  const priced: PricedColumn[] = [];
  for (const phase of phases) {
    for (const column of columnsOf(layer, phase)) {
      const price = exactPrice(tariff, column.unit);
      if (price) priced.push({ column, price: price[end] });
      else if (columnTotal(column, layer) > 0n) return null;
    }
  }
  return priced;
}

function spread(layer: LayerLedger, priced: PricedColumn[]): { each: bigint; remainder: number } {
  let energy = 0n;
  for (const { column, price } of priced) {
    if (column.per === 'shared') energy += price * columnTotal(column, layer);
  }
  const synapses = BigInt(synapsesOf(layer));
  return { each: energy / synapses, remainder: Number(energy % synapses) };
}

/** One bin of a histogram of energies: fromFj <= energy < toFj. */
export interface EnergyBin {
  fromFj: number;
  toFj: number;
  synapses: number;
  /** Σ of the energies in the bin. */
  energyFj: number;
}

/**
 * Histogram over logarithmic bins, `binsPerDecade` to a factor of ten, with edges at whole powers of
 * 10^(1/binsPerDecade). Synapses that cost nothing have no logarithm and are counted apart.
 */
export function energyHistogram(
  energiesFj: Float64Array,
  binsPerDecade = 4,
): { zero: number; bins: EnergyBin[] } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const energyFj of energiesFj) {
    if (energyFj > 0 && energyFj < lowest) lowest = energyFj;
    if (energyFj > highest) highest = energyFj;
  }
  if (highest === 0) return { zero: energiesFj.length, bins: [] };

  // One bin more at either end, because the logarithm may round across an edge.
  const first = Math.floor(Math.log10(lowest) * binsPerDecade) - 1;
  const last = Math.floor(Math.log10(highest) * binsPerDecade) + 1;
  const bins = Array.from({ length: last - first + 1 }, (_, i) => {
    const edge = (bin: number) => 10 ** (bin / binsPerDecade);
    return { fromFj: edge(first + i), toFj: edge(first + i + 1), synapses: 0, energyFj: 0 };
  });
  let zero = 0;
  for (const energyFj of energiesFj) {
    if (energyFj === 0) {
      zero++;
      continue;
    }
    let bin = Math.floor(Math.log10(energyFj) * binsPerDecade) - first;
    if (energyFj < bins[bin].fromFj) bin--;
    else if (energyFj >= bins[bin].toFj) bin++;
    bins[bin].synapses++;
    bins[bin].energyFj += energyFj;
  }
  const isFilled = ({ synapses }: EnergyBin) => synapses > 0;
  return { zero, bins: bins.slice(bins.findIndex(isFilled), bins.findLastIndex(isFilled) + 1) };
}
