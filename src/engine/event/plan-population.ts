import { compileNeuron, evaluate, MOST_GROWTH } from '../../../kernels/compile/index.js';
import { scaled } from '../../network/distributions.js';
import type { CurrentInput, Population } from '../../network/elements.js';
import { UsageError } from '../../util/errors.js';
import type { Injection, Key, PopulationPlan, TrialSteps } from './plan.js';
import { mergeSpikes } from './spike-log.js';

/** Compiles the model of a population and turns what was said of it into numbers. */
export async function planPopulation(
  population: Population,
  first: number,
  dtMs: number,
  quanta: readonly number[],
  key: (name: string) => Key,
  injected: readonly CurrentInput[],
): Promise<PopulationPlan> {
  const { name, size, model, parsed } = population;
  // A parameter that is injected is a variable, too: it can change.
  const perNeuron = [...parsed.parameters.keys()].filter(
    (p) =>
      typeof (population.parameters[p] ?? 0) !== 'number' ||
      injected.some(({ parameter }) => parameter === p),
  );
  const { program, module } = await compileNeuron(model, perNeuron);
  const parameters: Record<string, number> = {};
  for (const [parameter, { value, factor }] of parsed.parameters) {
    const given = population.parameters[parameter];
    parameters[parameter] = typeof given === 'number' ? given * factor : value;
  }
  const { coefficients, offsets, scales, growth, jump } = program.evaluate(parameters, dtMs, quanta);
  const states = program.states.map((state, i) => {
    const form = { offset: offsets[i], scale: scales[i] };
    const own = parsed.initial.get(state);
    const given = population.parameters[state];
    if (own === undefined) {
      const { value: usual, factor } = parsed.parameters.get(state)!;
      const values =
        given === undefined || typeof given === 'number'
          ? new Float32Array(size).fill(given === undefined ? usual : given * factor)
          : Float32Array.from(given, (value) => value * factor);
      return { name: state, initial: scaled(0, 1), key: [0, 0] as const, values, ...form };
    }
    const drawn = population.initial[state];
    const initial = drawn === undefined ? scaled(own.value, 1) : scaled(drawn, own.factor);
    return { name: state, initial, key: key(`initial/${name}/${state}`), values: null, ...form };
  });
  requireResetBelowThreshold(population, parameters);
  const inputs = program.inputs.map(({ state, coefficient }) => ({
    variable: program.states.indexOf(state),
    perQuantum: coefficient === null ? 1 : coefficients[program.coefficients.indexOf(coefficient)],
  }));
  const refractoryMs = model.refractory === undefined ? 0 : parameters[model.refractory.period];
  return {
    name,
    size,
    first,
    module,
    states,
    coefficients: Float32Array.from(coefficients),
    refractorySteps: Math.round(refractoryMs / dtMs),
    pairs:
      program.pairs !== null &&
      Math.round(refractoryMs / dtMs) > 0 &&
      coefficients.every(Number.isFinite) &&
      growth <= MOST_GROWTH,
    sleep: jump === null ? null : { jump, moving: parsed.states.length, inputs },
    trials: trialSteps(population, dtMs),
    emits: population.spikes === null ? null : emitted(population.spikes),
    injections: injected.flatMap((input) =>
      injections(input, program.states, parsed.parameters.get(input.parameter)!.factor, dtMs),
    ),
  };
}

function trialSteps({ trials }: Population, dtMs: number): TrialSteps | null {
  if (trials === null) return null;
  const { startMs, lengthMs, everyMs, count = Number.POSITIVE_INFINITY } = trials;
  return {
    count,
    start: Math.round(startMs / dtMs),
    length: Math.round(lengthMs / dtMs),
    every: Math.round(everyMs / dtMs),
  };
}

/** Given spikes of all neurons in order of step, then of neuron. */
function emitted(spikes: readonly Int32Array[]): { steps: Int32Array; neurons: Int32Array } {
  const { steps, neurons } = mergeSpikes(
    spikes.map((own, neuron) => ({ steps: own, neurons: new Int32Array(own.length).fill(neuron) })),
  );
  return { steps, neurons };
}

function injections(
  input: CurrentInput,
  states: readonly string[],
  factor: number,
  dtMs: number,
): Injection[] {
  const variable = states.indexOf(input.parameter);
  const neurons = input.neurons === null ? null : Int32Array.from(input.neurons);
  return input.timesMs.map((ms, i) => ({
    step: Math.round(ms / dtMs),
    variable,
    neurons,
    change: factor * (input.values[i] - (i === 0 ? 0 : input.values[i - 1])),
  }));
}

/** A neuron that is reset to where it spikes would spike in every step. */
function requireResetBelowThreshold({ name, parsed }: Population, parameters: Record<string, number>): void {
  const { reset, threshold } = parsed;
  const values = { ...parameters };
  for (const { target, expr } of reset) values[target] = evaluate(expr, values);
  const passed = evaluate(threshold, values);
  if (passed === 1)
    throw new UsageError(
      'the reset leaves a neuron above its threshold',
      `population '${name}', parameters`,
      'Set the reset value below the threshold.',
    );
}
