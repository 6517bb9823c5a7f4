/** A way to fire of the adaptive exponential model (adex.ts) that is given a step of current. */
export interface AdexPattern {
  name: string;
  parameters: {
    C: number;
    g_L: number;
    E_L: number;
    V_T: number;
    Delta_T: number;
    a: number;
    tau_w: number;
    b: number;
    V_r: number;
    I: number;
  };
}

const pattern = (
  name: string,
  [C, g_L, E_L, a, tau_w, b, V_r, I]: [number, number, number, number, number, number, number, number],
): AdexPattern => ({ name, parameters: { C, g_L, E_L, V_T: -50, Delta_T: 2, a, tau_w, b, V_r, I } });

/**
 * The eight patterns of Naud, Marcille, Clopath and Gerstner 2008 (doi:10.1007/s00422-008-0264-7), figure 4 and table
 * 1, as P. Müller (Heidelberg) read them so that they match the figure. Units are those of the model: C in pF, g_L and
 * a in nS, E_L and V_r in mV, tau_w in ms, b and I in pA. The neuron begins at V = E_L and w = 0.
 */
export const ADEX_PATTERNS: readonly AdexPattern[] = [
  pattern('tonic spiking', [200, 10, -70, 2, 30, 0, -58, 500]),
  pattern('adaptation', [200, 12, -70, 2, 300, 60, -58, 500]),
  pattern('initial burst', [130, 18, -58, 4, 150, 120, -50, 400]),
  pattern('regular bursting', [200, 10, -58, 2, 120, 100, -46, 210]),
  pattern('delayed accelerating', [200, 12, -70, -10, 300, 0, -58, 300]),
  pattern('delayed regular bursting', [100, 10, -65, -10, 90, 30, -47, 110]),
  pattern('transient spiking', [100, 10, -65, 10, 90, 100, -47, 180]),
  pattern('irregular spiking', [100, 12, -60, -11, 130, 30, -48, 160]),
];

/** Length of the step of current that is looked at. */
export const ADEX_MS = 600;
