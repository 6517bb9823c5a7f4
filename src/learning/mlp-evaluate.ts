import type { Arena } from '../../kernels/arena.js';
import { type LayerKernel, layerKernel } from '../../kernels/mlp-layer/index.js';
import { strideOf } from '../plasticity/fast-memory.js';
import type { PlasticLayer } from '../plasticity/layer.js';
import type { Inputs } from './mlp-data.js';
import { named } from './named.js';

/** Images a batch: their hidden activity stays in the cache. */
const BATCH = 64;

/** Tells what fraction of a set of images a network names rightly. */
export class Evaluator {
  private readonly kernel: LayerKernel;
  private readonly weights: Float32Array[];
  private readonly images: Float32Array;
  private readonly activity: Float32Array;
  private readonly outputs: Float32Array;

  /** @param activate turns the drive of the hidden units of one image, in place, into their activity */
  constructor(
    arena: Arena,
    private readonly layers: readonly [PlasticLayer, PlasticLayer],
    private readonly inputs: Inputs,
    private readonly activate: (hidden: Float32Array) => void,
  ) {
    this.kernel = layerKernel(arena.memory);
    this.weights = layers.map((layer) => arena.float32(strideOf(layer.sources) * layer.targets));
    this.images = arena.float32(roundUp(inputs.count) * strideOf(inputs.length));
    for (let image = 0; image < inputs.count; image++) {
      inputs.show(image, this.images.subarray(image * strideOf(inputs.length)));
    }
    this.activity = arena.float32(BATCH * strideOf(layers[1].sources));
    this.outputs = arena.float32(BATCH * layers[1].targets);
  }

  accuracy(): number {
    this.layers.forEach((layer, l) => {
      pad(layer.weights(), layer.sources, this.weights[l]);
    });
    let right = 0;
    for (let first = 0; first < this.inputs.count; first += BATCH) right += this.rightFrom(first);
    return right / this.inputs.count;
  }

  private rightFrom(first: number): number {
    const [hidden, output] = this.layers;
    const count = Math.min(BATCH, this.inputs.count - first);
    const stride = strideOf(this.inputs.length);
    const hiddenStride = strideOf(output.sources);
    const x = this.images.byteOffset + 4 * first * stride;
    this.drive(this.weights[0], x, this.activity.byteOffset, hidden, stride, hiddenStride, count);
    for (let k = 0; k < count; k++) {
      this.activate(this.activity.subarray(k * hiddenStride, k * hiddenStride + output.sources));
    }
    const y = this.outputs.byteOffset;
    this.drive(this.weights[1], this.activity.byteOffset, y, output, hiddenStride, output.targets, count);
    let right = 0;
    for (let k = 0; k < count; k++) {
      const scores = this.outputs.subarray(k * output.targets, (k + 1) * output.targets);
      if (named(scores) === this.inputs.label(first + k)) right++;
    }
    return right;
  }

  private drive(
    weights: Float32Array,
    x: number,
    y: number,
    layer: PlasticLayer,
    stride: number,
    yStride: number,
    count: number,
  ): void {
    for (let k = 0; k < count; k += 4) {
      const [from, to] = [x + 4 * k * stride, y + 4 * k * yStride];
      this.kernel.driveFour(weights.byteOffset, from, to, layer.targets, stride, yStride);
    }
  }
}

function roundUp(count: number): number {
  return Math.ceil(count / BATCH) * BATCH;
}

function pad(rows: Float64Array, length: number, to: Float32Array): void {
  const stride = strideOf(length);
  for (let start = 0, at = 0; start < rows.length; start += length, at += stride) {
    for (let i = 0; i < length; i++) to[at + i] = rows[start + i];
  }
}
