import type { TrainerLayout } from './layout.js';

/** Adds the events that the sources of the input sent in a batch to those shown in training. */
export function countInput(
  u32: Uint32Array,
  { inputSpikes }: TrainerLayout,
  { sources, rowStarts }: { sources: number; rowStarts: number },
): void {
  const [rows, total] = [rowStarts >> 2, inputSpikes >> 2];
  for (let i = 0; i < sources; i++) u32[total + i] += u32[rows + i + 1] - u32[rows + i];
}
