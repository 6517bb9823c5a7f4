import { expect, test } from 'vitest';
import { equalAccuracy } from '../../experiments/spiking-vs-dense/analysis.js';
import experiment from '../../experiments/spiking-vs-dense.js';
import { convMacs, SMALL_CONV } from '../../src/baseline/convolution.js';
import { figureSvg } from '../../src/report/figure-svg.js';

test('spiking-vs-dense on few samples: tables, figures and texts of all accounts, zeros printed as zeros', async () => {
  const config = experiment.config.parse({
    widths: [4, 12],
    replicates: 2,
    samples: 300,
    testSamples: 200,
    epochs: 1,
    yinYangSamples: 300,
    yinYangEpochs: 2,
    filters: [[2, 3]],
    convolve: ['MNIST'],
  });
  const output = await experiment.run(config, {
    preset: 'quick',
    seed: 1,
    seeds: [1],
    threads: 1,
    backend: 'wasm',
    engine: 'event',
    signal: new AbortController().signal,
    scratch: null,
    progress: () => {},
    record: () => {},
  });
  expect(output.metrics.networks).toHaveLength(3 * 3 * 2 * 2 + 2);
  expect(output.ledgers).toHaveLength(3 * 3 * 2 * 2 + 2);
  const view = {
    config,
    preset: 'quick' as const,
    seeds: [1],
    metrics: output.metrics,
    ledgers: output.ledgers!,
  };
  for (const row of equalAccuracy(view, 'inference')) {
    expect(row.low).toBeLessThanOrEqual(row.ratio);
    expect(row.ratio).toBeCloseTo(row.rivalNj / row.spikingNj, 6);
  }
  const compared = new Set(equalAccuracy(view, 'inference').map(({ task, group }) => `${task}, ${group}`));
  expect(compared).toContain('MNIST, convolution');
  expect(compared).not.toContain('garments, convolution');
  const work = experiment.tables(view).find(({ name }) => name === 'work')!.rows;
  const convolution = work.find(({ kind }) => kind === 'convolutional')!;
  const { forward, backward } = convMacs({ ...SMALL_CONV, filters: [2, 3] });
  expect(convolution.macs).toBe(forward);
  expect(convolution.trainingMacs).toBe(forward + backward);
  expect(
    work.find(({ task, kind, hidden }) => task === 'MNIST' && kind === 'dense' && hidden === 12)!.macs,
  ).toBe(784 * 12 + 12 * 10);
  for (const figure of experiment.figures(view)) expect(figureSvg(figure)).not.toContain('NaN');
  const terms = experiment.tables(view).find(({ name }) => name === 'terms')!.rows;
  const zero = terms.find(({ tariff, unit }) => tariff === 'truenorth' && unit === 'neuronUpdate')!;
  expect(zero.fj).toBe(0);
  expect(zero.reason).toMatch(/^zero because/);
  expect(terms.find(({ tariff, unit }) => tariff === 'loihi' && unit === 'mac')!.fj).toBeNull();
  expect(experiment.finding(view)).not.toMatch(/NaN|undefined/);
}, 60_000);
