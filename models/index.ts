/** What a script that imports 'femtospike/models' can use: neuron models, and networks made of them. */

export { type BrunelOptions, brunel } from './networks/brunel.js';
export {
  type ClassifierNetwork,
  type Presentation,
  presentImages,
  toNetwork,
} from './networks/classifier-network.js';
export { type HpcStdpOptions, hpcStdp } from './networks/hpc-stdp.js';
export { type ClassifierOptions, encodeImages, latencyClassifier } from './networks/latency-classifier.js';
export { type MicrocircuitOptions, microcircuit } from './networks/microcircuit.js';
export { type QuietOptions, quiet } from './networks/quiet.js';
export { coba, cuba, type VogelsAbbottOptions } from './networks/vogels-abbott.js';

export { adaptiveLif } from './neurons/adaptive-lif.js';
export { adex } from './neurons/adex.js';
export { classifierReadout, classifierUnit } from './neurons/classifier-units.js';
export { hodgkinHuxley } from './neurons/hodgkin-huxley.js';
export { izhikevich } from './neurons/izhikevich.js';
export { lifAlpha } from './neurons/lif-alpha.js';
export { lifCond } from './neurons/lif-cond.js';
export { lifCurrent } from './neurons/lif-current.js';
export { lifDelta } from './neurons/lif-delta.js';
export { lifExp } from './neurons/lif-exp.js';
