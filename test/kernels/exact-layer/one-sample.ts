import { Arena } from '../../../kernels/arena.js';
import { exactLayerKernel, wholeRatio } from '../../../kernels/exact-layer/index.js';
import type { ExactNetwork, ExactResult } from '../../../kernels/spiking-layer/exact.js';
import { BLOCK, blocksOf } from '../../../kernels/spiking-layer/index.js';

/** Room for the spikes of one sample. */
const MOST = 4096;

/**
 * Does what `exactEventProp` does, by the compiled kernel: the same network, whose weights should be float32 values,
 * and the same answer.
 */
export function kernelEventProp(
  network: ExactNetwork,
  input: readonly { atMs: number; input: number }[],
  label: number,
): ExactResult {
  const { inputs, neurons, outputs, tauMMs, tauSMs, theta, windowMs, kappa } = network;
  const arena = new Arena();
  const kernel = exactLayerKernel(arena.memory);
  const [blocks, outBlocks] = [blocksOf(neurons), blocksOf(outputs)];
  const width = blocks * BLOCK;
  const blocked = (weights: Float64Array | null, sources: number, targets: number, rows = sources) => {
    if (!weights) return 0;
    const to = arena.float32(blocksOf(targets) * rows * BLOCK);
    for (let i = 0; i < sources; i++) {
      for (let j = 0; j < targets; j++) {
        to[(Math.floor(j / BLOCK) * rows + i) * BLOCK + (j % BLOCK)] = weights[i * targets + j];
      }
    }
    return to.byteOffset;
  };
  const weights = blocked(network.inputWeights, inputs, neurons);
  const recurrent = blocked(network.recurrentWeights, neurons, neurons, width);
  const readout = blocked(network.readoutWeights, neurons, outputs);

  const arrivals = input.filter(({ atMs }) => atMs < windowMs).toSorted((x, y) => x.atMs - y.atMs);
  const n = arrivals.length;
  const from = arena.uint16(n);
  const em = arena.float64(n);
  const es = arena.float64(n);
  from.set(arrivals.map((spike) => spike.input));
  em.set(arrivals.map(({ atMs }) => Math.exp(atMs / tauMMs)));
  es.set(arrivals.map(({ atMs }) => Math.exp(atMs / tauSMs)));
  const arrive = [n, from.byteOffset, em.byteOffset, es.byteOffset] as const;
  const end = [Math.exp(windowMs / tauMMs), Math.exp(windowMs / tauSMs)] as const;
  const ratio = tauMMs / tauSMs;
  const state = arena.float64(2 * width).byteOffset;
  const spikeOf = arena.uint16(MOST);
  const spikeEm = arena.float64(MOST);
  const [spikeEs, inverseSlope, error] = [1, 2, 3].map(() => arena.float64(MOST).byteOffset);
  const before = arena.uint32(MOST).byteOffset;
  const list = [spikeOf.byteOffset, spikeEm.byteOffset, spikeEs] as const;
  const spikes = kernel.forward(
    blocks,
    inputs,
    ...arrive,
    weights,
    recurrent,
    ...end,
    ratio,
    wholeRatio(tauMMs, tauSMs),
    theta,
    1e-9,
    state,
    MOST,
    ...list,
    inverseSlope,
    before,
  );
  if (spikes < 0) throw new Error('more spikes than there is room for');

  const drive = arena.float64(neurons);
  const answer = arena.float64(outBlocks * BLOCK);
  const errors = arena.float64(outBlocks * BLOCK);
  const read = [neurons, outBlocks, readout, ...end, tauMMs, tauSMs, kappa / windowMs] as const;
  kernel.readoutForward(spikes, ...list, ...read, drive.byteOffset, answer.byteOffset);
  const z = Float64Array.from(answer.subarray(0, outputs));
  const sum = z.reduce((total, value) => total + Math.exp(value), 0);
  errors.set(z.map((value, k) => Math.exp(value) / sum - (k === label ? 1 : 0)));
  kernel.readoutBackward(spikes, ...list, ...read, errors.byteOffset, error);

  const rows = arena.float64(blocks * n * BLOCK);
  const recurrentRows = arena.float64(blocks * MOST * BLOCK);
  kernel.backward(
    blocks,
    inputs,
    ...arrive,
    weights,
    recurrent,
    ratio,
    theta,
    state,
    spikes,
    ...list,
    inverseSlope,
    before,
    error,
    rows.byteOffset,
    n * BLOCK * 8,
    0,
    recurrentRows.byteOffset,
    MOST * BLOCK * 8,
  );

  const gradient = (
    sources: number,
    sent: ArrayLike<number>,
    rowOf: number[],
    of: Float64Array,
    stride: number,
  ) => {
    const sum = new Float64Array(sources * neurons);
    for (const [k, row] of rowOf.entries()) {
      for (let j = 0; j < neurons; j++) {
        const lambda = of[(Math.floor(j / BLOCK) * stride + row) * BLOCK + (j % BLOCK)];
        sum[sent[k] * neurons + j] -= tauSMs * lambda;
      }
    }
    return sum;
  };
  let row = -1;
  const rowOf = Array.from(em, (now, k) => (k > 0 && now === em[k - 1] ? row : ++row));
  return {
    loss: Math.log(sum) - z[label],
    answer: z,
    spikes: Array.from({ length: spikes }, (_, s) => ({
      atMs: tauMMs * Math.log(spikeEm[s]),
      neuron: spikeOf[s],
    })),
    inputGradient: gradient(inputs, from, rowOf, rows, n),
    recurrentGradient: network.recurrentWeights
      ? gradient(
          neurons,
          spikeOf,
          Array.from({ length: spikes }, (_, s) => s),
          recurrentRows,
          MOST,
        )
      : null,
    readoutGradient: Float64Array.from({ length: neurons * outputs }, (_, k) => {
      return drive[Math.floor(k / outputs)] * errors[k % outputs];
    }),
  };
}
