import { expect, test } from 'vitest';
import { philox, poissonCount, poissonPlan, poissonTable } from '../../../kernels/random/index.js';
import { RANDOM_WGSL } from '../../../kernels/random/webgpu.wgsl.js';
import { stream } from '../../../src/util/rng.js';
import { withSwiftShader } from '../../each-backend.js';
import { COMPUTE_BINDINGS, compute } from '../../gpu-compute.js';

const word = (random: ReturnType<typeof stream>) => Math.floor(random.uniform() * 2 ** 32);

withSwiftShader(() => {
  test('Philox in WGSL is that of the reference, extreme words included', async () => {
    const random = stream(1, 'philox');
    const calls = Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 6 }, () => (i < 4 ? [0, 0xffffffff, 0x80000000, 0xffff][i] : word(random))),
    );
    const code = `${COMPUTE_BINDINGS('u32')}${RANDOM_WGSL}
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
        if (id.x >= 64u) { return; }
        let at = 6u * id.x;
        let counter = vec4u(words[at], words[at + 1u], words[at + 2u], words[at + 3u]);
        let drawn = philox(counter, vec2u(words[at + 4u], words[at + 5u]));
        for (var k = 0u; k < 4u; k++) { out[4u * id.x + k] = drawn[k]; }
      }`;
    const drawn = await compute(code, Uint32Array.from(calls.flat()), 256);
    const expected = calls.flatMap(([a, b, c, d, e, f]) => philox([a, b, c, d], [e, f]));
    expect(Array.from(drawn, (value) => value >>> 0)).toEqual(expected);
  });

  // The last mean is drawn in parts. With 16,000 draws ties of twelve bits, once in 4096, are met.
  test.each([0.003, 0.7, 2.2, 7])('Poisson counts of mean %s are those of the reference', async (mean) => {
    const { parts, bytes } = poissonPlan(mean);
    const key = [0x12345678, 0x9abcdef0] as const;
    const [neurons, steps] = [1000, 16];
    const code = `${COMPUTE_BINDINGS('u32')}${RANDOM_WGSL}
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
        let key = vec2u(${key[0]}u, ${key[1]}u);
        out[id.x] = poissonCount(0u, ${parts}u, id.x % ${neurons}u, id.x / ${neurons}u, key);
      }`;
    const counts = await compute(code, new Uint32Array(bytes.slice().buffer), neurons * steps);
    const table = poissonTable(mean / parts);
    const expected = Array.from(counts, (_, k) =>
      poissonCount(table, parts, k % neurons, Math.floor(k / neurons), key),
    );
    expect(Array.from(counts)).toEqual(expected);
  });
});
