import { LATENCY_CODE, latencyClassifier } from '../../models/networks/latency-classifier.js';
import type { ImageData } from '../../src/data/images.js';
import type { Unit } from '../../src/energy/counts.js';
import { loadTariff, priceOf } from '../../src/energy/tariff.js';
import { type SweepTask, sweep } from '../../src/experiment/sweep.js';
import { type RunContext, type Table, UsageError } from '../../src/index.js';
import type { SpikingJob, SpikingResult } from '../../src/learning/spiking-job.js';
import { policyName, policyNamed } from '../../src/plasticity/named.js';
import type { Config } from './config.js';
import type { BrainRow, PlasticRow } from './metrics.js';
import { tariffsOf, type View } from './view.js';

/** Names of the policies asked for, dense first: the others are compared with it. @throws UsageError */
export function policiesOf({ plasticity, hiddenLayers }: Config): string[] {
  if (plasticity.length === 0) return [];
  if (hiddenLayers > 1) {
    throw new UsageError(
      `policies with ${hiddenLayers} hidden layers`,
      'plasticity',
      'Policies are for one hidden layer: leave them out, or set hiddenLayers=1.',
    );
  }
  return [...new Set(['dense', ...plasticity.map((name) => policyName(name))])];
}

/**
 * Lets the networks of the brains learn once more under each policy, over the worker pool, and tells the work it took.
 * Images, rates and epochs are those of the race; a run has one thread, and the order of its images is its own.
 */
export async function learnFrugally(
  config: Config,
  context: RunContext,
  data: ImageData,
  brains: readonly BrainRow[],
  rateOf: (units: number) => number,
): Promise<PlasticRow[]> {
  const policies = policiesOf(config);
  if (policies.length === 0) return [];
  const sizes = [...new Set(brains.map(({ units }) => units))];
  const points = sizes.flatMap((units) =>
    context.seeds.flatMap((seed) => policies.map((policy) => ({ units, seed, policy }))),
  );
  const batches = config.epochs * Math.ceil(config.samples / config.batch);
  const tasks = points.map(({ units, seed, policy }): SweepTask<SpikingJob> => {
    const { pixels: inputs, classes } = data;
    const { batch, inputDropout } = config;
    return {
      job: {
        kind: 'spiking',
        network: latencyClassifier({
          inputs,
          hidden: [units],
          classes,
          batch,
          inputDropout,
          seed,
          threads: 1,
        }),
        code: LATENCY_CODE,
        images: config.samples,
        imageSeed: context.seed,
        data: config.data,
        policy: policyNamed(policy, config),
        rate: rateOf(units),
        schedule: 'half-cosine',
        testEvery: batches,
        goal: 1,
        maxBatches: batches,
        ledger: false,
      },
      doing: `${policy}, ${units} units, seed ${seed}`,
      cost: 20 + units,
    };
  });
  const results = await sweep<SpikingJob, SpikingResult>('learning/jobs.js', tasks, context);
  return brains.flatMap(({ clade, massG, units }) =>
    points.flatMap((point, k) => {
      if (point.units !== units) return [];
      const { checkpoints } = results[k];
      const { accuracy, samples, updates, counts, totals } = checkpoints[checkpoints.length - 1];
      return [
        {
          clade,
          massG,
          units,
          policy: point.policy,
          seed: point.seed,
          accuracy,
          samples,
          updates,
          counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
          writes: totals.persistentWrites + totals.residualSynapses,
          change: totals.persistentChange + totals.residual,
        },
      ];
    }),
  );
}

const FJ_PER_UJ = 1e9;
const UPDATE: readonly Unit[] = [
  'weightWrite',
  'weightChange',
  'transientChange',
  'maintenance',
  'consolidation',
];

/** Energy of the whole learning, or of its writes alone, µJ; null if the tariff does not price all of it. */
export function learningUj(row: PlasticRow, tariffName: string, part: 'all' | 'writes'): number | null {
  const tariff = loadTariff(tariffName);
  let sum = 0;
  for (const [unit, count] of Object.entries(row.counts) as [Unit, number][]) {
    if (part === 'writes' && !UPDATE.includes(unit)) continue;
    const priced = priceOf(tariff, unit);
    if (priced.status === 'not priced') return null;
    if (priced.status === 'priced') sum += count * priced.price.valueFj;
  }
  return sum / FJ_PER_UJ;
}

/** What learning cost each brain's network under each policy: means over seeds. */
export function plasticityTable(view: View): Table[] {
  const { brains, plasticity = [] } = view.metrics;
  if (plasticity.length === 0) return [];
  const tariffs = tariffsOf(view);
  const mean = (rows: PlasticRow[], of: (row: PlasticRow) => number | null) => {
    const values = rows.map(of);
    if (rows.length === 0 || values.some((value) => value === null)) return null;
    return (values as number[]).reduce((sum, value) => sum + value, 0) / rows.length;
  };
  const policies = [...new Set(plasticity.map(({ policy }) => policy))];
  return [
    {
      name: 'plasticity',
      title: 'What learning costs each brain under each policy',
      columns: [
        { key: 'clade', label: 'clade' },
        { key: 'massG', label: 'brain', unit: 'g', digits: 3 },
        { key: 'units', label: 'units' },
        { key: 'policy', label: 'policy' },
        { key: 'accuracy', label: 'right', unit: '%', digits: 4 },
        { key: 'learnt', label: 'learnt from', unit: '%', digits: 3 },
        { key: 'writes', label: 'writes M0', digits: 3 },
        { key: 'change', label: 'change M1', digits: 3 },
        { key: 'tariff', label: 'tariff' },
        { key: 'writing', label: 'writing', unit: 'µJ', digits: 3 },
        { key: 'learning', label: 'all of learning', unit: 'µJ', digits: 3 },
        { key: 'saving', label: 'saving over dense', digits: 3 },
      ],
      filters: [
        { key: 'policy', label: 'policy' },
        { key: 'clade', label: 'clade' },
        { key: 'tariff', label: 'tariff' },
      ],
      rows: brains.flatMap(({ clade, massG, units }) => {
        const of = (policy: string) =>
          plasticity.filter((row) => row.clade === clade && row.massG === massG && row.policy === policy);
        return policies.flatMap((policy) =>
          tariffs.map((tariff) => {
            const rows = of(policy);
            const learning = mean(rows, (row) => learningUj(row, tariff, 'all'));
            const dense = mean(of('dense'), (row) => learningUj(row, tariff, 'all'));
            return {
              clade,
              massG,
              units,
              policy,
              accuracy: mean(rows, (row) => 100 * row.accuracy),
              learnt: mean(rows, (row) => (100 * row.updates) / row.samples),
              writes: mean(rows, (row) => row.writes),
              change: mean(rows, (row) => row.change),
              tariff,
              writing: mean(rows, (row) => learningUj(row, tariff, 'writes')),
              learning,
              saving: learning && dense && dense / learning,
            };
          }),
        );
      }),
    },
  ];
}
