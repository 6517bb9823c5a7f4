import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { UsageError } from '../../util/errors.js';
import {
  ADAPTIVE_DEFAULTS,
  type AdaptiveLifOptions,
  adaptiveConstants,
  adaptiveLifWindow,
} from './adaptive.js';
import { lifWindow } from './lif-window.js';
import { constantsOf, LIF_DEFAULTS, type LifOptions } from './options.js';
import { meanPotential, potentials } from './readout.js';
import { asSpikes } from './spikes.js';

type LayerArgs = ConstructorParameters<typeof layers.layers.Layer>[0];
type InitialiserName = 'glorotUniform' | 'heUniform' | 'randomNormal' | 'zeros' | 'ones';
type Initialiser = ReturnType<typeof layers.initializers.randomNormal>;

/** What a layer of neurons is built of; the rest as in any layer of tfjs (`inputShape`, `name`, `trainable` …). */
export type NeuronLayerArgs = NonNullable<LayerArgs> &
  Partial<LifOptions> & {
    /** Neurons. */
    units: number;
    /** Initial weights, in units of θ. Default N(0.2, 0.4). */
    kernelInitializer?: Initialiser | InitialiserName | tf.serialization.ConfigDict;
  };

/** A layer of neurons with a full matrix of weights, [sources, units]: [batch, steps, sources] goes in. */
abstract class NeuronLayer extends layers.layers.Layer {
  protected readonly units: number;
  protected readonly options: LifOptions;
  protected readonly initialiser: Initialiser;
  private kernel?: layers.LayerVariable;

  constructor({ units, kernelInitializer, ...args }: NeuronLayerArgs) {
    super(args);
    if (!Number.isInteger(units) || units < 1) {
      throw new UsageError(`${units}`, 'units', 'Give a whole number from 1.');
    }
    this.units = units;
    const names = Object.keys(LIF_DEFAULTS) as (keyof LifOptions)[];
    const given = Object.fromEntries(names.flatMap((name) => (name in args ? [[name, args[name]]] : [])));
    this.options = { ...LIF_DEFAULTS, ...given };
    constantsOf(this.options);
    this.initialiser = initialiserOf(kernelInitializer);
    this.inputSpec = [new layers.InputSpec({ ndim: 3 })];
  }

  override build(inputShape: layers.Shape | layers.Shape[]): void {
    const sources = (inputShape as layers.Shape).at(-1)!;
    this.kernel = this.addWeight('kernel', [sources, this.units], 'float32', this.initialiser);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const spikes = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.tidy(() => this.respond(spikes as tf.Tensor3D, this.kernel!.read() as tf.Tensor2D));
  }

  protected abstract respond(spikes: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor;

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      ...this.options,
      units: this.units,
      kernelInitializer: configOf(this.initialiser),
    };
  }
}

/**
 * Leaky integrate-and-fire neurons as a layer of a tfjs model: spikes [batch, steps, sources] to spikes
 * [batch, steps, units]. Equations and time axis: `lifWindow`.
 */
export class Lif extends NeuronLayer {
  static readonly className = 'FemtospikeLif';

  protected override respond(spikes: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor {
    return lifWindow(asSpikes(spikes), weights, this.options);
  }

  override computeOutputShape(inputShape: layers.Shape): layers.Shape {
    return [...inputShape.slice(0, 2), this.units];
  }
}

export type AdaptiveLifArgs = NeuronLayerArgs &
  Partial<Pick<AdaptiveLifOptions, 'beta' | 'tauAMs'>> & {
    /** Whether the neurons have synapses among themselves. Default false. */
    recurrent?: boolean;
    /** Initial weights among the neurons. Default N(0, 0.4/√units). */
    recurrentInitializer?: Initialiser | InitialiserName | tf.serialization.ConfigDict;
  };

/**
 * Leaky integrate-and-fire neurons with an adaptive threshold (β = 0: one that stays), and, if asked, synapses among
 * themselves, as a layer of a tfjs model. Equations: `adaptiveLifWindow`.
 */
export class AdaptiveLif extends NeuronLayer {
  static readonly className = 'FemtospikeAdaptiveLif';
  private readonly adaptive: AdaptiveLifOptions;
  private readonly recurrent: boolean;
  private readonly recurrentInitialiser: Initialiser;
  private recurrentKernel?: layers.LayerVariable;

