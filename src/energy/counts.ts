import { type LayerLedger, type Ledger, PHASES, type Phase } from './ledger.js';

/**
 * Units of work: what a ledger counts and a tariff prices.
 *
 * | unit | one of it |
 * |---|---|
 * | transmission | a spike that reaches a synapse: an accumulate into its target (forward) |
 * | gradient | an accumulate into the gradient of a weight, for a spike of its source (backward) |
 * | mac | a multiply-accumulate at a synapse |
 * | neuronUpdate | one neuron advanced by one time step |
 * | spike | one spike sent |
 * | weightWrite | a weight written with another value (L0) |
 * | weightChange | a unit of \|Δw\| (L1); counted in quanta of 2^-24 |
 * | transientChange | a unit of \|Δs\| of a transient weight; in quanta |
 * | maintenance | a unit of \|s\| held for one training sample; in quanta |
 * | consolidation | a transient weight moved into the persistent one |
 * | weightByte, activationByte, optimiserByte | a byte moved between memory and arithmetic |
 */
export const UNITS = [
  'transmission',
  'gradient',
  'mac',
  'neuronUpdate',
  'spike',
  'weightWrite',
  'weightChange',
  'transientChange',
  'maintenance',
  'consolidation',
  'weightByte',
  'activationByte',
  'optimiserByte',
] as const;
export type Unit = (typeof UNITS)[number];

/** Units that are counted in quanta of 2^-24 (L1_QUANTUM) but priced by the whole. */
export const QUANTA: ReadonlySet<Unit> = new Set(['weightChange', 'transientChange', 'maintenance']);

export type Counts = Record<Unit, bigint>;

/**
 * One unit of work of one layer in one phase, as it is stored:
 * - `shared`: a count, in one or more parts, that belongs to the layer's neurons or memory, or to all its synapses
 *   together, not to a synapse;
 * - `uniform`: one count, the same at every synapse;
 * - `source`: a count for each source, the same at all synapses that leave it;
 * - `synapse`: a count for each synapse.
 */
export interface Column {
  unit: Unit;
  per: 'shared' | 'uniform' | 'source' | 'synapse';
  counts: ArrayLike<number>;
}

/** Synapses of a layer. */
export function synapsesOf(layer: LayerLedger): number {
  const { sources, targets, outDegrees } = layer;
  return outDegrees === undefined ? sources * targets : outDegrees.reduce((sum, n) => sum + n, 0);
}

/** Synapses that leave source `i` of a layer. */
export function outDegreeOf({ targets, outDegrees }: LayerLedger, i: number): number {
  return outDegrees === undefined ? targets : outDegrees[i];
}

/** The source of synapse `index`. */
function sourceOf(layer: LayerLedger, index: number): number {
  if (layer.outDegrees === undefined) return Math.floor(index / layer.targets);
  let source = 0;
  for (let end = layer.outDegrees[0]; end <= index; end += layer.outDegrees[source]) source++;
  return source;
}

/**
 * What a layer did in a phase, one column a unit of work. Everything else that reads a ledger reads these.
 *
 * Forward passes: a transmission for each spike of the source, or the layer's MACs. Backward: for each spike one
 * accumulate into the gradient, and a MAC where the error goes on. Update: L0, L1 and transient weights.
 */
export function columnsOf(layer: LayerLedger, phase: Phase): Column[] {
  const columns = phase === 'update' ? changeColumns(layer) : passColumns(layer, phase);
  const bytes = layer.bytes?.[phase];
  if (bytes) {
    columns.push(
      { unit: 'weightByte', per: 'shared', counts: [bytes.weights] },
      { unit: 'activationByte', per: 'shared', counts: [bytes.activations] },
      { unit: 'optimiserByte', per: 'shared', counts: [bytes.optimiser] },
    );
  }
  return columns;
}

function passColumns(layer: LayerLedger, phase: Exclude<Phase, 'update'>): Column[] {
  if (layer.channel === 'graded') {
    const macs = {
      inference: layer.inferenceMacsPerSynapse,
      forward: layer.trainingForwardMacsPerSynapse,
      backward: layer.trainingBackwardMacsPerSynapse,
    };
    return [{ unit: 'mac', per: 'uniform', counts: [macs[phase]] }];
  }
  const spikes = phase === 'inference' ? layer.inferenceSpikes : layer.trainingSpikes;
  if (phase === 'backward') {
    const learnt = layer.backwardSpikes ?? spikes;
    const gradient: Column = { unit: 'gradient', per: 'source', counts: learnt };
    if (layer.backwardMacsPerSpike === 0) return [gradient];
    return [gradient, { unit: 'mac', per: 'source', counts: learnt }];
  }
  const [updates, sent] =
    phase === 'inference'
      ? [layer.inferenceNeuronUpdates, layer.inferenceTargetSpikes]
      : [layer.trainingNeuronUpdates, layer.trainingTargetSpikes];
  return [
    { unit: 'transmission', per: 'source', counts: spikes },
    { unit: 'neuronUpdate', per: 'shared', counts: [updates] },
    { unit: 'spike', per: 'shared', counts: [sent] },
  ];
}

function changeColumns(layer: LayerLedger): Column[] {
  const { changes } = layer;
  if (!changes) return totalColumns(layer);
  const columns: Column[] = [
    { unit: 'weightWrite', per: 'synapse', counts: changes.l0 },
    { unit: 'weightChange', per: 'synapse', counts: changes.l1Quanta },
  ];
  const { transient } = changes;
  if (transient) {
    columns.push(
      { unit: 'transientChange', per: 'synapse', counts: transient.l1Quanta },
      { unit: 'maintenance', per: 'synapse', counts: transient.heldQuanta },
      { unit: 'consolidation', per: 'synapse', counts: transient.consolidations },
    );
  }
  return columns;
}

