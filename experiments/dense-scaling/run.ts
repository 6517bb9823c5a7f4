import { selectBackend } from '../../src/baseline/backend.js';
import type { CurveJob, CurveResult } from '../../src/baseline/curves/job.js';
import { drawLexicon, entropyRate, NextSymbol } from '../../src/data/word-source.js';
import type { Ledger } from '../../src/energy/ledger.js';
import type { RunContext } from '../../src/experiment/define.js';
import { replicateSeeds, sweep } from '../../src/experiment/sweep.js';
import type { Config } from './config.js';
import { lawsOf } from './laws.js';
import type { Metrics, NetworkRow } from './metrics.js';
import { coursesOf, layersOf, type Point, pointsOf, shownIn } from './plan.js';

/** Trains every network of every law on the worker pool, and fits the laws. */
export async function run(
  config: Config,
  context: RunContext,
): Promise<{ metrics: Metrics; ledgers: Ledger[] }> {
  const { used, asked, why } = await selectBackend(context.backend);
  context.record('backend', { asked, used, why });
  const seeds = replicateSeeds(context, config.repeats);
  const points = coursesOf(config, context.seed).flatMap((course) => pointsOf(course, seeds));
  const results = await sweep<CurveJob, CurveResult>(
    'baseline/curves/job.js',
    points.map((point) => ({
      job: { ...point.job, backend: used },
      doing: `${point.task}, L(${point.law}), ${point.parameters} parameters, ${point.examples} examples`,
      // A step has a price of its own, whatever the network.
      cost: point.steps * (0.5 + point.flop / shownIn(point) / 1e5),
    })),
    context,
  );
  const networks = points.map((point, i) => networkRow(point, results[i]));
  const lexicon = drawLexicon(config.words, context.seed);
  const closedForm = entropyRate(lexicon);
  return {
    metrics: {
      entropyRate: { closedForm, byStates: new NextSymbol(lexicon).entropyRate() },
      networks,
      laws: lawsOf(networks, closedForm),
    },
    ledgers: points.map((point) => ledgerOf(point)),
  };
}

function networkRow(point: Point, { best, last }: CurveResult): NetworkRow {
  const { task, law, seed, hidden, parameters, examples, steps, flop } = point;
  return {
    task,
    law,
    seed,
    hidden: hidden.join('-'),
    parameters,
    examples,
    steps,
    flop,
    excess: best.test,
    excessAtEnd: last.test,
    bestStep: best.step,
  };
}

/** Work of training and of one inference. What single weights did is not counted in so many networks. */
function ledgerOf({ task, law, seed, hidden, job, steps, examples }: Point): Ledger {
  const trainingSamples = shownIn({ steps, examples });
  return {
    network: `${task}, L(${law}), ${hidden.join('-')} units, ${examples} examples, seed ${seed}`,
    labels: { task, law, units: hidden.join('-'), examples, seed },
    inferences: 1,
    trainingSamples,
    layers: layersOf(job.task, hidden).map(({ sources, targets }, l) => ({
      channel: 'graded',
      name: `layer ${l + 1}`,
      sources,
      targets,
      changes: null,
      inferenceMacsPerSynapse: 1,
      trainingForwardMacsPerSynapse: trainingSamples,
      trainingBackwardMacsPerSynapse: trainingSamples * (l === 0 ? 1 : 2),
    })),
  };
}
