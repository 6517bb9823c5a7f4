import { UsageError } from '../../util/errors.js';
import type { EventPropConfig } from './config.js';
import type { SpikeData } from './encode.js';
import type { TimedSpikes } from './exact/timed-spikes.js';

/** Longest window in synaptic time constants: exp(T/τ_s) must be a float64, with room for weights. */
const LONGEST_WINDOW = 500;

/** @throws UsageError if configuration and data do not fit each other */
export function checkConfig(
  config: EventPropConfig,
  train: SpikeData | TimedSpikes,
  test: SpikeData | TimedSpikes,
): void {
  const { sizes, batch, threads, init, neuron } = config;
  if (sizes.length < 3)
    refuse(`${sizes.length} populations`, 'sizes', 'Give inputs, at least one hidden layer, and outputs.');
  if (sizes.some((n) => !Number.isInteger(n) || n < 1))
    refuse(`[${sizes}]`, 'sizes', 'Give whole numbers from 1.');
  if (sizes.some((n) => n > 65535))
    refuse(`[${sizes}]`, 'sizes', 'A population holds at most 65535 neurons.');
  if (init.length !== sizes.length - 1)
    refuse(`${init.length} entries`, 'init', `Give ${sizes.length - 1}, one for each projection.`);
  if (!Number.isInteger(batch) || batch < 1) refuse(`${batch}`, 'batch', 'Give a whole number from 1.');
  if (!Number.isInteger(threads) || threads < 1 || threads > batch) {
    refuse(`${threads}`, 'threads', `Give a whole number from 1 to the batch size, ${batch}.`);
  }
  if (config.time === 'exact') {
    const { tauMMs, tauSMs, dtMs, steps } = neuron;
    if (!(tauMMs > tauSMs && tauSMs > 0))
      refuse(`τ_m ${tauMMs} ms, τ_s ${tauSMs} ms`, 'neuron', 'Exact time needs τ_m above τ_s.');
    if (dtMs * steps > LONGEST_WINDOW * tauSMs)
      refuse(
        `a window of ${dtMs * steps} ms`,
        'neuron',
        `Exact time reaches ${LONGEST_WINDOW} τ_s, ${LONGEST_WINDOW * tauSMs} ms.`,
      );
  } else if (config.answer?.kind === 'first-spike')
    refuse('first spikes on a time grid', 'answer', "Set time to 'exact'.");
  const { recurrent = [] } = config;
  if (recurrent.length > 0 && recurrent.length !== sizes.length - 2)
    refuse(
      `${recurrent.length} entries`,
      'recurrent',
      `Give ${sizes.length - 2}, one for each hidden layer.`,
    );
  for (const data of [train, test]) checkData(config, data);
}

function checkData({ sizes, neuron, time }: EventPropConfig, data: SpikeData | TimedSpikes): void {
  if (data.sources !== sizes[0])
    refuse(`${data.sources} inputs, the network has ${sizes[0]}`, 'data', 'Make them equal.');
  if ('times' in data !== (time === 'exact'))
    refuse(
      `data ${time === 'exact' ? 'on a time grid' : 'at exact times'}`,
      'data',
      "Encode steps for time 'grid', and times for 'exact'.",
    );
  const windowMs = neuron.steps * neuron.dtMs;
  if ('times' in data) {
    if (data.windowMs > windowMs)
      refuse(`a window of ${data.windowMs} ms`, 'data', `The network's is ${windowMs} ms; make it longer.`);
  } else if (data.steps !== neuron.steps) {
    refuse(`${data.steps} steps, the network has ${neuron.steps}`, 'data', 'Encode for the same window.');
  }
  if (data.labels.some((label) => label >= sizes[sizes.length - 1])) {
    refuse('a label beyond the last output', 'data', 'Give the network an output for each class.');
  }
}

function refuse(what: string, where: string, todo: string): never {
  throw new UsageError(what, where, todo);
}