  constructor({ recurrent = false, recurrentInitializer, ...args }: AdaptiveLifArgs) {
    super(args);
    const { beta = ADAPTIVE_DEFAULTS.beta, tauAMs = ADAPTIVE_DEFAULTS.tauAMs } = args;
    this.adaptive = { ...this.options, beta, tauAMs };
    adaptiveConstants(this.adaptive);
    this.recurrent = recurrent;
    const stddev = 0.4 / Math.sqrt(this.units);
    this.recurrentInitialiser = recurrentInitializer
      ? initialiserOf(recurrentInitializer)
      : layers.initializers.randomNormal({ mean: 0, stddev });
  }

  override build(inputShape: layers.Shape | layers.Shape[]): void {
    super.build(inputShape);
    if (this.recurrent) {
      const shape = [this.units, this.units];
      this.recurrentKernel = this.addWeight('recurrent', shape, 'float32', this.recurrentInitialiser);
    }
  }

  protected override respond(spikes: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor {
    const recurrent = this.recurrentKernel?.read() as tf.Tensor2D | undefined;
    return adaptiveLifWindow(asSpikes(spikes), weights, { ...this.adaptive, recurrent });
  }

  override computeOutputShape(inputShape: layers.Shape): layers.Shape {
    return [...inputShape.slice(0, 2), this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { beta, tauAMs } = this.adaptive;
    return {
      ...super.getConfig(),
      beta,
      tauAMs,
      recurrent: this.recurrent,
      recurrentInitializer: configOf(this.recurrentInitialiser),
    };
  }
}

export type LeakyReadoutArgs = NeuronLayerArgs & {
  /** The mean membrane potential over the window, [batch, units], or that of each step, [batch, steps, units]. */
  answer?: 'mean' | 'steps';
  /** Factor of the answer: the sharpness of a softmax above it. Default 1. */
  kappa?: number;
};

/** Leaky neurons that do not spike, as a layer of a tfjs model. Equations: `meanPotential`, `potentials`. */
export class LeakyReadout extends NeuronLayer {
  static readonly className = 'FemtospikeLeakyReadout';
  private readonly answer: 'mean' | 'steps';
  private readonly kappa: number;

  constructor({ answer = 'mean', kappa = 1, ...args }: LeakyReadoutArgs) {
    super(args);
    if (answer !== 'mean' && answer !== 'steps') {
      throw new UsageError(`'${answer}'`, 'answer', "Use 'mean' or 'steps'.");
    }
    this.answer = answer;
    this.kappa = kappa;
  }

  protected override respond(spikes: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor {
    const { kappa, options } = this;
    if (this.answer === 'mean') return meanPotential(asSpikes(spikes), weights, { ...options, kappa });
    return tf.mul(potentials(asSpikes(spikes), weights, options), kappa);
  }

  override computeOutputShape(inputShape: layers.Shape): layers.Shape {
    return this.answer === 'mean' ? [inputShape[0], this.units] : [...inputShape.slice(0, 2), this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), answer: this.answer, kappa: this.kappa };
  }
}

const configOf = (initialiser: Initialiser) => ({
  className: initialiser.getClassName(),
  config: initialiser.getConfig(),
});

function initialiserOf(given: NeuronLayerArgs['kernelInitializer']): Initialiser {
  if (given === undefined) return layers.initializers.randomNormal({ mean: 0.2, stddev: 0.4 });
  if (typeof given === 'string') return layers.initializers[given]({} as never) as Initialiser;
  if ('className' in given && 'config' in given) {
    const { className, config } = given as { className: string; config: tf.serialization.ConfigDict };
    const [known] = tf.serialization.SerializationMap.getMap().classNameMap[className] ?? [];
    if (known) return new known(config as never) as unknown as Initialiser;
    throw new UsageError(`'${className}'`, 'kernelInitializer', 'Register it with tf.serialization first.');
  }
  return given as Initialiser;
}

tf.serialization.registerClass(Lif);
tf.serialization.registerClass(AdaptiveLif);
tf.serialization.registerClass(LeakyReadout);
