/** What dist/kernels/sleep.wasm exports; addresses are byte offsets in its memory. */
export interface SleepKernel {
  leap(state: number, stride: number, variables: number, propagator: number, scratch: number): void;
  leapOver(
    state: number,
    stride: number,
    variables: number,
    short: number,
    long: number,
    missed: number,
    scratch: number,
  ): void;
  nextDue(due: number, group: number, groups: number, before: number): number;
  maySleep(
    state: number,
    stride: number,
    variables: number,
    most: number,
    least: number,
    threshold: number,
    step: number,
  ): number;
}
