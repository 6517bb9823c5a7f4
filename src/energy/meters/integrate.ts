/** Power at one moment. */
export interface PowerSample {
  ms: number;
  watts: number;
}

/** ∫ power dt, taken in sample by sample. */
export interface PowerIntegral {
  /** Samples in the order of time; one taken at or before the start gives the power there. */
  add(sample: PowerSample): void;
  /** Samples since the start. */
  readonly count: number;
  /** Energy from the start to stopMs. At least one sample must have been added. */
  at(stopMs: number): { joules: number; errorJoules: number };
}

/**
 * Integral of sampled power from startMs on, by the trapezium rule; before the first and after the last sample the
 * power is taken as theirs. `errorJoules` bounds the error if between two samples the power stays between them:
 * half the difference over each gap, and the whole range seen over each end.
 */
export function integratePower(startMs: number): PowerIntegral {
  let joules = 0;
  let errorJoules = 0;
  let endsS = 0;
  let last: PowerSample | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let count = 0;

  function add(sample: PowerSample): void {
    if (sample.ms > startMs) {
      if (last) trapezium(last, sample);
      else hold(sample.watts, startMs, sample.ms);
      count++;
    }
    lowest = Math.min(lowest, sample.watts);
    highest = Math.max(highest, sample.watts);
    last = sample;
  }

  function trapezium(a: PowerSample, b: PowerSample): void {
    const from = Math.max(a.ms, startMs);
    const wattsFrom = a.watts + ((b.watts - a.watts) * (from - a.ms)) / (b.ms - a.ms);
    const seconds = (b.ms - from) / 1000;
    joules += (seconds * (wattsFrom + b.watts)) / 2;
    errorJoules += (seconds * Math.abs(b.watts - a.watts)) / 2;
  }

  function hold(watts: number, fromMs: number, toMs: number): void {
    joules += (watts * (toMs - fromMs)) / 1000;
    endsS += (toMs - fromMs) / 1000;
  }

  function at(stopMs: number): { joules: number; errorJoules: number } {
    if (!last) throw new RangeError('no power was sampled');
    const restS = (stopMs - Math.max(last.ms, startMs)) / 1000;
    return {
      joules: joules + restS * last.watts,
      errorJoules: errorJoules + (endsS + Math.abs(restS)) * (highest - lowest),
    };
  }

  return {
    add,
    at,
    get count() {
      return count;
    },
  };
}
