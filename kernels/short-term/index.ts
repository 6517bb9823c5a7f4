export {
  RESTED,
  release,
  type ShortTermRule,
  steadyEfficacy,
} from './reference.js';

/** What dist/kernels/short-term.wasm exports; addresses are byte offsets in its memory. */
export interface ShortTermKernel {
  release(
    spikes: number,
    n: number,
    step: number,
    states: number,
    utilisation: number,
    tauRecovery: number,
    tauFacilitation: number,
    efficacies: number,
  ): void;
  deliverScaled(
    spikes: number,
    n: number,
    rows: number,
    data: number,
    packed: number,
    weight: number,
    efficacies: number,
    acc: number,
  ): void;
  deliverScaledDelayed(
    spikes: number,
    n: number,
    rows: number,
    segments: number,
    data: number,
    packed: number,
    weight: number,
    efficacies: number,
    ring: number,
    rowBytes: number,
    slot: number,
    slots: number,
  ): void;
}
