import { type EnergyRow, glucoseWatts, quantityOf, readSpecies } from '../../models/brains/index.js';
import { leastSquares } from '../../src/scaling/index.js';

export const BUDGETED = ['mouse', 'rat', 'squirrel', 'rhesus macaque', 'baboon', 'human'];
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

export function budgetOf(energy: readonly EnergyRow[], species: string) {
  const massG = quantityOf(energy, 'brain mass (for the glucose budget)', species);
  const neurons = quantityOf(energy, 'brain neurons (for the glucose budget)', species);
  const umolPerMin = quantityOf(energy, 'total brain glucose use', species);
  const watts = glucoseWatts(umolPerMin);
  return { species, massG, neurons, umolPerMin, watts, nwPerNeuron: (1e9 * watts) / neurons };
}

export type Budget = ReturnType<typeof budgetOf>;

export function pigeonOf(energy: readonly EnergyRow[], mammalNw: number) {
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

export function measuredAgainstBudget(energy: readonly EnergyRow[], wattsPerNeuron: number) {
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

export function exponent(budgets: readonly Budget[], x: (budget: Budget) => number) {
  return leastSquares(
    budgets.map((budget) => Math.log(x(budget))),
    budgets.map(({ umolPerMin }) => Math.log(umolPerMin)),
  ).slope;
}

/** Ratios of the species that the budget was found in, by glucose. */
export function budgetedRatios(
  measured: readonly { species: string; basis: string; ratio: number }[],
): number[] {
  return measured
    .filter(({ species, basis }) => basis === 'glucose' && BUDGETED.includes(species))
    .map(({ ratio }) => ratio);
}

export function synapseAccounts(energy: readonly EnergyRow[], ratesHz: readonly number[]) {
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
