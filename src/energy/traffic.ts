import type { LayerLedger, Ledger } from './ledger.js';

/** Bytes of a spike on its way: the address of its source. */
const SPIKE_BYTES = 2;

/** Bytes that each phase of each layer moves, put into a copy of a ledger. */
export interface TrafficOptions {
  /** Bytes of an activation and of a weight. */
  bytesPerValue: number;
  /** Arrays of the weights' size that the optimiser keeps (momentum 1, Adam 2). */
  stateArrays: number;
  /** Values that come in and go out of each layer for a sample, where weights are shared: else sources and targets. */
  values?: readonly { in: number; out: number }[];
}

/**
 * Compulsory traffic of a network beside its weights at the synapses (whose fetch the tariffs with memory put into the
 * price of a transmission or MAC, so that it is not counted twice):
 *
 *   graded   forward: what comes in and goes out of a layer, a value each; backward: the same for values and errors
 *   spikes   forward: the address of each spike that comes in; backward: the same again
 *   update   the optimiser's state, read and written, for each weight written
 *
 * The state of spiking neurons stays where they are (registers), as in the tariffs.
 */
export function withTraffic(ledger: Ledger, options: TrafficOptions): Ledger {
  return {
    ...ledger,
    layers: ledger.layers.map((layer, l) => ({ ...layer, bytes: bytesOf(layer, l, ledger, options) })),
  };
}

function bytesOf(
  layer: LayerLedger,
  l: number,
  ledger: Ledger,
  { bytesPerValue, stateArrays, values }: TrafficOptions,
) {
  const moved = (activations: number, optimiser = 0) => ({ weights: 0, activations, optimiser });
  const writes = layer.changes ? layer.changes.l0.reduce((sum, n) => sum + n, 0) : 0;
  const update = moved(0, 2 * 4 * stateArrays * writes);
  if (layer.channel === 'spike') {
    const bytes = (spikes: Float64Array) => SPIKE_BYTES * spikes.reduce((sum, n) => sum + n, 0);
    const training = moved(bytes(layer.trainingSpikes));
    return { inference: moved(bytes(layer.inferenceSpikes)), forward: training, backward: training, update };
  }
  const passing = values ? values[l].in + values[l].out : layer.sources + layer.targets;
  const each = bytesPerValue * passing;
  const forward = moved(each * ledger.trainingSamples);
  // Errors are kept in float32, whatever the bits of the values.
  const backward = moved((each + 4 * passing) * ledger.trainingSamples);
  return { inference: moved(each * ledger.inferences), forward, backward, update };
}
