import { type Stream, stream } from '../util/rng.js';
import type { ImageData, ImageSet } from './images.js';

/** Classes of the garments, in the order of their labels. */
export const GARMENTS = [
  'T-shirt',
  'trousers',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'boot',
] as const;

const SIZE = 28;

/** Samples taken along each side of a pixel: its grey is the share of them that the garment covers. */
const SUBSAMPLES = 2;

/** A garment before it is drawn: coordinates from -1 to 1, y downwards, and the lengths that differ within its class. */
interface Cut {
  width: number;
  length: number;
  sleeve: number;
  flare: number;
}

/** Whether a point belongs to the garment. */
type Outline = (x: number, y: number, cut: Cut) => boolean;

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

/** Trunk from shoulder to hem, and sleeves that hang at an angle; a share of `sleeve` of the arm is covered. */
const top =
  (hem: number, arm: number, neck: number, open: boolean): Outline =>
  (x, y, { width, length, sleeve, flare }) => {
    const side = Math.abs(x);
    const bottom = hem * length;
    const trunk = within(y, -0.75, bottom) && side <= 0.38 * width * (1 + 0.3 * flare * (y + 0.75));
    const reach = arm * sleeve;
    const along = side - 0.36 * width;
    const isSleeve = within(along, 0, reach) && within(y - (-0.72 + 0.9 * along), 0, 0.34 - 0.1 * along);
    const isNeck = Math.hypot(x, y + 0.8) < neck;
    const isSlit = open && side < 0.035 && y > -0.6;
    return (trunk || isSleeve) && !isNeck && !isSlit;
  };

/** A sole, and an upper that rises from the toe on the left to a shaft on the right. */
const shoe =
  (shaft: number, straps: boolean): Outline =>
  (x, y, { width, length, flare }) => {
    const heel = 0.42;
    const sole = within(y, heel, heel + 0.14 + 0.1 * flare) && within(x, -0.85, 0.8 * width);
    const rise = shaft * length * (x > 0.1 ? 1 : Math.max(0.12, (x + 0.85) / 0.95));
    const upper = within(y, heel - rise, heel) && within(x, -0.8, 0.75 * width);
    if (!straps) return sole || upper;
    return sole || (upper && Math.abs(((x + y) * 3.1 + 10) % 1) < 0.42);
  };

const OUTLINES: readonly Outline[] = [
  top(0.7, 0.35, 0.2, false),
  (x, y, { width, length, flare }) => {
    const leg = Math.abs(Math.abs(x) - 0.17 * width);
    const isLeg = within(y, -0.5, 0.9 * length) && leg < 0.14 * width * (1 + 0.5 * flare * y);
    return isLeg || (within(y, -0.85, -0.4) && Math.abs(x) < 0.31 * width);
  },
  top(0.72, 0.95, 0.14, false),
  (x, y, { width, length, flare }) => {
    const waist = 0.2 * width + (0.16 + 0.25 * flare) * Math.abs(y + 0.15);
    return within(y, -0.85, 0.9 * length) && Math.abs(x) < waist && Math.hypot(x, y + 0.85) > 0.16;
  },
  top(0.88, 0.95, 0.16, true),
  shoe(0.5, true),
  top(0.76, 0.85, 0.17, true),
  shoe(0.5, false),
  (x, y, { width, length, flare }) => {
    const body = within(y, -0.2, 0.75 * length) && Math.abs(x) < 0.7 * width * (1 - 0.2 * flare * (0.75 - y));
    const loop = Math.hypot(x, (y + 0.2) * (1.2 - 0.4 * flare));
    return body || (y < 0 && within(loop, 0.36 * width, 0.47 * width));
  },
  shoe(1.15, false),
];

/**
 * One image: the outline under a random tilt, size, shift and cut, filled with a cloth of random brightness that has
 * stripes or checks, and grey noise over garment and ground.
 */
function draw(label: number, { uniform, normal }: Stream, into: Uint8Array): void {
  const cut: Cut = {
    width: 1 + 0.14 * normal(),
    length: 1 + 0.1 * normal(),
    sleeve: 1 + 0.22 * normal(),
    flare: uniform(),
  };
  const tilt = 0.12 * normal();
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const zoom = 1.02 + 0.1 * normal();
  const [shiftX, shiftY, shear] = [0.07 * normal(), 0.07 * normal(), 0.08 * normal()];
  const brightness = 90 + 140 * uniform();
  const [waveX, waveY, phase] = [6 * normal(), 6 * normal(), 2 * Math.PI * uniform()];
  const contrast = 0.55 * uniform();
  const isInside = OUTLINES[label];
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      let covered = 0;
      for (let n = 0; n < SUBSAMPLES ** 2; n++) {
        const u = (2 * (column + ((n % SUBSAMPLES) + 0.5) / SUBSAMPLES)) / SIZE - 1 - shiftX;
        const v = (2 * (row + (Math.floor(n / SUBSAMPLES) + 0.5) / SUBSAMPLES)) / SIZE - 1 - shiftY;
        const x = (cos * u + sin * v + shear * v) * zoom;
        const y = (cos * v - sin * u) * zoom;
        if (isInside(x, y, cut)) covered += 1 / SUBSAMPLES ** 2;
      }
      const weave = 1 + contrast * Math.sin(waveX * column * 0.25 + waveY * row * 0.25 + phase);
      const grey = covered * brightness * weave + 12 * normal() * (covered > 0 ? 1 : 0);
      into[row * SIZE + column] = Math.max(0, Math.min(255, Math.round(grey)));
    }
  }
}

function drawSet(count: number, seed: number | string, split: string): ImageSet {
  const random = stream(seed, `data/garments/${split}`);
  const images = new Uint8Array(count * SIZE * SIZE);
  const labels = new Uint8Array(count);
  for (let s = 0; s < count; s++) {
    labels[s] = random.integer(GARMENTS.length);
    draw(labels[s], random, images.subarray(s * SIZE * SIZE, (s + 1) * SIZE * SIZE));
  }
  return { images, labels, count };
}

/**
 * Drawn garments, 28 × 28 grey pixels in the ten classes of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017,
 * arXiv 1708.07747), made here and not photographed. Harder than digits, for three reasons: five classes differ by the
 * length of a sleeve, a slit or a hem alone, and those lengths overlap between classes; the grey of a pixel is that of
 * the cloth and says nothing about the class; nearly twice as many pixels are lit (277 of 784 above 1, not 150).
 *
 * The same seed gives the same images; train and test come from streams of their own.
 */
export function garments(train: number, test: number, seed: number | string): ImageData {
  return {
    name: 'garments',
    rows: SIZE,
    columns: SIZE,
    pixels: SIZE * SIZE,
    classes: GARMENTS.length,
    train: drawSet(train, seed, 'train'),
    test: drawSet(test, seed, 'test'),
  };
}
