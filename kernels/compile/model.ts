/** A number with its unit, as text: [20, 'ms'], [0.04, '1/(ms mV)'], [1, '']. */
export type Quantity = readonly [value: number, unit: string];

/**
 * A neuron model: equations, threshold, reset and parameters with units, stated once.
 *
 * Engines compile it; nobody writes a loop for a model. Within a step, input is added first, then the equations
 * are integrated over dt, then the threshold is tested and the reset applied.
 */
export interface NeuronModel {
  name: string;
  /** One line a state variable: "dV/dt = (E_L - V)/tau_m + I/C". Lines may be empty. */
  equations: string;
  /** A comparison; a neuron for which it holds at the end of a step spikes. */
  threshold: string;
  /** Assignments on a spike, one a line: "V = V_r", "w = w + b". */
  reset: string;
  /** After a spike, `hold` keeps its value for the time given by this parameter. Left out: none. */
  refractory?: { period: string; hold: string };
  parameters: Record<string, Quantity>;
  /** Initial values; every state variable is listed, in the order in which it is stored. */
  state: Record<string, Quantity>;
  /** Where a synaptic weight goes: it is added to `adds`, multiplied by `times` if given. */
  receptors: Record<string, { adds: string; unit: string; times?: string }>;
  /**
   * 'exact': linear equations with constant coefficients, by the matrix exponential.
   * 'exponential-euler': each equation linear in its own variable, the others held during a step.
   * 'rk4': anything smooth, by the classical Runge-Kutta method.
   */
  integrator: 'exact' | 'exponential-euler' | 'rk4';
}

/** A neuron model that cannot be compiled: where, and why. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  /**
   * @param model name of the model
   * @param line the line of its text that is wrong
   * @param reason what is wrong with it, and what would mend it
   */
  constructor(
    readonly model: string,
    readonly line: string,
    readonly reason: string,
  ) {
    super(`neuron model '${model}', "${line}": ${reason}`);
  }
}
