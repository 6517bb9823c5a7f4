import * as tf from '@tensorflow/tfjs-core';
import { meanReadoutKernel } from '../../../kernels/mean-readout/index.js';
import * as plain from '../../../kernels/mean-readout/plain.js';
import { cpuArrays } from './cpu.js';
import { heapOf, instances, oncePerBackend } from './heap.js';

const FORWARD = 'FemtospikeMeanReadout';
const BY_WEIGHTS = 'FemtospikeMeanReadoutByWeights';
const BY_SPIKES = 'FemtospikeMeanReadoutBySpikes';

/** What a spike of each step does to the mean, and the factor of its gradient (kernels/mean-readout/plain.ts). */
export interface MeanReadout {
  value: number[];
  factor: number[];
  /** Whether only spikes have a gradient: that by their time. */
  masked: boolean;
}

interface Kernels {
  /** [answer, drive] */
  forward(spikes: tf.TensorInfo, weights: tf.TensorInfo, how: MeanReadout): tf.TensorInfo[];
  byWeights(drive: tf.TensorInfo, error: tf.TensorInfo): tf.TensorInfo;
  bySpikes(
    spikes: tf.TensorInfo,
    weights: tf.TensorInfo,
    error: tf.TensorInfo,
    how: MeanReadout,
  ): tf.TensorInfo;
}

function onCpu(backend: unknown): Kernels {
  const { floats, tensor } = cpuArrays(backend);
  return {
    forward(spikes, weights, { value }) {
      const shape = shapeOf(spikes, weights);
      const drive = new Float32Array(shape.batch * shape.sources);
      const answer = new Float32Array(shape.batch * shape.targets);
      plain.forward(shape, value, floats(spikes), floats(weights), drive, answer);
      return [tensor([shape.batch, shape.targets], answer), tensor([shape.batch, shape.sources], drive)];
    },
    byWeights(drive, error) {
      const [[batch, sources], targets] = [drive.shape, error.shape[1]];
      const gradient = new Float32Array(sources * targets);
      plain.weightGradient({ batch, steps: 0, sources, targets }, floats(drive), floats(error), gradient);
      return tensor([sources, targets], gradient);
    },
    bySpikes(spikes, weights, error, { factor, masked }) {
      const out = new Float32Array(tf.util.sizeFromShape(spikes.shape));
      const shape = shapeOf(spikes, weights);
      plain.spikeGradient(shape, factor, masked, floats(spikes), floats(weights), floats(error), out);
      return tensor(spikes.shape, out);
    },
  };
}

const instanceOf = instances(meanReadoutKernel);

const onHeap = oncePerBackend((backend: unknown): Kernels => {
  const { memory, at, output, withScratch } = heapOf(backend);
  const kernel = instanceOf(memory);
  const lend = (values: number[], extra: number, work: (address: number) => void) =>
    withScratch(values.length + extra, (address) => {
      new Float32Array(memory.buffer, address, values.length).set(values);
      work(address);
    });
  return {
    forward(spikes, weights, { value }) {
      const { batch, steps, sources, targets } = shapeOf(spikes, weights);
      const [answer, drive] = [output([batch, targets]), output([batch, sources])];
      lend(value, 0, (values) =>
        kernel.forward(
          batch,
          steps,
          sources,
          targets,
          values,
          at(spikes),
          at(weights),
          at(drive),
          at(answer),
        ),
      );
      return [answer, drive];
    },
    byWeights(drive, error) {
      const [[batch, sources], targets] = [drive.shape, error.shape[1]];
      const gradient = output([sources, targets]);
      kernel.weightGradient(batch, sources, targets, at(drive), at(error), at(gradient));
      return gradient;
    },
    bySpikes(spikes, weights, error, { factor, masked }) {
      const { batch, steps, sources, targets } = shapeOf(spikes, weights);
      const out = output(spikes.shape);
      lend(factor, sources, (factors) =>
        kernel.spikeGradient(
          batch,
          steps,
          sources,
          targets,
          factors,
          Number(masked),
          at(spikes),
          at(weights),
          at(error),
          at(out),
          factors + 4 * steps,
        ),
      );
      return out;
    },
  };
});

function shapeOf(spikes: tf.TensorInfo, weights: tf.TensorInfo): plain.ReadoutShape {
  const [batch, steps, sources] = spikes.shape;
  return { batch, steps, sources, targets: weights.shape[1] };
}

function register(backendName: string, kernelsOf: (backend: unknown) => Kernels): void {
  const add = (kernelName: string, run: (kernels: Kernels, of: Inputs, how: MeanReadout) => Output) =>
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        run(kernelsOf(backend), inputs as unknown as Inputs, attrs as unknown as MeanReadout),
    });
  add(FORWARD, (kernels, { spikes, weights }, how) => kernels.forward(spikes, weights, how));
  add(BY_WEIGHTS, (kernels, { drive, error }) => kernels.byWeights(drive, error));
  add(BY_SPIKES, (kernels, { spikes, weights, error }, how) => kernels.bySpikes(spikes, weights, error, how));
}

type Inputs = Record<'spikes' | 'weights' | 'drive' | 'error', tf.TensorInfo>;
type Output = tf.TensorInfo | tf.TensorInfo[];

register('cpu', onCpu);
register('wasm', onHeap);
tf.registerGradient({
  kernelName: FORWARD,
  inputsToSave: ['spikes', 'weights'],
  outputsToSave: [false, true],
  gradFunc: (dy, saved, attrs) => {
    const [spikes, weights, drive] = saved;
    const error = Array.isArray(dy) ? dy[0] : dy;
    return {
      weights: () => runKernel(BY_WEIGHTS, { drive, error }, attrs) as tf.Tensor,
      spikes: () => runKernel(BY_SPIKES, { spikes, weights, error }, attrs) as tf.Tensor,
    };
  },
});

const runKernel = (name: string, inputs: Record<string, tf.Tensor>, attrs: unknown) =>
  tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs as tf.NamedAttrMap);

/** Whether the backend in use has the readout as a kernel. */
export const hasMeanReadout = (): boolean => tf.getKernel(FORWARD, tf.getBackend()) !== undefined;

/** The mean potential as one kernel; differentiable by spikes and weights. */
export function meanReadout(spikes: tf.Tensor3D, weights: tf.Tensor2D, how: MeanReadout): tf.Tensor2D {
  return tf.tidy(() => (runKernel(FORWARD, { spikes, weights }, how) as unknown as tf.Tensor2D[])[0]);
}
