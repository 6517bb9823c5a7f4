import { FLOP_PER_PARAMETER_TOKEN } from '../../../src/scaling/index.js';
import { figure } from '../figure.js';
import type { AuditInputs } from '../inputs.js';
import type { Computations } from './computation.js';

const GPT3 = 'GPT-3 175B';
const CHINCHILLA = 'Chinchilla 70B';
const GOPHER = 'Gopher 280B';
const V3 = 'DeepSeek-V3';
const H100 = 'H100 SXM5 80GB';

/** Parameters, tokens, FLOP and cost of models, from notable_models.csv. */
export const models: Computations = {
  A025: sizeOfGpt3,
  B007: sizeOfGpt3,
  B013: (inputs) => [
    figure('tokens a parameter', ratioOf(inputs, CHINCHILLA), '20.0', { claimed: 20 }),
    figure('6·N·D', trainingFlop(inputs, CHINCHILLA), '5.88e23', { unit: 'FLOP' }),
  ],
  B014: (inputs) => {
    const [chinchilla, gopher] = [trainingFlop(inputs, CHINCHILLA), trainingFlop(inputs, GOPHER)];
    const reported = (model: string) => inputs.model(model).flop_reported!;
    return [
      figure('6·N·D of Chinchilla', chinchilla, '5.88e23', { unit: 'FLOP', claimed: gopher }),
      figure('more than Gopher', 100 * (chinchilla / gopher - 1), '16.7', { unit: '%' }),
      figure('more, as reported', 100 * (reported(CHINCHILLA) / reported(GOPHER) - 1), '-8.7', { unit: '%' }),
    ];
  },
  B015: ({ model }) => [
    figure('size', model(CHINCHILLA).params_total! / model(GOPHER).params_total!, '0.25', { claimed: 0.25 }),
  ],
  B016: (inputs) => [
    figure('tokens a parameter, Gopher', ratioOf(inputs, GOPHER), '1.07', { claimed: 20, sense: 'at most' }),
    figure('MT-NLG', ratioOf(inputs, 'Megatron-Turing NLG 530B'), '0.51', { claimed: 20, sense: 'at most' }),
    figure('GPT-3', ratioOf(inputs, GPT3), '1.71', { claimed: 20, sense: 'at most' }),
  ],
  B023: () => [
    figure('tokens a parameter', 15e12 / 8e9, '1875', { claimed: 1875 }),
    figure('with 8.03 billion', 15e12 / 8.03e9, '1868'),
  ],
  B026: () => [
    figure('growth of the set', 18 / 7, '2.57', { unit: '×' }),
    figure('tokens a parameter, 72.7 billion', 18e12 / 72.7e9, '248'),
  ],
  B027: (inputs) => [
    figure('tokens a parameter', ratioOf(inputs, 'Falcon-180B'), '19.44', { claimed: 19.4 }),
    figure('6·N·D', trainingFlop(inputs, 'Falcon-180B'), '3.78e24', { unit: 'FLOP' }),
  ],
  B029: (inputs) => [figure('tokens a parameter', ratioOf(inputs, GPT3), '1.714', { claimed: 1.7 })],
  B030: (inputs) => [figure('tokens a parameter', ratioOf(inputs, CHINCHILLA), '20.0', { claimed: 20 })],
  B059: ({ model }) => [
    figure(
      'reported FLOP, GPT-4 over GPT-3',
      model('GPT-4').flop_reported! / model(GPT3).flop_reported!,
      '66.9',
      {
        unit: '×',
        claimed: 55,
      },
    ),
  ],
  B060: () => [
    figure('points gained', 86.4 - 43.9, '42.5', { claimed: 42 }),
    figure('points a decade, at 55 times', (86.4 - 43.9) / Math.log10(55), '24.4'),
    figure('at 66.9 times', (86.4 - 43.9) / Math.log10(66.9), '23.3'),
  ],
  B065: ({ model }) => [
    figure('active', (100 * model(V3).params_active!) / model(V3).params_total!, '5.5', {
      unit: '%',
      claimed: (100 * 37) / 671,
    }),
  ],
  B066: ({ gpu }) => {
    const flop = FLOP_PER_PARAMETER_TOKEN * 37e9 * 14.8e12;
    const rate = flop / (2.664e6 * 3600);
    return [
      figure('6·N·D of the active parameters', flop, '3.29e24', { unit: 'FLOP' }),
      figure('rate of a GPU', rate, '3.43e14', { unit: 'FLOP/s' }),
      figure('share of the BF16 peak', (100 * rate) / (gpu(H100).bf16_tflops * 1e12), '34.6', {
        unit: '%',
        slack: 0.1,
      }),
      figure('share of the FP8 peak', (100 * rate) / (gpu(H100).fp8_tflops! * 1e12), '17.3', { unit: '%' }),
    ];
  },
  B067: () => [figure('2.788 million hours at 2 $', 2.788 * 2, '5.576', { unit: 'M$', claimed: 5.6 })],
  B068: (inputs) => [
    figure('FLOP of a dense model of the same size', 671 / 37, '18.1', {
      unit: '×',
      claimed: 100,
      sense: 'at least',
    }),
    figure('GPU-hours of Llama 3.1 405B', 30.84 / 2.788, '11.1', { unit: '×' }),
    figure('its FLOP', trainingFlop(inputs, 'Llama 3.1 405B') / (6 * 37e9 * 14.8e12), '11.5', {
      unit: '×',
      slack: 0.1,
    }),
  ],
  B070: () => [figure('size, 405 over 72.7 billion', 405 / 72.7, '5.6', { unit: '×' })],
  D004: (inputs) => [
    figure('6·N·D', trainingFlop(inputs, GPT3), '3.15e23', { unit: 'FLOP', claimed: 3.14e23 }),
    figure('more than claimed', 100 * (trainingFlop(inputs, GPT3) / 3.14e23 - 1), '0.3', { unit: '%' }),
  ],
  D005: ({ model }) => [
    figure('parameters of PaLM 2 (leaked)', model('PaLM 2 (L)').params_total!, null, { claimed: 540e9 }),
  ],
  D006: (inputs) => [
    figure('6·N·D of PaLM', trainingFlop(inputs, 'PaLM 540B'), '2.53e24', { unit: 'FLOP', claimed: 1.5e24 }),
    figure('of PaLM 2', trainingFlop(inputs, 'PaLM 2 (L)'), '7.34e24', { unit: 'FLOP', claimed: 1.5e24 }),
  ],
  D007: ({ model }) => [
    figure('parameters', model('GLaM 64B/64E').params_total! / 1e12, '1.2', { unit: '10¹²', claimed: 1.2 }),
    figure(
      'active',
      (100 * model('GLaM 64B/64E').params_active!) / model('GLaM 64B/64E').params_total!,
      '8',
      { unit: '%' },
    ),
  ],
  D013: (inputs) => [
    figure(
      '6·N·D, 20B over 6B',
      trainingFlop(inputs, 'GPT-NeoX-20B') / trainingFlop(inputs, 'GPT-J-6B'),
      '4.0',
      {
        unit: '×',
        claimed: 3,
      },
    ),
    figure(
      'as reported',
      inputs.model('GPT-NeoX-20B').flop_reported! / inputs.model('GPT-J-6B').flop_reported!,
      '6.2',
      {
        unit: '×',
      },
    ),
  ],
  D015: () => [figure('people who emit 300 t a year', 300 / 4.7, '64')],
  D021: ({ model }) => {
    const { params_active, params_total } = model('GLaM 64B/64E');
    return [
      figure('of its own dense FLOP', (100 * params_active!) / params_total!, '8', { unit: '%', claimed: 1 }),
      figure('of GPT-3’s', (100 * params_active!) / model(GPT3).params_total!, '55', { unit: '%' }),
    ];
  },
  D030: ({ gpu }) => {
    const seconds = (6 * 1e12 * 20e12) / (0.4 * gpu(H100).bf16_tflops * 1e12);
    return [
      figure('dense, 20 tokens a parameter, 40 % of peak, 2 $ an hour', ((seconds / 3600) * 2) / 1e6, '169', {
        unit: 'M$',
        claimed: 30,
        sense: 'at least',
        slack: 0.2,
      }),
    ];
  },
  D033: (inputs) => [
    figure(
      '6·N·D of Llama 3.1 405B, above the threshold of compute',
      trainingFlop(inputs, 'Llama 3.1 405B'),
      null,
      { unit: 'FLOP' },
    ),
    figure('of DeepSeek-V3, below it', trainingFlop(inputs, V3), null, { unit: 'FLOP' }),
  ],
};

function sizeOfGpt3(inputs: AuditInputs) {
  return [
    figure('tokens a parameter', ratioOf(inputs, GPT3), '1.71', { claimed: 300 / 175 }),
    figure('6·N·D', trainingFlop(inputs, GPT3), '3.15e23', { unit: 'FLOP' }),
  ];
}

function ratioOf({ model }: AuditInputs, name: string): number {
  return model(name).training_tokens! / model(name).params_total!;
}

function trainingFlop({ model }: AuditInputs, name: string): number {
  return FLOP_PER_PARAMETER_TOKEN * model(name).params_active! * model(name).training_tokens!;
}