function totalColumns({ changeTotals }: LayerLedger): Column[] {
  if (changeTotals === undefined) return [];
  return [
    { unit: 'weightWrite', per: 'shared', counts: changeTotals.l0 },
    { unit: 'weightChange', per: 'shared', counts: changeTotals.l1Quanta },
  ];
}

/** Count of a column at synapse `index`; a shared column has none there. */
function countAt(column: Column, layer: LayerLedger, index: number): number {
  switch (column.per) {
    case 'shared':
      return 0;
    case 'uniform':
      return column.counts[0];
    case 'source':
      return column.counts[sourceOf(layer, index)];
    case 'synapse':
      return column.counts[index];
  }
}

/**
 * Count of a column over the whole layer.
 * @throws RangeError if the column is not as long as its layer asks, or holds something else than whole counts.
 */
export function columnTotal(column: Column, layer: LayerLedger): bigint {
  const what = `${column.unit} of layer '${layer.name}'`;
  const parts = Math.max(1, column.counts.length);
  const lengths = { shared: parts, uniform: 1, source: layer.sources, synapse: synapsesOf(layer) };
  if (column.counts.length !== lengths[column.per]) {
    throw new RangeError(`${what}: ${column.counts.length} counts instead of ${lengths[column.per]}`);
  }
  if (layer.outDegrees !== undefined && layer.outDegrees.length !== layer.sources)
    throw new RangeError(
      `layer '${layer.name}': ${layer.outDegrees.length} out-degrees for ${layer.sources} sources`,
    );
  if (column.per === 'source' && layer.outDegrees !== undefined)
    return exactProduct(column.counts, layer.outDegrees, what);
  const stored = exactSum(column.counts, what);
  if (column.per === 'uniform') return stored * BigInt(synapsesOf(layer));
  if (column.per === 'source') return stored * BigInt(layer.targets);
  return stored;
}

/** Totals of a layer in one phase, every unit of work. */
export function layerCounts(layer: LayerLedger, phase: Phase): Counts {
  const counts = noCounts();
  for (const column of columnsOf(layer, phase)) counts[column.unit] += columnTotal(column, layer);
  return counts;
}

/** Totals of a network in one phase, every unit of work. */
export function ledgerCounts(ledger: Ledger, phase: Phase): Counts {
  return ledger.layers.map((layer) => layerCounts(layer, phase)).reduce(addCounts, noCounts());
}

/** Totals of a network over forward, backward and update. */
export function trainingCounts(ledger: Ledger): Counts {
  return PHASES.filter((phase) => phase !== 'inference')
    .map((phase) => ledgerCounts(ledger, phase))
    .reduce(addCounts, noCounts());
}

/** What a single synapse did in one phase (shared units are 0: they have no synapse). */
export function synapseCounts(layer: LayerLedger, phase: Phase, index: number): Counts {
  const counts = noCounts();
  for (const column of columnsOf(layer, phase)) counts[column.unit] += BigInt(countAt(column, layer, index));
  return counts;
}

/**
 * A unit of work of every synapse of a layer, expanded: Float64Array of sources × targets.
 * For a spike channel the transmissions of a synapse are the spikes of its source.
 */
export function expand(layer: LayerLedger, phase: Phase, unit: Unit): Float64Array {
  const all = new Float64Array(synapsesOf(layer));
  for (const column of columnsOf(layer, phase)) {
    if (column.unit !== unit || column.per === 'shared') continue;
    let index = 0;
    for (let source = 0; source < layer.sources; source++) {
      const end = index + outDegreeOf(layer, source);
      const at = { uniform: () => 0, source: () => source, synapse: (synapse: number) => synapse }[
        column.per
      ];
      for (; index < end; index++) all[index] += column.counts[at(index)];
    }
  }
  return all;
}

/** No work at all. */
export function noCounts(): Counts {
  return Object.fromEntries(UNITS.map((unit) => [unit, 0n])) as Counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(UNITS.map((unit) => [unit, a[unit] + b[unit]])) as Counts;
}

/** Σ of counts[i] · times[i], exact beyond 2^53. */
function exactProduct(counts: ArrayLike<number>, times: ArrayLike<number>, what: string): bigint {
  const products = Float64Array.from({ length: counts.length }, (_, i) => counts[i] * times[i]);
  if (products.every((product) => product <= Number.MAX_SAFE_INTEGER)) {
    exactSum(counts, what);
    return exactSum(products, what);
  }
  let total = 0n;
  for (let i = 0; i < counts.length; i++) total += exactSum([counts[i]], what) * BigInt(times[i]);
  return total;
}

/**
 * Σ of whole numbers, exact beyond 2^53.
 * @throws RangeError if an entry is negative, fractional or above 2^53 - 1: then it was not counted exactly.
 */
export function exactSum(counts: ArrayLike<number>, what = 'count'): bigint {
  let total = 0n;
  let running = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i];
    if (!(Number.isSafeInteger(count) && count >= 0)) {
      throw new RangeError(
        `${what}: entry ${i} is ${count}, where a whole number from 0 to 2^53 - 1 is counted`,
      );
    }
    if (running + count > Number.MAX_SAFE_INTEGER) {
      total += BigInt(running);
      running = 0;
    }
    running += count;
  }
  return total + BigInt(running);
}
