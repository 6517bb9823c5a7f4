import { encodePoints, yinYangClassifier } from '../../models/networks/yin-yang-classifier.js';
import { yinYang } from '../../src/data/yin-yang.js';
import type { RunContext } from '../../src/experiment/define.js';
import { EpropLearner } from '../../src/learning/eprop/learner.js';
import { stepSamples } from '../../src/learning/eprop/samples.js';
import { onGrid } from '../../src/learning/eventprop/on-grid.js';
import { learnFrom } from '../../src/learning/learner.js';
import { named } from '../../src/learning/named.js';
import { layerPolicies, PLAIN } from '../../src/plasticity/policy.js';
import { InterruptedError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';

/** Learning rate and readout's time constant, found by trial on one seed. */
const RATE = 0.1;
const TAU_OUT_MS = 60;

/** Samples between two looks at the clock and at an interrupt. */
const SAMPLES_PER_TURN = 250;

export interface LocalTask {
  hidden: number;
  epochs: number;
  train: number;
  test: number;
  seed: number;
}

/** The same points, learnt by e-prop with symmetric feedback: plain descent, one point at a time, on the grid. */
export async function learnLocally(
  { hidden, epochs, train, test, seed }: LocalTask,
  { signal, progress }: Pick<RunContext, 'signal'> & { progress: (samples: number) => void },
): Promise<{ curve: number[]; hiddenSpikes: number }> {
  const { sizes, neuron } = yinYangClassifier({
    hidden,
    answer: 'mean voltage',
    time: 'grid',
    seed,
    threads: 1,
  });
  const shown = [yinYang(train, `${seed}/train`), yinYang(test, `${seed}/test`)].map((points) =>
    stepSamples(onGrid(encodePoints(points), neuron.dtMs, neuron.steps)),
  );
  // One list of samples: those to learn from, then those to be tested with.
  const samples = {
    labels: shown.flatMap(({ labels }) => Array.from(labels)),
    at: (s: number) => (s < train ? shown[0].at(s) : shown[1].at(s - train)),
  };
  const task = {
    network: {
      inputs: sizes[0],
      neurons: hidden,
      outputs: sizes[2],
      steps: neuron.steps,
      dtMs: neuron.dtMs,
      tauMMs: neuron.tauMMs,
      tauOutMs: TAU_OUT_MS,
      theta: 0.6,
      gamma: 0.3,
      spikes: 'hard' as const,
    },
    recurrent: false,
    feedback: 'symmetric' as const,
    rate: RATE,
    inputMean: 0.4,
    spread: 1,
    policies: layerPolicies(PLAIN, sizes, () => 1),
    seed,
  };
  const learner = new EpropLearner(samples, task);
  const curve: number[] = [];
  let spikes = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    task.rate = (RATE / 2) * (1 + Math.cos((Math.PI * epoch) / epochs));
    for (const [k, sample] of stream(seed, `e-prop order of epoch ${epoch}`).permutation(train).entries()) {
      if (k % SAMPLES_PER_TURN === 0) {
        progress(epoch * train + k);
        // Lets an interrupt through.
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) throw new InterruptedError();
      }
      learnFrom(learner, sample, PLAIN);
    }
    let right = 0;
    spikes = 0;
    for (let s = train; s < train + test; s++) {
      const { answer, label } = learner.present(s);
      if (named(answer) === label) right++;
      spikes += learner.last.spikes;
    }
    curve.push(right / test);
  }
  return { curve, hiddenSpikes: spikes / test };
}
