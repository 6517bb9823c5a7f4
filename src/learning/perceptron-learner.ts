import type { PlasticLayer } from '../plasticity/layer.js';
import type { Learner, Outcome } from './learner.js';
import type { Patterns } from './perceptron.js';

/**
 * The perceptron's rule as a learner like any other: Δw = η·target·x, of class 0 (target -1) or 1. Learnt from
 * mistakes alone (lazy: 'mistakes') it is what `runPerceptron` does, which looks for the next mistake many patterns
 * at a time. An answer of just 0 is a mistake for either class.
 */
export class PerceptronLearner implements Learner {
  readonly layers: readonly [PlasticLayer];
  readonly ticksFirst = true;
  private target = 0;

  /** @param layer all inputs to one output, bias last */
  constructor(
    private readonly patterns: Pick<Patterns, 'x' | 'targets'>,
    private readonly layer: PlasticLayer,
    private readonly rate = 1,
  ) {
    this.layers = [layer];
  }

  present(pattern: number): Outcome {
    this.target = this.patterns.targets[pattern];
    this.layer.input.set(this.patterns.x[pattern]);
    this.layer.drive();
    const isRight = this.layer.output[0] * this.target > 0;
    const label = this.target > 0 ? 1 : 0;
    const named = isRight ? label : 1 - label;
    return { label, answer: [1 - named, named] };
  }

  propose(): void {
    this.layer.change[0] = this.rate * this.target;
    this.layer.learn();
  }
}
