import { name, optional, positive, text } from './column.js';
import { type RowOf, readTable, shippedData, tableSchema } from './table.js';

const SCHEMA = tableSchema({
  rows: 25,
  columns: {
    model: name,
    organization: name,
    date: name,
    params_total: optional(positive),
    params_active: optional(positive),
    training_tokens: optional(positive),
    tokens_per_param: optional(positive),
    flop_6ND: optional(positive),
    flop_reported: optional(positive),
    reported_over_6ND: optional(positive),
    flop_source: text,
    tokens_source: text,
    confidence: name,
    note: text,
  },
});

/** A language model by its published numbers. */
export type NotableModel = RowOf<typeof SCHEMA>;

/** 25 language models of 2019 to 2025: parameters (total and active), tokens seen in training, FLOP. */
export function readNotableModels(): NotableModel[] {
  return readTable(shippedData('notable_models.csv'), SCHEMA);
}
