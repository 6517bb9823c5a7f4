/**
 * Work and traffic of a dense network, counted on paper. A multiply-accumulate (MAC) is one multiplication and the
 * addition of its product: two floating-point operations.
 */
export interface LayerWork {
  sources: number;
  targets: number;
  /** Synapses of the layer: sources·targets. */
  synapses: number;
  /** Σ over samples and synapses of input·weight. */
  forwardMacs: number;
  /** The weights' gradient, and, where there is a layer before, the error brought back to it. */
  backwardMacs: number;
  /** Weight writes of one optimiser step. */
  weightUpdates: number;
  /** Arithmetic of one optimiser step, in floating-point operations. */
  updateFlop: number;
}

export interface LayerTraffic {
  /** Bytes of the weights, read once a pass. */
  weights: number;
  /** Bytes of what comes in and goes out, for the whole batch. */
  activationsIn: number;
  activationsOut: number;
  /** Bytes of the optimiser's state (momentum: one array of the weights' size; Adam: two). */
  optimiserState: number;
  forwardBytes: number;
  backwardBytes: number;
  updateBytes: number;
}

export type OptimiserKind = 'sgd' | 'momentum' | 'adam';

/** Arrays of the weights' size that an optimiser keeps, and operations a weight and step (DenseOptions' optimisers). */
const OPTIMISERS: Record<OptimiserKind, { stateArrays: number; flopPerWeight: number }> = {
  /** w - η·g */
  sgd: { stateArrays: 0, flopPerWeight: 2 },
  /** μ·v + g; w - η·v */
  momentum: { stateArrays: 1, flopPerWeight: 4 },
  /** β·m + (1-β)·g: 3; β·v + (1-β)·g²: 4; √v + ε: 2; m/…, ·η, w - …: 3 */
  adam: { stateArrays: 2, flopPerWeight: 12 },
};

/**
 * Work of each layer of a multilayer perceptron for `samples` samples in one step, forward and backward, and of the
 * optimiser's step. Biases are left out: give them as one source more if there are any.
 *
 * @param sizes neurons of each population, input first
 */
export function layerWork(sizes: readonly number[], samples: number, optimiser: OptimiserKind): LayerWork[] {
  return sizes.slice(1).map((targets, l) => {
    const sources = sizes[l];
    const synapses = sources * targets;
    return {
      sources,
      targets,
      synapses,
      forwardMacs: samples * synapses,
      backwardMacs: samples * synapses * (l === 0 ? 1 : 2),
      weightUpdates: synapses,
      updateFlop: synapses * OPTIMISERS[optimiser].flopPerWeight,
    };
  });
}

/**
 * Bytes that each layer must move for one step over a batch, if every array is read or written once a pass and
 * nothing stays in a cache between passes (compulsory traffic).
 *
 * forward: weights + inputs read, outputs written. backward: for the gradient inputs and output errors read and
 * gradient written; for the error of the layer before (not in layer 1) weights read and error written.
 * update: gradient, weights and state read, weights and state written.
 *
 * @param bytesPerValue 4 for float32
 */
export function layerTraffic(
  sizes: readonly number[],
  samples: number,
  optimiser: OptimiserKind,
  bytesPerValue = 4,
): LayerTraffic[] {
  return layerWork(sizes, samples, optimiser).map(({ sources, targets, synapses }, l) => {
    const weights = bytesPerValue * synapses;
    const activationsIn = bytesPerValue * sources * samples;
    const activationsOut = bytesPerValue * targets * samples;
    const optimiserState = weights * OPTIMISERS[optimiser].stateArrays;
    return {
      weights,
      activationsIn,
      activationsOut,
      optimiserState,
      forwardBytes: weights + activationsIn + activationsOut,
      backwardBytes: activationsIn + activationsOut + weights + (l === 0 ? 0 : weights + activationsIn),
      updateBytes: 3 * weights + 2 * optimiserState,
    };
  });
}

/** MACs of one sample through the whole network: Σ sources·targets. */
export function inferenceMacs(sizes: readonly number[]): number {
  return layerWork(sizes, 1, 'sgd').reduce((sum, layer) => sum + layer.forwardMacs, 0);
}

/** MACs of one training sample, forward and backward. */
export function trainingMacs(sizes: readonly number[]): number {
  return layerWork(sizes, 1, 'sgd').reduce((sum, layer) => sum + layer.forwardMacs + layer.backwardMacs, 0);
}
