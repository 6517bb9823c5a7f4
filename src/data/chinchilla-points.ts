import type { LossPoint } from '../scaling/loss-law-objective.js';
import { flag, positive } from './column.js';
import { readTable, shippedData, tableSchema } from './table.js';

const SCHEMA = tableSchema({
  rows: 245,
  columns: {
    model_size_params: positive,
    training_flop: positive,
    training_tokens: positive,
    loss_nats: positive,
    tokens_per_param: positive,
    used_in_fit: flag,
  },
});

/**
 * The 245 training runs of Hoffmann et al. 2022 (arXiv:2203.15556, fig. 4) as digitised by Besiroglu et al.
 * 2024 (arXiv:2404.10102), highest loss first. Tokens are FLOP/(6·parameters).
 *
 * @param drop how many of the highest losses to leave out; the published refit drops 5
 */
export function readChinchillaPoints(drop = 5): LossPoint[] {
  return readTable(shippedData('chinchilla_points.csv'), SCHEMA)
    .map((row) => ({
      parameters: row.model_size_params,
      tokens: row.training_tokens,
      loss: row.loss_nats,
    }))
    .sort((a, b) => b.loss - a.loss)
    .slice(drop);
}
