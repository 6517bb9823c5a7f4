import * as Plot from '@observablehq/plot';
import {
  type EnergyRow,
  glucoseWatts,
  quantityOf,
  readBrainEnergy,
  readSpecies,
} from '../models/brains/index.js';
import { atLeast, atMost, defineExperiment, near, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { leastSquares } from '../src/scaling/index.js';

const config = z.strictObject({
  umolPerMinPerNeuron: z
    .number()
    .positive()
    .default(5.79e-9)
    .describe('glucose budget of a mammalian neuron (µmol a minute)'),
  ratesHz: z
    .array(z.number().positive())
    .min(1)
    .default([0.16, 1, 4])
    .describe('mean firing rates for the cost of a synaptic event (Hz)'),
});

const BUDGETED = ['mouse', 'rat', 'squirrel', 'rhesus macaque', 'baboon', 'human'];
/** Names in the metabolic table of Karbowski beside common names in the table of counted brains. */
const KARBOWSKI: [string, string][] = [
  ['mouse', 'house mouse'],
  ['rat', 'brown rat'],
  ['rabbit', 'European rabbit'],
  ['cat', 'cat'],
  ['dog', 'dog'],
  ['rhesus macaque', 'rhesus macaque'],
  ['baboon', 'baboon'],
  ['human', 'human'],
];
const HH2011 = 'Herculano-Houzel 2011, doi:10.1371/journal.pone.0017514';
const RECOMPUTED = 'computed independently from the same table (Python)';

export default defineExperiment({
  id: 'brain-budget',
  title: 'What does a neuron cost?',
  question: 'Is there one energy budget for every neuron, and what does a synaptic event cost under it?',
  prediction:
    'A human neuron and a mouse neuron: which uses more power? Guess the power of a mouse brain from that of yours (20 W ' +
    'for 86 billion neurons; the mouse has 70 million). Is a pigeon neuron cheaper?',
  config,
  presets: { quick: {}, full: {} },

  async run({ umolPerMinPerNeuron, ratesHz }) {
    const energy = readBrainEnergy();
    const wattsPerNeuron = glucoseWatts(umolPerMinPerNeuron);
    const budgets = BUDGETED.map((species) => budgetOf(energy, species));
    const mean = budgets.reduce((sum, { nwPerNeuron }) => sum + nwPerNeuron, 0) / budgets.length;
    return {
      metrics: {
        budgets,
        nwPerNeuron: wattsPerNeuron * 1e9,
        pigeon: pigeonOf(energy, mean),
        measured: measuredAgainstBudget(energy, wattsPerNeuron),
        massExponent: exponent(budgets, ({ massG }) => massG),
        neuronExponent: exponent(budgets, ({ neurons }) => neurons),
        brains: readSpecies().flatMap(({ common_name, clade, total_neurons }) =>
          total_neurons === null
            ? []
            : [
                {
                  species: common_name,
                  clade,
                  neurons: total_neurons,
                  watts: total_neurons * wattsPerNeuron,
                },
              ],
        ),
        synapses: synapseAccounts(energy, ratesHz),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'budgets',
      title: 'Power from glucose, six species',
      columns: [
        { key: 'species', label: 'species' },
        { key: 'massG', label: 'brain', unit: 'g', digits: 4 },
        { key: 'neurons', label: 'neurons', digits: 3 },
        { key: 'watts', label: 'power', unit: 'W', digits: 3 },
        { key: 'nwPerNeuron', label: 'per neuron', unit: 'nW', digits: 3 },
      ],
      rows: [...metrics.budgets, metrics.pigeon],
    },
    {
      name: 'measured',
      title: 'Measured power against the same budget for every neuron',
      columns: [
        { key: 'species', label: 'species' },
        { key: 'basis', label: 'measured by' },
        { key: 'measuredW', label: 'measured', unit: 'W', digits: 3 },
        { key: 'budgetW', label: 'budget', unit: 'W', digits: 3 },
        { key: 'ratio', label: 'measured / budget', digits: 2 },
      ],
      rows: metrics.measured,
    },
    {
      name: 'synapses',
      title: 'Energy of a synaptic event, by account',
      columns: [
        { key: 'account', label: 'account' },
        { key: 'basis', label: 'basis' },
        { key: 'fj', label: 'energy', unit: 'fJ', digits: 3 },
      ],
      rows: metrics.synapses,
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'power',
      title: 'Brain power against neurons',
      caption:
        'Line: the same budget for every neuron. Dots: measured by glucose or oxygen. Primates and rodents lie near it; ' +
        'rabbit, cat and dog spend two to three times as much, the pigeon a third.',
      plot: {
        x: { type: 'log', label: 'neurons', tickFormat: powerOfTen, inset: 12 },
        y: { type: 'log', label: 'brain power (W)', tickFormat: powerOfTen, inset: 14 },
        marks: [
          Plot.line(ends(metrics.measured, metrics.nwPerNeuron), {
            x: 'neurons',
            y: 'watts',
            stroke: '#D55E00',
            strokeWidth: 2,
          }),
          Plot.dot(metrics.measured, { x: 'neurons', y: 'measuredW', r: 5, fill: '#0072B2' }),
          Plot.dot([metrics.pigeon], { x: 'neurons', y: 'watts', r: 5, fill: '#0072B2' }),
          Plot.text(labelled(metrics.measured), { x: 'neurons', y: 'measuredW', text: 'species', dy: -13 }),
          Plot.text([metrics.pigeon], { x: 'neurons', y: 'watts', text: 'species', dy: 16 }),
        ],
      },
      rows: metrics.measured,
    },
    {
      name: 'synapses',
      title: 'One synaptic event, many prices',
      caption:
        'Accounts differ by what they include: one vesicle, one spike that may release none, its share of the action ' +
        'potential, all signalling, or all power of the brain over all events.',
      plot: {
        height: 380,
        marginLeft: 330,
        x: { type: 'log', label: 'energy of an event (fJ)', tickFormat: String, inset: 20 },
        y: { label: null, domain: metrics.synapses.map(({ account }) => account) },
        color: {
          legend: true,
          type: 'categorical',
          domain: [...new Set(metrics.synapses.map(({ basis }) => basis))],
        },
        symbol: { legend: true, domain: [...new Set(metrics.synapses.map(({ basis }) => basis))] },
        marks: [
          Plot.dot(metrics.synapses, {
            x: 'fj',
            y: 'account',
            stroke: 'basis',
            symbol: 'basis',
            r: 6,
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.synapses,
    },
  ],

  claims({ metrics, config }) {
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
      near(
        'Pigeon neuron against the mammalian mean',
        metrics.pigeon.ratioToMammals,
        0.32,
        0.005,
        RECOMPUTED,
      ),
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
      near(
        'Human cortex, all-in, 0.16 Hz',
        account('human cortex, all power, 0.16'),
        367,
        1,
        RECOMPUTED,
        'fJ',
      ),
      near(
        'Human cortex, all-in, 1 Hz',
        account('human cortex, all power, 1 Hz'),
        58.7,
        0.1,
        RECOMPUTED,
        'fJ',
      ),
      near(
        'Human cortex, all-in, 4 Hz',
        account('human cortex, all power, 4 Hz'),
        14.7,
        0.1,
        RECOMPUTED,
        'fJ',
      ),
      near('Human brain, all-in, 0.16 Hz', account('human brain, all power, 0.16'), 208, 1, RECOMPUTED, 'fJ'),
    ];
  },

  finding({ metrics }) {
    const events = metrics.synapses.map(({ fj }) => fj);
    return (
      `Six species from mouse to human spend ${metrics.nwPerNeuron.toFixed(2)} nW on a neuron, within a factor of 1.4, but rabbit, ` +
      `cat and dog two to three times as much and the pigeon ${metrics.pigeon.ratioToMammals.toFixed(2)} of it. A synaptic event ` +
      `costs ${Math.min(...events).toFixed(1)} to ${Math.max(...events).toFixed(0)} fJ, depending on what is counted.`
    );
  },

  caveats: () => [
    'A fixed budget holds for the six species it was found in; others break it. Cortical neurons cost at least ten cerebellar ones.',
    'Glucose is charged at its heat of combustion; by oxygen the human brain takes 16 W instead of 22.',
    'One bird was measured: the pigeon. Parrots and crows may differ.',
    'ATP for a vesicle, boutons of a neuron and release probability of the rodent account are recalled values.',
  ],
});

function budgetOf(energy: readonly EnergyRow[], species: string) {
  const massG = quantityOf(energy, 'brain mass (for the glucose budget)', species);
  const neurons = quantityOf(energy, 'brain neurons (for the glucose budget)', species);
  const umolPerMin = quantityOf(energy, 'total brain glucose use', species);
  const watts = glucoseWatts(umolPerMin);
  return { species, massG, neurons, umolPerMin, watts, nwPerNeuron: (1e9 * watts) / neurons };
}

function pigeonOf(energy: readonly EnergyRow[], mammalNw: number) {
  const dove = readSpecies().find(({ common_name }) => common_name === 'rock dove')!;
  const nwPerNeuron =
    1e9 * glucoseWatts(quantityOf(energy, 'glucose use per neuron, whole brain', 'pigeon (awake)'));
  const massG = dove.brain_mass_g!;
  return {
    species: 'pigeon',
    massG,
    neurons: dove.total_neurons!,
    watts: glucoseWatts(massG * quantityOf(energy, 'glucose use per gram of brain', 'pigeon (awake)')),
    nwPerNeuron,
    ratioToMammals: nwPerNeuron / mammalNw,
  };
}

function measuredAgainstBudget(energy: readonly EnergyRow[], wattsPerNeuron: number) {
  const table = readSpecies();
  return KARBOWSKI.flatMap(([species, commonName]) => {
    const neurons = table.find((row) => row.common_name === commonName)!.total_neurons!;
    const budgetW = neurons * wattsPerNeuron;
    return (['glucose', 'O2'] as const).flatMap((basis) => {
      const row = energy.find(
        (each) =>
          each.quantity === `brain power from ${basis} use (Karbowski)` && each.species_or_system === species,
      );
      if (row === undefined) return [];
      const measuredW = Number(row.value);
      return [{ species, basis, neurons, measuredW, budgetW, ratio: measuredW / budgetW }];
    });
  });
}

type Budget = ReturnType<typeof budgetOf>;

function exponent(budgets: readonly Budget[], x: (budget: Budget) => number) {
  return leastSquares(
    budgets.map((budget) => Math.log(x(budget))),
    budgets.map(({ umolPerMin }) => Math.log(umolPerMin)),
  ).slope;
}

/** Ratios of the species that the budget was found in, by glucose. */
function budgetedRatios(measured: readonly { species: string; basis: string; ratio: number }[]): number[] {
  return measured
    .filter(({ species, basis }) => basis === 'glucose' && BUDGETED.includes(species))
    .map(({ ratio }) => ratio);
}

function synapseAccounts(energy: readonly EnergyRow[], ratesHz: readonly number[]) {
  const of = (quantity: string, system: string) => quantityOf(energy, quantity, system);
  const joulesPerAtp = of('energy per ATP (free energy)', 'cell');
  const fjOfAtp = (atp: number) => atp * joulesPerAtp * 1e15;
  const vesicle = fjOfAtp(of('ATP per vesicle: total (post + pre + recycling)', 'glutamate synapse'));
  const boutons = of('boutons per neuron assumed in the budget', 'rodent cortex');
  const spikeShare = fjOfAtp(of('ATP per action potential (axon+soma)', 'rodent cortex') / boutons);
  const release = of('release probability assumed in the budget', 'rodent cortex');
  const signallingRateHz = of('mean firing rate assumed in the budget', 'rodent cortex');
  const signalling = fjOfAtp(of('ATP use per neuron at 4 Hz', 'rodent cortex') / signallingRateHz / boutons);
  const brainWatts = of('human brain power (rounded, oft-quoted)', 'human');
  const cortexWatts = brainWatts * of('share of brain glucose used by neocortex', 'human');
  const cortexSynapses = of('synapses in neocortex', 'human');
  const brainSynapses = 86e9 * of('synapses per neuron, neocortex', 'human');
  const allIn = (watts: number, synapses: number, rateHz: number) => (1e15 * watts) / (synapses * rateHz);
  return [
    { account: `one spike at one synapse, release ${release}`, basis: 'marginal ATP', fj: release * vesicle },
    {
      account: 'with its share of the action potential',
      basis: 'marginal ATP',
      fj: release * vesicle + spikeShare,
    },
    { account: 'one vesicle', basis: 'marginal ATP', fj: vesicle },
    { account: `all signalling, ${signallingRateHz} Hz`, basis: 'signalling ATP', fj: signalling },
    ...ratesHz.map((rateHz) => ({
      account: `human cortex, all power, ${rateHz} Hz`,
      basis: 'all-in',
      fj: allIn(cortexWatts, cortexSynapses, rateHz),
    })),
    ...ratesHz.map((rateHz) => ({
      account: `human brain, all power, ${rateHz} Hz`,
      basis: 'all-in',
      fj: allIn(brainWatts, brainSynapses, rateHz),
    })),
  ];
}

function ends(measured: readonly { neurons: number }[], nwPerNeuron: number) {
  const neurons = measured.map((row) => row.neurons);
  return [Math.min(...neurons), Math.max(...neurons)].map((count) => ({
    neurons: count,
    watts: count * nwPerNeuron * 1e-9,
  }));
}

/** One label for each species, at its higher point. */
function labelled<Row extends { species: string; measuredW: number }>(rows: readonly Row[]): Row[] {
  return rows.filter((row) =>
    rows.every((other) => other.species !== row.species || other.measuredW <= row.measuredW),
  );
}
