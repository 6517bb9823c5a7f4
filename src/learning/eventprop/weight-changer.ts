import type { OptimiserKernel } from '../../../kernels/optimiser/index.js';
import { BLOCK } from '../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from './config.js';
import type { ProjectionLayout } from './layout.js';
import type { UpdateTask } from './update-tasks.js';

const ROW_BYTES = BLOCK * 4;

/** Optimiser steps between two flushes of the u32 counters of L1: a weight may move by 1 in each. */
const STEPS_BETWEEN_FLUSHES = 255;

/**
 * The optimiser's part of an update task: weights, moments and ledger of its rows, from the gradient and the active
 * rows in a thread's scratch memory. The function returns whether a weight moved by more than 1.
 */
export function weightChanger(
  config: Pick<EventPropConfig, 'optimiser' | 'ledger'>,
  kernel: OptimiserKernel,
  scratch: { gradient: number; active: number },
) {
  return (at: ProjectionLayout, task: UpdateTask, step: number, rate: number): boolean => {
    const rows = task.lastRow - task.firstRow;
    const row = (task.block * at.sources + task.firstRow) * ROW_BYTES;
    const weights = at.weights + row;
    const isBooked = config.ledger !== false;
    const l0 = isBooked ? at.l0 + row : 0;
    const l1 = isBooked ? at.l1 + row : 0;
    let diverged: number;
    if (config.optimiser.kind === 'adam') {
      const { beta1, beta2, epsilon } = config.optimiser;
      const correction = Math.sqrt(1 - beta2 ** step);
      diverged = kernel.adam(
        rows,
        scratch.active,
        scratch.gradient,
        weights,
        at.first + row,
        at.second + row,
        l0,
        l1,
        beta1,
        beta2,
        (rate * correction) / (1 - beta1 ** step),
        epsilon * correction,
      );
    } else {
      diverged = kernel.sgd(rows, scratch.active, scratch.gradient, weights, l0, l1, rate);
    }
    if (isBooked && step % STEPS_BETWEEN_FLUSHES === 0) kernel.flush(rows * BLOCK, l1, at.l1Total + 2 * row);
    return diverged !== 0;
  };
}
