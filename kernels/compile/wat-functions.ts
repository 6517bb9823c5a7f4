/** Lines of WebAssembly text, and the text that reads what they have computed. */
export interface Printed {
  lines: string[];
  value: string;
}

/** Puts values into locals of their own. */
class Lines {
  readonly lines: string[] = [];

  /** @param fresh gives the name of a new local */
  constructor(private readonly fresh: () => string) {}

  hold(value: string): string {
    const name = this.fresh();
    this.lines.push(`(local.set $${name} ${value})`);
    return `(local.get $${name})`;
  }
}

const f32 = (value: number) => `(v128.const f32x4 ${Array(4).fill(value).join(' ')})`;
const add = (a: string, b: string) => `(f32x4.add ${a} ${b})`;
const sub = (a: string, b: string) => `(f32x4.sub ${a} ${b})`;
const mul = (a: string, b: string) => `(f32x4.mul ${a} ${b})`;

/** 1.5 · 2^23: adding it to a number below 2^22 leaves that number, rounded to an integer, in the last bits. */
const ROUNDER = 12582912;

/**
 * e^x in float32, to 2e-7: x = k ln 2 + r, then a polynomial in r (that of Cephes' expf), then k is added to the
 * exponent. Below -87 and above 88 it stays at e^-87 and e^88.
 * @param x text that reads a local
 */
export function exponential(x: string, fresh: () => string): Printed {
  const out = new Lines(fresh);
  const clamped = out.hold(`(f32x4.pmax (f32x4.pmin ${x} ${f32(88)}) ${f32(-87)})`);
  const shifted = out.hold(add(mul(clamped, f32(Math.LOG2E)), f32(ROUNDER)));
  const k = out.hold(sub(shifted, f32(ROUNDER)));
  const r = out.hold(sub(sub(clamped, mul(k, f32(0.693359375))), mul(k, f32(-2.1219444e-4))));
  const coefficients = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 0.16666665459, 0.5];
  const polynomial = coefficients.map(f32).reduce((sum, coefficient) => add(mul(sum, r), coefficient));
  const mantissa = add(add(mul(mul(polynomial, r), r), r), f32(1));
  return { lines: out.lines, value: `(i32x4.add ${mantissa} (i32x4.shl ${shifted} (i32.const 23)))` };
}

/**
 * (e^x - 1)/x in float32, to 3e-7. Within 1/2 of 0 it is a polynomial (minimax in the relative error, 1.2e-7, and
 * exactly 1 at 0), summed in pairs so that few operations wait for each other.
 * @returns `far` with the value: the mask of what lies further out, where the value is not to be used
 */
export function relativeExponentialNear(x: string, fresh: () => string): Printed & { far: string } {
  const out = new Lines(fresh);
  const square = out.hold(mul(x, x));
  const pair = (low: number, high: number) => add(f32(low), mul(x, f32(high)));
  const upper = add(
    pair(0.16666135310562774, 0.04166897103366622),
    mul(square, pair(0.008402392818764242, 0.0013875751196167666)),
  );
  const value = out.hold(add(pair(1, 0.4999998342937062), mul(square, upper)));
  return { lines: out.lines, value, far: `(f32x4.gt ${square} ${f32(0.25)})` };
}

/** The same for all x: where it lies further out, seldom met in a time step, by its definition. */
export function relativeExponential(x: string, fresh: () => string): Printed {
  const near = relativeExponentialNear(x, fresh);
  const out = new Lines(fresh);
  out.lines.push(...near.lines);
  const far = out.hold(near.far);
  const result = fresh();
  const direct = exponential(x, fresh);
  const quotient = `(f32x4.div ${sub(direct.value, f32(1))} ${x})`;
  out.lines.push(
    `(local.set $${result} ${near.value})`,
    `(if (v128.any_true ${far}) (then`,
    ...direct.lines.map((line) => `  ${line}`),
    `  (local.set $${result} (v128.bitselect ${quotient} (local.get $${result}) ${far}))))`,
  );
  return { lines: out.lines, value: `(local.get $${result})` };
}
