import { glucoseWatts, readBrainEnergy, readSpecies } from '../../models/brains/index.js';
import { type RunView, z } from '../../src/index.js';
import {
  BUDGETED,
  budgetOf,
  exponent,
  measuredAgainstBudget,
  pigeonOf,
  synapseAccounts,
} from './accounts.js';

export const config = z.strictObject({
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

type Config = z.output<typeof config>;

/** Prices every neuron alike, and sets what was measured beside it. */
export async function run({ umolPerMinPerNeuron, ratesHz }: Config) {
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
}

export type Metrics = Awaited<ReturnType<typeof run>>['metrics'];
export type View = RunView<Config, Metrics>;
