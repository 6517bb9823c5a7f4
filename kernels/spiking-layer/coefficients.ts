import { buildProgram, parseModel } from '../compile/index.js';
import { trainedUnit } from './unit.js';

/** Time constants and time step in ms, and the threshold. */
export interface UnitParameters {
  tauMMs: number;
  tauSMs: number;
  theta: number;
  dtMs: number;
}

/** Constants of a trained unit's step, in the order in which its compiled kernel takes them (as float32). */
export function unitCoefficients({ tauMMs, tauSMs, theta, dtMs }: UnitParameters): Float64Array {
  const program = buildProgram(parseModel(trainedUnit));
  return program.evaluate({ tau_m: tauMMs, tau_s: tauSMs, theta }, dtMs, [1]).coefficients;
}
