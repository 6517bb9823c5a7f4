import * as tf from '@tensorflow/tfjs-core';
import { descentKernel } from '../../../kernels/descent/index.js';
import * as plain from '../../../kernels/descent/plain.js';
import { UsageError } from '../../util/errors.js';
import { cpuArrays } from './cpu.js';
import { heapOf, instances } from './heap.js';

const SGD = 'FemtospikeSgd';
const ADAM = 'FemtospikeAdam';

type Inputs = Record<'weights' | 'first' | 'second' | 'gradient', tf.TensorInfo>;

const instanceOf = instances(descentKernel);
const sizeOf = ({ shape }: tf.TensorInfo) => tf.util.sizeFromShape(shape);

/** Registers an operation on both backends whose tensors lie in this process's memory. */
function register(
  kernelName: string,
  onCpu: (backend: unknown, inputs: Inputs, attrs: unknown) => tf.TensorInfo | tf.TensorInfo[],
  onHeap: typeof onCpu,
): void {
  for (const [backendName, run] of [
    ['cpu', onCpu],
    ['wasm', onHeap],
  ] as const) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => run(backend, inputs as unknown as Inputs, attrs),
    });
  }
}

register(
  SGD,
  (backend, { weights, gradient }, attrs) => {
    const { floats, tensor } = cpuArrays(backend);
    const out = new Float32Array(sizeOf(weights));
    plain.sgd((attrs as { rate: number }).rate, floats(weights), floats(gradient), out);
    return tensor(weights.shape, out);
  },
  (backend, { weights, gradient }, attrs) => {
    const { memory, at, successor } = heapOf(backend);
    const out = successor(weights);
    const { rate } = attrs as { rate: number };
    instanceOf(memory).sgd(sizeOf(weights), rate, at(weights), at(gradient), at(out));
    return out;
  },
);

register(
  ADAM,
  (backend, { weights, first, second, gradient }, attrs) => {
    const { floats, tensor } = cpuArrays(backend);
    const fresh = () => new Float32Array(sizeOf(weights));
    const out = { weights: fresh(), first: fresh(), second: fresh() };
    const before = { weights: floats(weights), first: floats(first), second: floats(second) };
    plain.adam(attrs as plain.AdamConstants, before, floats(gradient), out);
    return [out.weights, out.first, out.second].map((data) => tensor(weights.shape, data));
  },
  (backend, { weights, first, second, gradient }, attrs) => {
    const { memory, at, successor } = heapOf(backend);
    const { beta1, beta2, rate, epsilon } = attrs as plain.AdamConstants;
    const out = [weights, first, second].map(successor);
    instanceOf(memory).adam(
      sizeOf(weights),
      beta1,
      beta2,
      rate,
      epsilon,
      at(weights),
      at(first),
      at(second),
      at(gradient),
      at(out[0]),
      at(out[1]),
      at(out[2]),
    );
    return out;
  },
);

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: unknown) =>
  tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs as tf.NamedAttrMap);

type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** Variables with their gradients, in whichever form tfjs hands them over. */
function pairs(gradients: Gradients): { name: string; weight: tf.Variable; gradient: tf.Tensor }[] {
  const named = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor] as const)
    : Object.entries(gradients);
  return named.flatMap(([name, gradient]) =>
    gradient ? [{ name, weight: tf.engine().registeredVariables[name], gradient }] : [],
  );
}

/** Gradient descent, w ← w - η g, as one kernel a variable. A drop-in for `tf.train.sgd` on `cpu` and `wasm`. */
export class FusedSgd extends tf.Optimizer {
  static readonly className = 'FemtospikeSgd';

  constructor(public learningRate: number) {
    super();
    checkRate(learningRate);
  }

  override applyGradients(gradients: Gradients): void {
    tf.tidy(() => {
      for (const { weight, gradient } of pairs(gradients)) {
        const out = hasFused(SGD)
          ? (run(SGD, { weights: weight, gradient }, { rate: this.learningRate }) as tf.Tensor)
          : tf.sub(weight, tf.mul(gradient, this.learningRate));
        weight.assign(out);
      }
    });
    this.incrementIterations();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { learningRate: this.learningRate };
  }
}

/**
 * Adam (kernels/descent/plain.ts) as one kernel a variable, where `tf.train.adam` takes a dozen passes over arrays
 * of the weights' size. A drop-in for it; its state is not saved with a model.
 */
export class FusedAdam extends tf.Optimizer {
  static readonly className = 'FemtospikeAdam';
  private readonly moments = new Map<string, { first: tf.Variable; second: tf.Variable }>();
  private steps = 0;

  constructor(
    public learningRate = 0.001,
    readonly beta1 = 0.9,
    readonly beta2 = 0.999,
    readonly epsilon = 1e-8,
  ) {
    super();
    checkRate(learningRate);
  }

  override applyGradients(gradients: Gradients): void {
    this.steps += 1;
    const { beta1, beta2 } = this;
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    const rate = (this.learningRate * correction) / (1 - beta1 ** this.steps);
    const constants: plain.AdamConstants = { beta1, beta2, rate, epsilon: this.epsilon * correction };
    tf.tidy(() => {
      for (const { name, weight, gradient } of pairs(gradients)) {
        const { first, second } = this.momentsOf(name, weight);
        const inputs = { weights: weight, first, second, gradient };
        const out = hasFused(ADAM)
          ? (run(ADAM, inputs, constants) as unknown as tf.Tensor[])
          : composedAdam(inputs, constants);
        weight.assign(out[0]);
        first.assign(out[1]);
        second.assign(out[2]);
      }
    });
    this.incrementIterations();
  }

  private momentsOf(name: string, weight: tf.Variable) {
    const known = this.moments.get(name);
    if (known) return known;
    const zeros = () => tf.variable(tf.zerosLike(weight), false);
    const made = { first: zeros(), second: zeros() };
    this.moments.set(name, made);
    return made;
  }

  override dispose(): void {
    for (const { first, second } of this.moments.values()) tf.dispose([first, second]);
    this.moments.clear();
    super.dispose();
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { learningRate, beta1, beta2, epsilon } = this;
    return { learningRate, beta1, beta2, epsilon };
  }
}

const hasFused = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

function composedAdam(
  { weights, first, second, gradient }: Record<keyof Inputs, tf.Tensor>,
  { beta1, beta2, rate, epsilon }: plain.AdamConstants,
): tf.Tensor[] {
  const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
  const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  return [tf.sub(weights, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon))), m, v];
}

function checkRate(rate: number): void {
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new UsageError(`${rate}`, 'learningRate', 'Give a number above 0.');
  }
}

tf.serialization.registerClass(FusedSgd as unknown as tf.serialization.SerializableConstructor<never>);
tf.serialization.registerClass(FusedAdam as unknown as tf.serialization.SerializableConstructor<never>);
