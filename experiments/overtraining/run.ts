import { type NotableModel, readNotableModels } from '../../src/data/notable-models.js';
import { z } from '../../src/index.js';
import {
  cheapestToServe,
  cheapestTraining,
  computeOptimal,
  LOSS_LAWS,
  type LossLaw,
  logspace,
  lossAt,
  overtrainingPenalty,
} from '../../src/scaling/index.js';

export const config = z.strictObject({
  law: z
    .enum(['refit', 'hoffmann'])
    .default('refit')
    .describe('loss law: the converged refit, or the coefficients of 2022'),
  parameters: z.number().positive().default(70e9).describe('model whose loss is to be reached'),
  tokens: z.number().positive().default(1.4e12).describe('tokens that it was trained on'),
  servedTokens: z
    .array(z.number().min(0))
    .min(1)
    .default([0, 1e12, 1e13, 1e14])
    .describe('tokens answered over the life of the model'),
});
export type Config = z.output<typeof config>;

const LAWS = { refit: LOSS_LAWS.epochNotebook, hoffmann: LOSS_LAWS.hoffmann } as const;

export async function compute({ law: name, parameters, tokens, servedTokens }: Config) {
  const law = LAWS[name];
  const target = lossAt(law, parameters, tokens);
  const llama = lossAt(law, 8e9, 15e12);
  return {
    metrics: {
      target,
      models: readNotableModels().flatMap((model) => described(model, law)),
      served: servedTokens.map((served) => servedRow(law, target, served)),
      curve: logspace(1e11, 1e16, 60).map((served) => servedRow(law, target, served)),
      penalties: logspace(1, 1e4, 80).map((tokensPerParameter) => ({
        tokensPerParameter,
        penalty: penaltyAt(law, target, tokensPerParameter),
      })),
      llama: { loss: llama, ...cheapest(law, llama), penalty: overtrainingPenalty(law, 8e9, 15e12) },
      longerTraining: lossAt(law, 1.18e9, 2.3e12) - lossAt(law, 1.18e9, 3e12),
      optimumRatio: computeOptimal(law, 5.76e23).tokensPerParameter,
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

function described(model: NotableModel, law: LossLaw) {
  const { params_active: parameters, training_tokens: tokens } = model;
  if (parameters === null || tokens === null) return [];
  return [
    {
      model: model.model,
      year: yearOf(model.date),
      parameters,
      tokens,
      tokensPerParameter: tokens / parameters,
      loss: lossAt(law, parameters, tokens),
      penalty: overtrainingPenalty(law, parameters, tokens),
    },
  ];
}

function yearOf(date: string): number {
  const day = new Date(date);
  return day.getUTCFullYear() + day.getUTCMonth() / 12;
}

function cheapest(law: LossLaw, loss: number) {
  const { parameters, tokens, flop } = cheapestTraining(law, loss);
  return { parameters, tokens, flop };
}

function servedRow(law: LossLaw, loss: number, servedTokens: number) {
  const model = cheapestToServe(law, loss, servedTokens);
  return { servedTokens, ...model, tokensPerParameter: model.trainingTokens / model.parameters };
}

/** Training compute, against the cheapest, of a model of that ratio which reaches the loss. */
function penaltyAt(law: LossLaw, loss: number, tokensPerParameter: number): number {
  const sizes = logspace(1e6, 1e15, 2000);
  const parameters = sizes.find((size) => lossAt(law, size, size * tokensPerParameter) <= loss)!;
  return overtrainingPenalty(law, parameters, parameters * tokensPerParameter);
}
