import { median } from 'simple-statistics';
import { z } from 'zod';
import { runPerceptron } from '../../learning/perceptron.js';
import { defineBench } from '../define-bench.js';
import { Stopwatch } from './stopwatch.js';

const options = z.strictObject({
  inputs: z.int().min(1).default(1000).describe('inputs N'),
  patterns: z.int().min(1).default(1000).describe('patterns P, below 2N'),
  threshold: z.number().min(0).default(0).describe('threshold of synaptic caching (0: no cache)'),
  tau: z.number().min(0).default(0).describe('time constant of decay (0: none)'),
  repeats: z.int().min(1).default(5).describe('runs, each with a seed of its own; medians are told'),
  seed: z.int().min(0).default(1).describe('first seed'),
});

/** Speed of a perceptron that learns random patterns, from drawing the patterns to the last bill. */
export default defineBench({
  description: 'learn random patterns with a perceptron: seconds a run, presentations and changes per second',
  options,
  async run({ inputs, patterns, threshold, tau, repeats, seed }, { progress, signal }) {
    const watch = new Stopwatch();
    const rows = [];
    for (let k = 0; k < repeats && !signal.aborted; k++) {
      progress(k, repeats, 'learning');
      const task = {
        inputs,
        patterns,
        seed: seed + k,
        cache:
          threshold > 0 ? { rule: 'neuron' as const, threshold, tau: tau > 0 ? tau : undefined } : undefined,
      };
      watch.reset();
      const started = performance.now();
      const run = runPerceptron(task, 'fast', false, (kernels) => watch.around(kernels));
      const seconds = (performance.now() - started) / 1000;
      const { tally = 0, compete = 0, consolidate = 0 } = watch.shares(1000 * seconds);
      rows.push({
        seconds,
        presentations: run.presentations / seconds,
        updates: run.updates / seconds,
        ledger: tally + compete,
        cache: consolidate,
      });
    }
    return {
      secondsPerRun: median(rows.map((row) => row.seconds)),
      presentationsPerSecond: median(rows.map((row) => row.presentations)),
      weightChangesPerSecond: median(rows.map((row) => row.updates * (inputs + 1))),
      // Every proposed change of a perceptron is written: there is no selection.
      shareOfLedgerAndSelection: median(rows.map((row) => row.ledger)),
      shareOfCache: median(rows.map((row) => row.cache)),
      repeats: rows.length,
    };
  },
});
