import { evaluate } from './expression.js';
import type { Program } from './program.js';

/** The state of a population in float64: one array a variable, and the last step in which each neuron is held. */
export interface ReferenceState {
  values: Float64Array[];
  until: Int32Array;
}

/**
 * One step of a population, neuron by neuron, in float64: input, integration, threshold, reset.
 *
 * @param input input[r][i]: sum of the weights that arrive at receptor r of neuron i in this step
 * @returns indices of the neurons that spike
 */
export function referenceStep(
  program: Program,
  coefficients: Readonly<Record<string, number>>,
  state: ReferenceState,
  input: readonly ArrayLike<number>[],
  step: number,
  refractorySteps: number,
): number[] {
  const spikes: number[] = [];
  for (let i = 0; i < state.until.length; i++) {
    const held = program.refractory && state.until[i] >= step;
    const env: Record<string, number> = { ...coefficients };
    program.states.forEach((name, s) => {
      env[name] = state.values[s][i];
    });
    program.inputs.forEach(({ state: name, coefficient }, r) => {
      const gain = coefficient === null ? 1 : env[coefficient];
      if (!(held && program.held.has(name))) env[name] += gain * input[r][i];
    });
    for (const { name, expr } of program.temporaries) env[name] = evaluate(expr, env);
    const next = [...program.next].map(([name, expr]) => {
      const rule = held ? (program.held.get(name) ?? expr) : expr;
      return [name, evaluate(rule, env)] as const;
    });
    for (const [name, value] of next) env[name] = value;
    if (!held && evaluate(program.threshold, env) !== 0) {
      spikes.push(i);
      for (const { target, expr } of program.reset) env[target] = evaluate(expr, env);
      state.until[i] = step + refractorySteps;
    }
    program.states.forEach((name, s) => {
      state.values[s][i] = env[name];
    });
  }
  return spikes;
}
