/** A current that is switched on: from … to (ms), and its strength (mV/ms), added to what else is on. */
export interface Pulse {
  fromMs: number;
  toMs: number;
  current: number;
}

/** A current that grows from 0 by `slope` (mV/ms²) between two times, and is 0 outside. */
export interface Ramp {
  fromMs: number;
  toMs: number;
  slope: number;
}

/** One firing pattern: parameters of the model, start and stimulus, and the step of the published program. */
export interface FiringPattern {
  name: string;
  a: number;
  b: number;
  c: number;
  d: number;
  startMv: number;
  /** Start of u; b·startMv if left out. */
  startU?: number;
  /** V' = 0.04 V² + linear·V + constant - u + I. Default 5 and 140. */
  linear?: number;
  constant?: number;
  /** Where u is not pulled to b·V but grows with b·(V - zeroMv) for ever. */
  integratesFromMv?: number;
  /** A current that is always on. Default 0. */
  base?: number;
  pulses: Pulse[];
  ramps?: Ramp[];
  lengthMs: number;
  stepMs: number;
}

const FOREVER = 1e6;
const on = (fromMs: number, current: number): Pulse[] => [{ fromMs, toMs: FOREVER, current }];
const pulse = (fromMs: number, lengthMs: number, current: number): Pulse => ({
  fromMs,
  toMs: fromMs + lengthMs,
  current,
});

/**
 * The twenty neuro-computational properties of Izhikevich 2004, figure 1 (doi:10.1109/TNN.2004.832719), in its order:
 * parameters, stimuli and steps of the program that its author published with it (figure1.m).
 */
export const FIRING_PATTERNS: readonly FiringPattern[] = [
  {
    name: 'tonic spiking',
    a: 0.02,
    b: 0.2,
    c: -65,
    d: 6,
    startMv: -70,
    pulses: on(10, 14),
    lengthMs: 100,
    stepMs: 0.25,
  },
  {
    name: 'phasic spiking',
    a: 0.02,
    b: 0.25,
    c: -65,
    d: 6,
    startMv: -64,
    pulses: on(20, 0.5),
    lengthMs: 200,
    stepMs: 0.25,
  },
  {
    name: 'tonic bursting',
    a: 0.02,
    b: 0.2,
    c: -50,
    d: 2,
    startMv: -70,
    pulses: on(22, 15),
    lengthMs: 220,
    stepMs: 0.25,
  },
  {
    name: 'phasic bursting',
    a: 0.02,
    b: 0.25,
    c: -55,
    d: 0.05,
    startMv: -64,
    pulses: on(20, 0.6),
    lengthMs: 200,
    stepMs: 0.2,
  },
  {
    name: 'mixed mode',
    a: 0.02,
    b: 0.2,
    c: -55,
    d: 4,
    startMv: -70,
    pulses: on(16, 10),
    lengthMs: 160,
    stepMs: 0.25,
  },
  {
    name: 'spike frequency adaptation',
    a: 0.01,
    b: 0.2,
    c: -65,
    d: 8,
    startMv: -70,
    pulses: on(8.5, 30),
    lengthMs: 85,
    stepMs: 0.25,
  },
  {
    name: 'class 1 excitable',
    a: 0.02,
    b: -0.1,
    c: -55,
    d: 6,
    startMv: -60,
    linear: 4.1,
    constant: 108,
    pulses: [],
    ramps: [{ fromMs: 30, toMs: FOREVER, slope: 0.075 }],
    lengthMs: 300,
    stepMs: 0.25,
  },
  {
    name: 'class 2 excitable',
    a: 0.2,
    b: 0.26,
    c: -65,
    d: 0,
    startMv: -64,
    base: -0.5,
    pulses: [],
    ramps: [{ fromMs: 30, toMs: FOREVER, slope: 0.015 }],
    lengthMs: 300,
    stepMs: 0.25,
  },
  {
    name: 'spike latency',
    a: 0.02,
    b: 0.2,
    c: -65,
    d: 6,
    startMv: -70,
    pulses: [pulse(10, 3, 7.04)],
    lengthMs: 100,
    stepMs: 0.2,
  },
  {
    name: 'subthreshold oscillations',
    a: 0.05,
    b: 0.26,
    c: -60,
    d: 0,
    startMv: -62,
    pulses: [pulse(20, 5, 2)],
    lengthMs: 200,
    stepMs: 0.25,
  },
  {
    name: 'resonator',
    a: 0.1,
    b: 0.26,
    c: -60,
    d: -1,
    startMv: -62,
    pulses: [pulse(40, 4, 0.65), pulse(60, 4, 0.65), pulse(280, 4, 0.65), pulse(320, 4, 0.65)],
    lengthMs: 400,
    stepMs: 0.25,
  },
  {
    name: 'integrator',
    a: 0.02,
    b: -0.1,
    c: -55,
    d: 6,
    startMv: -60,
    linear: 4.1,
    constant: 108,
    pulses: [pulse(100 / 11, 2, 9), pulse(100 / 11 + 5, 2, 9), pulse(70, 2, 9), pulse(80, 2, 9)],
    lengthMs: 100,
    stepMs: 0.25,
  },
  {
    name: 'rebound spike',
    a: 0.03,
    b: 0.25,
    c: -60,
    d: 4,
    startMv: -64,
    pulses: [pulse(20, 5, -15)],
    lengthMs: 200,
    stepMs: 0.2,
  },
  {
    name: 'rebound burst',
    a: 0.03,
    b: 0.25,
    c: -52,
    d: 0,
    startMv: -64,
    pulses: [pulse(20, 5, -15)],
    lengthMs: 200,
    stepMs: 0.2,
  },
  {
    name: 'threshold variability',
    a: 0.03,
    b: 0.25,
    c: -60,
    d: 4,
    startMv: -64,
    pulses: [pulse(10, 5, 1), pulse(70, 5, -6), pulse(80, 5, 1)],
    lengthMs: 100,
    stepMs: 0.25,
  },
  {
    name: 'bistability',
    a: 0.1,
    b: 0.26,
    c: -60,
    d: 0,
    startMv: -61,
    base: 0.24,
    pulses: [pulse(37.5, 5, 1), pulse(216, 5, 1)],
    lengthMs: 300,
    stepMs: 0.25,
  },
  {
    name: 'depolarising after-potential',
    a: 1,
    b: 0.2,
    c: -60,
    d: -21,
    startMv: -70,
    pulses: [pulse(9, 2, 20)],
    lengthMs: 50,
    stepMs: 0.1,
  },
  {
    name: 'accommodation',
    a: 0.02,
    b: 1,
    c: -55,
    d: 4,
    startMv: -65,
    startU: -16,
    integratesFromMv: -65,
    pulses: [],
    ramps: [
      { fromMs: 0, toMs: 200, slope: 1 / 25 },
      { fromMs: 300, toMs: 312.5, slope: 4 / 12.5 },
    ],
    lengthMs: 400,
    stepMs: 0.5,
  },
  {
    name: 'inhibition-induced spiking',
    a: -0.02,
    b: -1,
    c: -60,
    d: 8,
    startMv: -63.8,
    base: 80,
    pulses: [pulse(50, 200, -5)],
    lengthMs: 350,
    stepMs: 0.5,
  },
  {
    name: 'inhibition-induced bursting',
    a: -0.026,
    b: -1,
    c: -45,
    d: -2,
    startMv: -63.8,
    base: 80,
    pulses: [pulse(50, 200, -5)],
    lengthMs: 350,
    stepMs: 0.5,
  },
];

