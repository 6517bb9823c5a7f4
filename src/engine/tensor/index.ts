export {
  ADAPTIVE_DEFAULTS,
  type AdaptiveLifOptions,
  type AdaptiveWindowOptions,
  adaptiveLifWindow,
} from './adaptive.js';
export { adaptiveBy } from './adaptive-kernels.js';
export {
  AdaptiveLif,
  type AdaptiveLifArgs,
  LeakyReadout,
  type LeakyReadoutArgs,
  Lif,
  type NeuronLayerArgs,
} from './layers.js';
export { type LifWindowOptions, lifBy, lifWindow } from './lif-window.js';
export { softmaxCrossEntropy } from './loss.js';
export { FusedAdam, FusedSgd } from './optimisers.js';
export type { LifOptions, SpikeGradient } from './options.js';
export { type MeanOptions, meanPotential, potentials, type ReadoutOptions } from './readout.js';
export { asSpikes, denseSpikes, type SpikeEvents, type SpikeTensor, spikeEvents } from './spikes.js';
