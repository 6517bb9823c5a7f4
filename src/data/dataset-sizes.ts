import { name, positive, text } from './column.js';
import { readTable, shippedData, tableSchema } from './table.js';

const SCHEMA = tableSchema({
  rows: 80,
  columns: { system: name, category: name, date: name, comp: text, dataset: positive },
});

/** When a language model appeared, and the words of its training set. */
export interface DatasetSize {
  readonly system: string;
  /** Years, with fraction. */
  readonly year: number;
  readonly words: number;
}

/**
 * Training sets of 80 language models (Villalobos et al. 2024, arXiv:2211.04325, github
 * epoch-research/data-stock@83da8ed). In words: their growth is that of tokens, their size is not.
 */
export function readDatasetSizes(): DatasetSize[] {
  return readTable(shippedData('epoch_dataset_sizes.csv'), SCHEMA).map(({ system, date, dataset }) => ({
    system,
    year: yearOf(date),
    words: dataset,
  }));
}

function yearOf(date: string): number {
  const start = (year: number) => Date.UTC(year, 0, 1);
  const day = new Date(`${date}T00:00:00Z`);
  const year = day.getUTCFullYear();
  return year + (day.getTime() - start(year)) / (start(year + 1) - start(year));
}