/** The injected current at a time, in mV/ms. */
export function stimulusAt({ base = 0, pulses, ramps = [] }: FiringPattern, timeMs: number): number {
  const within = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => timeMs > fromMs && timeMs < toMs;
  const stepped = pulses.filter(within).reduce((sum, { current }) => sum + current, 0);
  return (
    base + ramps.filter(within).reduce((sum, { slope, fromMs }) => sum + slope * (timeMs - fromMs), stepped)
  );
}

export interface PatternRun {
  timesMs: number[];
  /** V at these times, cut at the peak of 30 mV. */
  valuesMv: number[];
  spikesMs: number[];
}

const PEAK_MV = 30;

/**
 * Runs a pattern as the published program does: Euler steps of `stepMs`, u with the new V, and a spike where V has
 * passed 30 mV. A finer `stepMs` tells what the equations themselves do.
 */
export function runPattern(pattern: FiringPattern, stepMs = pattern.stepMs): PatternRun {
  const { a, b, c, d, linear = 5, constant = 140, integratesFromMv, lengthMs } = pattern;
  let v = pattern.startMv;
  let u = pattern.startU ?? b * v;
  const run: PatternRun = { timesMs: [], valuesMv: [], spikesMs: [] };
  for (let k = 0; k * stepMs <= lengthMs; k++) {
    const timeMs = k * stepMs;
    v += stepMs * (0.04 * v * v + linear * v + constant - u + stimulusAt(pattern, timeMs));
    u += stepMs * a * (integratesFromMv === undefined ? b * v - u : b * (v - integratesFromMv));
    run.timesMs.push(timeMs);
    run.valuesMv.push(Math.min(v, PEAK_MV));
    if (v <= PEAK_MV) continue;
    run.spikesMs.push(timeMs);
    v = c;
    u += d;
  }
  return run;
}
