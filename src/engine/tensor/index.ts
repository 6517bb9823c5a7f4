export { LeakyReadout, type LeakyReadoutArgs, Lif, type NeuronLayerArgs } from './layers.js';
export { type LifWindowOptions, lifWindow } from './lif-window.js';
export type { LifOptions, SpikeGradient } from './options.js';
export { meanPotential, potentials, type ReadoutOptions } from './readout.js';
export { asSpikes, type SpikeTensor } from './spikes.js';
