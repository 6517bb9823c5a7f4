import { changeCounters } from '../../kernels/weight-change/index.js';
import type { WeightChanges } from '../energy/ledger.js';
import { recordOnDevice } from './device-changes.js';
import { isInMemory, peek, sourcesFirst, type WeightMatrix } from './weight-matrix.js';

/** Counts what training does to each weight (L0 and L1; equations in kernels/weight-change/reference.ts). */
export interface ChangeRecorder {
  /** Call after every step, and wait for it. */
  note(): void | Promise<void>;
  /** The counts of each layer, in the ledger's order of synapses. */
  finish(): Promise<WeightChanges[]>;
  /** Ends the recorder and frees its tensors. */
  dispose(): void;
}

/** Counts where the weights are: in WASM if the backend's tensors lie in memory, else by tfjs ops on the device. */
export function recordChanges(weights: readonly WeightMatrix[]): ChangeRecorder {
  return isInMemory() ? recordInMemory(weights) : recordOnDevice(weights);
}

function recordInMemory(weights: readonly WeightMatrix[]): ChangeRecorder {
  const counters = changeCounters(weights.map((weight) => weight.size));
  const addAll = () => weights.forEach((weight, l) => void counters[l].add(peek(weight)));
  let steps = 0;
  addAll();
  return {
    note() {
      steps += 1;
      addAll();
    },
    async finish() {
      return weights.map(({ shape }, l) => {
        counters[l].finish();
        return {
          steps,
          l0: sourcesFirst(counters[l].l0, shape),
          l1Quanta: sourcesFirst(counters[l].l1Quanta, shape),
        };
      });
    },
    dispose: () => {},
  };
}
