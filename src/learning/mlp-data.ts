import type { ImageData, ImageSet } from '../data/images.js';
import { stream } from '../util/rng.js';

/** How pixels 0 … 255 become inputs. */
export interface InputScaling {
  /** Input of pixel 0 and of pixel 255. */
  low: number;
  high: number;
  /** Value of an additional input that is always on, or null for none. */
  bias: number | null;
  /** Subtract the mean of all inputs of all training images (bias included). */
  centred: boolean;
  /** Standard deviation of noise that is drawn once for each input of each image: no two |Δw| are then equal. */
  noiseSd: number;
}

/** Normal numbers that images share, each image from a place of its own: 47 million of them would take seconds. */
const NOISE_LENGTH = 2 ** 17;

/** Images as inputs of a network, made one at a time: as floats, all of them would fill 190 MB a thread. */
export class Inputs {
  /** Inputs an image, the bias included. */
  readonly length: number;
  private readonly ofPixel: Float32Array;
  private readonly bias: number | null;
  private readonly noise: Float32Array;
  private readonly offsets: Uint32Array;

  /**
   * @param data the set that the mean is taken from is its training set
   * @param set which images to show
   */
  constructor(
    data: ImageData,
    private readonly set: ImageSet,
    scaling: InputScaling,
    seed: number,
  ) {
    const { low, high, bias, noiseSd } = scaling;
    this.length = data.pixels + (bias === null ? 0 : 1);
    const mean = scaling.centred ? meanInput(data, scaling) : 0;
    this.ofPixel = Float32Array.from(
      { length: 256 },
      (_, pixel) => low + ((high - low) * pixel) / 255 - mean,
    );
    this.bias = bias === null ? null : bias - mean;
    const random = stream(seed, `mlp/input-noise/${set === data.train ? 'train' : 'test'}`);
    const noisy = noiseSd > 0;
    this.noise = Float32Array.from({ length: noisy ? NOISE_LENGTH : 0 }, () => noiseSd * random.normal());
    this.offsets = Uint32Array.from({ length: noisy ? set.count : 0 }, () =>
      random.integer(NOISE_LENGTH - this.length),
    );
  }

  get count(): number {
    return this.set.count;
  }

  label(image: number): number {
    return this.set.labels[image];
  }

  /** Writes the inputs of an image. */
  show(image: number, to: Float32Array | Float64Array): void {
    const { set, ofPixel, noise } = this;
    const pixels = set.images.length / set.count;
    const from = image * pixels;
    for (let i = 0; i < pixels; i++) to[i] = ofPixel[set.images[from + i]];
    if (this.bias !== null) to[pixels] = this.bias;
    if (noise.length === 0) return;
    const offset = this.offsets[image];
    for (let i = 0; i < this.length; i++) to[i] += noise[offset + i];
  }
}

function meanInput({ train, pixels }: ImageData, { low, high, bias }: InputScaling): number {
  let sum = 0;
  for (const pixel of train.images) sum += pixel;
  const meanPixel = low + ((high - low) * sum) / 255 / train.images.length;
  return bias === null ? meanPixel : (meanPixel * pixels + bias) / (pixels + 1);
}
