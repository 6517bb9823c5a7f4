import { expect, test } from 'vitest';
import { FUNCTIONS_WGSL } from '../../../kernels/compile/wgsl-functions.js';
import { withSwiftShader } from '../../each-backend.js';
import { COMPUTE_BINDINGS, compute } from '../../gpu-compute.js';

/** f of each number, computed in WGSL. */
async function onGpu(call: string, values: readonly number[]): Promise<Float32Array> {
  const code = `${COMPUTE_BINDINGS('f32')}${FUNCTIONS_WGSL}
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
      if (id.x >= ${values.length}u) { return; }
      let x = bitcast<f32>(words[id.x]);
      out[id.x] = ${call};
    }`;
  const words = new Uint32Array(Float32Array.from(values).buffer);
  return new Float32Array((await compute(code, words, values.length)).buffer);
}

const values = Array.from({ length: 2000 }, (_, i) => Math.fround(-86 + (173 * i) / 1999));
const small = Array.from({ length: 1001 }, (_, i) => Math.fround((i - 500) / 400));

withSwiftShader(() => {
  test('the exponential is within 2e-7, and stays finite beyond its range', async () => {
    const expected = values.map(Math.exp);
    expect(await onGpu('exponential(x)', values)).toBeAllclose(expected, { rtol: 2e-7, atol: 0 });
    const [low, high] = await onGpu('exponential(x)', [-200, 200]);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(Infinity);
  });

  test('(e^x - 1)/x is within 5e-7 on both sides of its series, and 1 at 0', async () => {
    const expected = small.map((x) => (x === 0 ? 1 : Math.expm1(x) / x));
    expect(await onGpu('relativeExponential(x)', small)).toBeAllclose(expected, { rtol: 5e-7, atol: 0 });
  });

  test('a product and a sum are rounded one after the other, as in float32 everywhere', async () => {
    const { fround } = Math;
    // (1 + e)(1 - e) - 1 is -e² when fused, 0 when not; and products whose rounding shows.
    const products = small.map((x) => fround(fround(fround(x * fround(1.1)) + fround(-0.3))));
    const computed = await onGpu('linear(x, 1.1, -0.3)', small);
    expect(Array.from(computed)).toEqual(products);
    const e = 2 ** -13;
    expect(Array.from(await onGpu(`linear(x, ${1 - e}, -1.0)`, [1 + e]))).toEqual([0]);
  });
});
