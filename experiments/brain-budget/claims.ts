import { atLeast, atMost, type Claim, near } from '../../src/index.js';
import { budgetedRatios } from './accounts.js';
import type { View } from './run.js';

const HH2011 = 'Herculano-Houzel 2011, doi:10.1371/journal.pone.0017514';
const RECOMPUTED = 'computed independently from the same table (Python)';

export function claims({ metrics, config }: View): Claim[] {
  const ratio = (species: string, basis: string) =>
    metrics.measured.find((row) => row.species === species && row.basis === basis)!.ratio;
  const account = (start: string) => metrics.synapses.find((row) => row.account.startsWith(start))!.fj;
  const human = metrics.budgets.find(({ species }) => species === 'human')!;
  const perNeuron = metrics.budgets.map(({ nwPerNeuron }) => nwPerNeuron);
  const facts = [
    near('Power of the human brain by glucose', human.watts, 21.9, 0.1, HH2011, 'W'),
    near(
      'Mean power of a neuron in six species',
      perNeuron.reduce((a, b) => a + b) / perNeuron.length,
      0.27,
      0.002,
      HH2011,
      'nW',
    ),
    near(
      'Most expensive neuron over cheapest, six species',
      Math.max(...perNeuron) / Math.min(...perNeuron),
      1.4,
      0.05,
      HH2011,
      'times',
    ),
    near(
      'Exponent of glucose in brain mass',
      metrics.massExponent.value,
      0.873,
      0.005,
      `${HH2011} [0.830, 0.915]`,
    ),
    near(
      'Power of a pigeon neuron',
      metrics.pigeon.nwPerNeuron,
      0.087,
      0.0005,
      'von Eugen et al. 2022, doi:10.1016/j.cub.2022.07.070',
      'nW',
    ),
    near('Pigeon neuron against the mammalian mean', metrics.pigeon.ratioToMammals, 0.32, 0.005, RECOMPUTED),
    near('Power of a pigeon brain', metrics.pigeon.watts, 0.0267, 0.0003, RECOMPUTED, 'W'),
    near('One vesicle', account('one vesicle'), 13.6, 0.05, RECOMPUTED, 'fJ'),
    near(
      'One spike at one synapse',
      account('one spike at one synapse, release'),
      3.4,
      0.05,
      RECOMPUTED,
      'fJ',
    ),
    near(
      'The same with its share of the action potential',
      account('with its share'),
      7.42,
      0.05,
      RECOMPUTED,
      'fJ',
    ),
    near('All signalling at 4 Hz', account('all signalling'), 8.54, 0.05, RECOMPUTED, 'fJ'),
  ];
  const isStandard = config.umolPerMinPerNeuron === 5.79e-9 && config.ratesHz.join() === '0.16,1,4';
  if (!isStandard) return facts;
  return [
    ...facts,
    near('Rabbit, measured against budget', ratio('rabbit', 'glucose'), 2.8, 0.05, RECOMPUTED, 'times'),
    near('Cat, measured against budget', ratio('cat', 'glucose'), 3.1, 0.05, RECOMPUTED, 'times'),
    near('Dog, measured against budget', ratio('dog', 'O2'), 2.4, 0.05, RECOMPUTED, 'times'),
    atLeast(
      'Mouse to human, least measured against budget',
      Math.min(...budgetedRatios(metrics.measured)),
      0.79,
      RECOMPUTED,
    ),
    atMost(
      'Mouse to human, most measured against budget',
      Math.max(...budgetedRatios(metrics.measured)),
      1.41,
      RECOMPUTED,
    ),
    near('Human cortex, all-in, 0.16 Hz', account('human cortex, all power, 0.16'), 367, 1, RECOMPUTED, 'fJ'),
    near('Human cortex, all-in, 1 Hz', account('human cortex, all power, 1 Hz'), 58.7, 0.1, RECOMPUTED, 'fJ'),
    near('Human cortex, all-in, 4 Hz', account('human cortex, all power, 4 Hz'), 14.7, 0.1, RECOMPUTED, 'fJ'),
    near('Human brain, all-in, 0.16 Hz', account('human brain, all power, 0.16'), 208, 1, RECOMPUTED, 'fJ'),
  ];
}
