import { type ProjectionLayout, ROWS_PER_TASK } from './layout.js';

/** A run of rows (sources) of one block of targets of one projection: what one thread updates at a time. */
export interface UpdateTask {
  layer: number;
  block: number;
  firstRow: number;
  lastRow: number;
}

export function updateTasksOf(layers: readonly ProjectionLayout[]): UpdateTask[] {
  const tasks: UpdateTask[] = [];
  for (const [layer, { blocks, sources }] of layers.entries()) {
    for (let block = 0; block < blocks; block++) {
      for (let firstRow = 0; firstRow < sources; firstRow += ROWS_PER_TASK) {
        tasks.push({ layer, block, firstRow, lastRow: Math.min(firstRow + ROWS_PER_TASK, sources) });
      }
    }
  }
  return tasks;
}
