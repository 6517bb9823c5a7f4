import { type Layout, ROWS_PER_TASK } from './layout.js';

/** A run of rows (sources) of one block of targets of one layer: what one thread updates at a time. */
export interface UpdateTask {
  layer: number;
  block: number;
  firstRow: number;
  lastRow: number;
}

export function updateTasksOf(layout: Layout): UpdateTask[] {
  const tasks: UpdateTask[] = [];
  for (const [layer, { blocks, sources }] of layout.layers.entries()) {
    for (let block = 0; block < blocks; block++) {
      for (let firstRow = 0; firstRow < sources; firstRow += ROWS_PER_TASK) {
        tasks.push({ layer, block, firstRow, lastRow: Math.min(firstRow + ROWS_PER_TASK, sources) });
      }
    }
  }
  return tasks;
}
