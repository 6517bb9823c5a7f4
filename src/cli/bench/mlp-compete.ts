import { median } from 'simple-statistics';
import { z } from 'zod';
import { loadMnist } from '../../data/mnist.js';
import { Mlp } from '../../learning/mlp.js';
import { LEAKY, LOGISTIC } from '../../learning/mlp-recipes.js';
import { parsePolicy, SELECT } from '../../plasticity/policy.js';
import { defineBench } from '../define-bench.js';
import { Stopwatch } from './stopwatch.js';

const options = z.strictObject({
  recipe: z.enum(['leaky-relu', 'logistic']).default('leaky-relu').describe('settings of which paper'),
  hidden: z.int().min(1).default(200).describe('hidden units'),
  select: z.enum(SELECT).default('largest').describe('which changes are made'),
  fraction: z.number().gt(0).max(1).default(0.03).describe('fraction of synapses that may change'),
  threshold: z.number().min(0).default(0).describe('threshold of synaptic caching (0: no cache)'),
  samples: z.int().min(100).default(2000).describe('samples of one repeat'),
  repeats: z.int().min(1).default(5).describe('how often it is done; medians are told'),
  seed: z.int().min(0).default(1).describe('seed'),
});

/** Speed of online learning with a plasticity policy, on one thread, and where the time goes. */
export default defineBench({
  description: 'learn MNIST online with competitive plasticity: samples and weight changes per second',
  options,
  async run({ recipe, hidden, select, fraction, threshold, samples, repeats, seed }, { progress, signal }) {
    const watch = new Stopwatch();
    const net = new Mlp(loadMnist(), {
      hidden,
      recipe: recipe === 'logistic' ? LOGISTIC : LEAKY,
      policy: parsePolicy({
        select,
        fraction,
        ...(threshold > 0 ? { cache: { rule: 'neuron', threshold, tau: 1000 } } : {}),
      }),
      seed,
      instrument: (kernels) => watch.around(kernels),
    });
    net.learn(samples);
    const rows: { seconds: number; writes: number; parts: Record<string, number> }[] = [];
    for (let k = 0; k < repeats && !signal.aborted; k++) {
      progress(k, repeats, 'learning');
      const before = net.totals();
      watch.reset();
      const started = performance.now();
      net.learn(samples);
      const seconds = (performance.now() - started) / 1000;
      const after = net.totals();
      const writes =
        after.persistentWrites + after.transientWrites - before.persistentWrites - before.transientWrites;
      rows.push({ seconds, writes, parts: watch.shares(1000 * seconds) });
    }
    const share = (part: string) => median(rows.map((row) => row.parts[part] ?? 0));
    return {
      samplesPerSecond: median(rows.map((row) => samples / row.seconds)),
      writesPerSecond: median(rows.map((row) => row.writes / row.seconds)),
      proposedPerSecond:
        median(rows.map((row) => samples / row.seconds)) *
        (net.hidden.sources * net.hidden.targets + net.output.sources * net.output.targets),
      shareOfLedger: share('tally'),
      shareOfSelection: share('compete'),
      shareOfCache: share('consolidate'),
      shareOfForwardBackwardAndWrites: share('layer'),
      repeats,
      samples,
    };
  },
});
