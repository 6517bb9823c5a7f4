/** L(N, D) = E + A/N^alpha + B/D^beta: loss in nats a token of a model of N parameters after D tokens. */
export interface LossLaw {
  readonly e: number;
  readonly a: number;
  readonly b: number;
  readonly alpha: number;
  readonly beta: number;
}

/** FLOP of training a dense transformer on a token, per parameter: forward 2, backward 4. */
export const FLOP_PER_PARAMETER_TOKEN = 6;

/** Loss by the law, in nats a token: L(N, D) = E + A/N^alpha + B/D^beta. */
export function lossAt({ e, a, b, alpha, beta }: LossLaw, parameters: number, tokens: number): number {
  return e + a * parameters ** -alpha + b * tokens ** -beta;
}

/** How model and data share a budget: N ∝ C^a, D ∝ C^(1 - a), a = beta/(alpha + beta). */
export function parameterExponent({ alpha, beta }: LossLaw): number {
  return beta / (alpha + beta);
}

/** The best model for a budget, and what it is trained on. */
export interface Allocation {
  readonly flop: number;
  readonly parameters: number;
  readonly tokens: number;
  readonly tokensPerParameter: number;
  readonly loss: number;
}

/**
 * Parameters and tokens of least loss at a training budget of C = 6·N·D FLOP:
 * N = G·(C/6)^a, D = (C/6)^(1-a)/G with G = (alpha·A/(beta·B))^(1/(alpha+beta)), a = beta/(alpha+beta).
 * Hoffmann et al. 2022, eq. 4, arXiv:2203.15556.
 */
export function computeOptimal(law: LossLaw, flop: number): Allocation {
  const { a, b, alpha, beta } = law;
  const g = ((alpha * a) / (beta * b)) ** (1 / (alpha + beta));
  const product = flop / FLOP_PER_PARAMETER_TOKEN;
  const parameters = g * product ** parameterExponent(law);
  const tokens = product / parameters;
  return {
    flop,
    parameters,
    tokens,
    tokensPerParameter: tokens / parameters,
    loss: lossAt(law, parameters, tokens),
  };
}

/** Published and refitted laws, as fixtures. Two different optima are among them: see the notes on each. */
export const LOSS_LAWS = {
  /** Hoffmann et al. 2022, arXiv:2203.15556, digits of the TeX source. The optimiser had stopped early. */
  hoffmann: { e: 1.69337, a: 406.4, b: 410.72, alpha: 0.33917, beta: 0.28491 },
  /** The same as printed. */
  hoffmannRounded: { e: 1.69, a: 406.4, b: 410.7, alpha: 0.34, beta: 0.28 },
  /** Besiroglu et al. 2024, arXiv:2404.10102, as published: near the least-absolute-deviation optimum. */
  besiroglu: { e: 1.8172, a: 482.01, b: 2085.43, alpha: 0.3478, beta: 0.3658 },
  /** Their notebook's Huber optimum: github epoch-research/analyzing-chinchilla@9225883. */
  epochNotebook: { e: 1.81724, a: 477.84, b: 2143.9, alpha: 0.34731, beta: 0.36718 },
} as const satisfies Record<string, LossLaw>;
