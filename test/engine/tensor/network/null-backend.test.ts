import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brunel } from '../../../../models/networks/brunel.js';
import { microcircuit } from '../../../../models/networks/microcircuit.js';
import { adaptiveLif } from '../../../../models/neurons/adaptive-lif.js';
import { adex } from '../../../../models/neurons/adex.js';
import { hodgkinHuxley } from '../../../../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../../../../models/neurons/izhikevich.js';
import { lifAlpha } from '../../../../models/neurons/lif-alpha.js';
import { lifCond } from '../../../../models/neurons/lif-cond.js';
import { lifCurrent } from '../../../../models/neurons/lif-current.js';
import { lifDelta } from '../../../../models/neurons/lif-delta.js';
import { lifExp } from '../../../../models/neurons/lif-exp.js';
import { selectBackend } from '../../../../src/baseline/backend.js';
import { adaptiveLifWindow } from '../../../../src/engine/tensor/adaptive.js';
import { lifWindow } from '../../../../src/engine/tensor/lif-window.js';
import {
  deliverShader,
  pipeline,
  RECORD_SHADER,
  turnShader,
  updateShader,
} from '../../../../src/engine/tensor/network/shaders.js';
import { asSpikes } from '../../../../src/engine/tensor/spikes.js';
import { type OpenGpu, openGpu } from '../../../../src/gpu/device.js';
import { releaseDevice, requireFaultless } from '../../../../src/gpu/faults.js';
import { Network } from '../../../../src/network/network.js';

const MODELS = [
  adaptiveLif,
  adex,
  hodgkinHuxley,
  izhikevich,
  lifAlpha,
  lifCond,
  lifCurrent,
  lifDelta,
  lifExp,
];

const installed = await import('webgpu').then(
  () => true,
  () => false,
);

// Dawn's null backend compiles shaders and needs no driver; it computes nothing.
describe.skipIf(!installed)("Dawn's null backend compiles every shader", () => {
  let gpu: OpenGpu;
  beforeAll(async () => {
    process.env.FEMTOSPIKE_DAWN = 'backend=null';
    gpu = await openGpu('webgpu');
  });
  afterAll(() => releaseDevice(gpu.device));

  const compiles = async (code: string, constants: Record<string, number> = {}) => {
    await pipeline(gpu.device, code, constants);
    await requireFaultless(gpu.device);
  };

  test('the adapter is named, and auto does not take it', async () => {
    expect(gpu.chosen.why).toBe('webgpu: null-backend; its adapter is emulated in software');
    await expect(openGpu('auto')).rejects.toThrow(/null-backend is emulated in software.*--engine event/);
  });

  test.each(MODELS)('update of $name', async (model) => {
    const population = new Network({ name: 'one' }).population('P', 1, model);
    await compiles(updateShader(population), { blocksAt: 0 });
  });

  test('update with a parameter for each neuron', async () => {
    const parameters = { I: [1, 2, 3] };
    const population = new Network({ name: 'one' }).population('P', 3, lifDelta, { parameters });
    await compiles(updateShader(population), { blocksAt: 0 });
  });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('delivery, weights of their own: %s, delays of their own: %s', async (packed, delayed) => {
    await compiles(deliverShader({ packed, delayed }));
  });

  test('recording, and the end of a window', async () => {
    await compiles(RECORD_SHADER, { count: 3 });
    await compiles(turnShader(8));
  });

  test('a shader that is wrong is refused with the line', async () => {
    await expect(pipeline(gpu.device, 'fn main() {\n  nonsense();\n}')).rejects.toThrow(
      /unresolved call target 'nonsense'.*" {2}nonsense\(\);"/,
    );
  });

  test('the programs of the spiking layer, in both directions', async () => {
    await selectBackend('webgpu');
    for (const gradient of ['eventprop', 'superspike'] as const) {
      tf.tidy(() => {
        const spikes = asSpikes(tf.ones([2, 5, 3]));
        const loss = (s: tf.Tensor, w: tf.Tensor) =>
          tf.sum(lifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, { gradient }));
        tf.grads(loss)([spikes, tf.ones([3, 4])]);
      });
    }
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    await requireFaultless(device);
  });

  test('the programs of adaptive and recurrent layers, in both directions', async () => {
    await selectBackend('webgpu');
    for (const gradient of ['eventprop', 'superspike'] as const) {
      tf.tidy(() => {
        const layer = (s: tf.Tensor, w: tf.Tensor, recurrent?: tf.Tensor) =>
          tf.sum(
            adaptiveLifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, {
              gradient,
              recurrent: recurrent as tf.Tensor2D | undefined,
            }),
          );
        const inputs = [tf.ones([2, 5, 3]), tf.ones([3, 4])];
        tf.grads(layer as (...of: tf.Tensor[]) => tf.Tensor)(inputs);
        tf.grads(layer as (...of: tf.Tensor[]) => tf.Tensor)([...inputs, tf.ones([4, 4])]);
      });
    }
    await requireFaultless((tf.backend() as unknown as { device: GPUDevice }).device);
  });

  test('whole networks are placed and refuse to have computed', async () => {
    const { tensorEngine } = await import('../../../../src/engine/tensor/network/engine.js');
    for (const network of [brunel({ scale: 0.02, indegree: 25 }), microcircuit({ scale: 0.01 })]) {
      const simulation = await tensorEngine('webgpu').build(network);
      expect(simulation.size.synapses).toBeGreaterThan(0);
      await expect(simulation.run(1)).rejects.toThrow(/null-backend did not compute/);
      await simulation.close();
    }
  });
});
