import type { Stream } from '../util/rng.js';
import { linearFit } from './linear-solve.js';

/** A smooth function on the unit cube. */
export type Teacher = (x: ArrayLike<number>, at?: number) => number;

/**
 * A sum of a few plane waves of about the size of the cube, scaled to a variance near one.
 *
 * @param wavenumber of all waves; π is half a period across the cube
 */
export function smoothTeacher(dimensions: number, random: Stream, waves = 4, wavenumber = Math.PI): Teacher {
  const terms = Array.from({ length: waves }, () => ({
    direction: unitVector(dimensions, random).map((value) => wavenumber * value),
    phase: 2 * Math.PI * random.uniform(),
  }));
  const scale = Math.sqrt(2 / waves);
  return (x, at = 0) => {
    let sum = 0;
    for (const { direction, phase } of terms) {
      let angle = phase;
      for (let i = 0; i < dimensions; i++) angle += direction[i] * x[at + i];
      sum += Math.cos(angle);
    }
    return scale * sum;
  };
}

/** Points drawn evenly from the cube [low, 1 - low]^d, one after the other. */
export function uniformPoints(count: number, dimensions: number, random: Stream, low = 0): Float64Array {
  return Float64Array.from({ length: count * dimensions }, () => low + (1 - 2 * low) * random.uniform());
}

/** How a learner that only looks at neighbours fills the space between them. */
export type Interpolation = 'nearest' | 'local plane';

/**
 * Mean squared error of a learner on test points: the value of the nearest of D examples, or the plane through
 * the k nearest ones (least squares) at the point.
 */
export function neighbourError(
  teacher: Teacher,
  examples: Float64Array,
  tests: Float64Array,
  dimensions: number,
  interpolation: Interpolation,
): number {
  const count = examples.length / dimensions;
  const values = Float64Array.from({ length: count }, (_, i) => teacher(examples, i * dimensions));
  const k = interpolation === 'nearest' ? 1 : planeNeighbours(dimensions);
  const nearest = new NearestK(k);
  let sum = 0;
  const testCount = tests.length / dimensions;
  for (let t = 0; t < testCount; t++) {
    nearest.clear();
    const at = t * dimensions;
    for (let i = 0; i < count; i++) {
      let distance = 0;
      for (let j = 0; j < dimensions && distance < nearest.worst; j++)
        distance += (examples[i * dimensions + j] - tests[at + j]) ** 2;
      nearest.offer(i, distance);
    }
    const guess =
      interpolation === 'nearest'
        ? values[nearest.index[0]]
        : planeAt(nearest, examples, values, tests, at, dimensions);
    sum += (guess - teacher(tests, at)) ** 2;
  }
  return sum / testCount;
}

/** Expected slope of log error in log D: -2/d for constants between neighbours, -4/d for planes. */
export function expectedSlope(dimensions: number, interpolation: Interpolation): number {
  return (interpolation === 'nearest' ? -2 : -4) / dimensions;
}

/** Three times as many neighbours as a plane has coefficients, so that it is well determined. */
function planeNeighbours(dimensions: number): number {
  return 3 * (dimensions + 1);
}

function planeAt(
  { index }: NearestK,
  examples: Float64Array,
  values: Float64Array,
  tests: Float64Array,
  at: number,
  dimensions: number,
): number {
  const width = dimensions + 1;
  const rows = new Float64Array(index.length * width);
  const targets = new Float64Array(index.length);
  index.forEach((example, row) => {
    rows[row * width] = 1;
    for (let j = 0; j < dimensions; j++)
      rows[row * width + 1 + j] = examples[example * dimensions + j] - tests[at + j];
    targets[row] = values[example];
  });
  return linearFit(rows, targets, width)[0];
}

/** The k smallest distances seen, in order. */
class NearestK {
  readonly index: Int32Array;
  private readonly distance: Float64Array;

  constructor(private readonly k: number) {
    this.index = new Int32Array(k);
    this.distance = new Float64Array(k);
  }

  /** The largest of the k distances: what is farther need not be offered. */
  worst = Number.POSITIVE_INFINITY;

  clear(): void {
    this.distance.fill(Number.POSITIVE_INFINITY);
    this.worst = Number.POSITIVE_INFINITY;
  }

  offer(index: number, distance: number): void {
    if (distance >= this.worst) return;
    let slot = this.k - 1;
    for (; slot > 0 && this.distance[slot - 1] > distance; slot--) {
      this.distance[slot] = this.distance[slot - 1];
      this.index[slot] = this.index[slot - 1];
    }
    this.distance[slot] = distance;
    this.index[slot] = index;
    this.worst = this.distance[this.k - 1];
  }
}

function unitVector(dimensions: number, random: Stream): number[] {
  const vector = Array.from({ length: dimensions }, () => random.normal());
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
