/** A decoder-only transformer: width, feed-forward width, size of a head, heads, layers. */
export interface Shape {
  readonly width: number;
  readonly feedForward: number;
  readonly head: number;
  readonly heads: number;
  readonly layers: number;
}

/** Six of the shapes in table A4 of Hoffmann et al. 2022 (arXiv:2203.15556), 73 million to 6.8 billion parameters. */
export const CHINCHILLA_SHAPES: readonly Shape[] = [
  { width: 640, feedForward: 2560, head: 64, heads: 10, layers: 10 },
  { width: 1024, feedForward: 4096, head: 64, heads: 16, layers: 20 },
  { width: 1280, feedForward: 5120, head: 128, heads: 10, layers: 24 },
  { width: 1792, feedForward: 7168, head: 128, heads: 14, layers: 26 },
  { width: 2048, feedForward: 8192, head: 128, heads: 16, layers: 28 },
  { width: 3584, feedForward: 14_336, head: 128, heads: 28, layers: 40 },
];

const VOCABULARY = 32_000;
const CONTEXT = 2048;

/**
 * Weights: embeddings once (they are shared with the output), five square matrices of attention in each layer, one of
 * them for relative positions, and two of the feed-forward net.
 */
export function parametersOfShape({ width, feedForward, head, heads, layers }: Shape): number {
  return VOCABULARY * width + layers * (5 * width * head * heads + 2 * width * feedForward);
}

/**
 * FLOP of training on one token, counted operation by operation as in appendix F of the paper: a multiplication and
 * an addition count two, and the backward pass costs two forward ones. Embeddings and the output layer are left out,
 * as they are in the numbers of the paper's table.
 */
export function trainingFlopPerToken({ width, feedForward, head, heads, layers }: Shape): number {
  const inner = head * heads;
  const projections = 2 * 3 * width * inner;
  const scores = 2 * CONTEXT * inner;
  const softmax = 3 * heads * CONTEXT;
  const reduction = 2 * CONTEXT * inner;
  const output = 2 * inner * width;
  const dense = 2 * 2 * width * feedForward;
  return 3 * layers * (projections + scores + softmax + reduction + output + dense);
}
