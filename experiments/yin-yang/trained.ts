import type { RunContext } from '../../src/experiment/define.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import type { TimedSpikes } from '../../src/learning/eventprop/exact/timed-spikes.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';

export interface Trained {
  network: EventPropConfig;
  train: SpikeData | TimedSpikes;
  test: SpikeData | TimedSpikes;
  epochs: number;
  /** Adam's rate at the start; it falls as a half cosine. */
  rate: number;
  context: Pick<RunContext, 'threads' | 'signal'> & { progress: (samples: number) => void };
}

/** A network after training, and its accuracy after each epoch. The caller closes the trainer. */
export async function trained({ network, train, test, epochs, rate, context }: Trained) {
  const trainer = new EventPropTrainer(network, train, test);
  try {
    const steps = epochs * Math.ceil(train.count / network.batch);
    const falling = (step: number) => (rate / 2) * (1 + Math.cos((Math.PI * step) / steps));
    const curve: number[] = [];
    let hiddenSpikes = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      await trainer.epoch({
        rate: falling,
        signal: context.signal,
        progress: (samples) => context.progress(epoch * train.count + samples),
      });
      const { accuracy, hiddenSpikesPerSample } = await trainer.evaluate();
      curve.push(accuracy);
      hiddenSpikes = hiddenSpikesPerSample;
    }
    return { trainer, curve, accuracy: curve[epochs - 1], hiddenSpikes };
  } catch (error) {
    await trainer.close();
    throw error;
  }
}
