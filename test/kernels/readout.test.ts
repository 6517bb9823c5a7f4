import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { readoutKernel } from '../../kernels/readout/index.js';
import { backward, forward } from '../../kernels/readout/reference.js';
import { BLOCK, blocksOf } from '../../kernels/spiking-layer/index.js';
import { stream } from '../../src/util/rng.js';

test('answer and source errors equal the reference for any number of sources and outputs', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      (seed, sources, outputs) => {
        const { normal, uniform } = stream(seed, 'readout');
        const blocks = blocksOf(outputs);
        const arena = new Arena();
        const drive = arena.float32(sources);
        const blocked = arena.float32(blocks * sources * BLOCK);
        const [answer, error, sourceError] = [
          arena.float32(blocks * BLOCK),
          arena.float32(blocks * BLOCK),
          arena.float32(sources),
        ];
        for (let n = 0; n < sources; n++) drive[n] = uniform() < 0.5 ? normal() : 0;
        for (let k = 0; k < outputs; k++) error[k] = normal();
        const weights = Float32Array.from({ length: sources * outputs }, normal);
        for (let n = 0; n < sources; n++) {
          for (let k = 0; k < outputs; k++) {
            blocked[(Math.floor(k / BLOCK) * sources + n) * BLOCK + (k % BLOCK)] = weights[n * outputs + k];
          }
        }
        const kernel = readoutKernel(arena.memory);
        kernel.forward(sources, blocks, drive.byteOffset, blocked.byteOffset, answer.byteOffset);
        kernel.backward(
          sources,
          blocks,
          drive.byteOffset,
          blocked.byteOffset,
          error.byteOffset,
          sourceError.byteOffset,
        );
        const tolerance = { rtol: 1e-5, atol: 1e-5 };
        expect(answer.subarray(0, outputs)).toBeAllclose(forward(drive, weights, outputs), tolerance);
        expect(sourceError).toBeAllclose(backward(drive, weights, error.subarray(0, outputs)), tolerance);
      },
    ),
  );
});
