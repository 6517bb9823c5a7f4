import { fitClade, massOf, neuronsOf, speciesNamed } from '../../../models/brains/index.js';
import { GROUPS } from '../../../models/brains/published.js';
import { readMetabolicRates } from '../../../src/data/metabolic-rates.js';
import { crossEntropy, exactMatchWidthDecades, sizeForExactMatch } from '../../../src/scaling/emergence.js';
import {
  covers,
  LOSS_LAWS,
  ladderSlope,
  leastSquares,
  logspace,
  predict,
} from '../../../src/scaling/index.js';
import { expectedExcessRisk } from '../../../src/scaling/variance.js';
import { figure } from '../figure.js';
import type { AuditInputs } from '../inputs.js';
import type { Computations } from './computation.js';
import { CHINCHILLA_SHAPES, parametersOfShape, trainingFlopPerToken } from './transformer-flop.js';

/** A toy law of loss: one nat at 10⁹ parameters, exponent 0.3. */
const TOY = { c: 1e9, a: 0.3 };

/** Claims about forms and rules: what follows from a formula, without a measurement. */
export const theory: Computations = {
  A003: () => [
    figure('Y at 100 times M over Y, b = 3/4', 100 ** 0.75, null, {
      unit: '×',
      claimed: 10 ** 1.5,
      within: 1e-9,
    }),
  ],
  A004: () => [
    figure(
      'relative change of Y over that of M, b = 3/4',
      elasticity((mass) => 5 * mass ** 0.75, 3),
      null,
      {
        claimed: 0.75,
        within: 1e-6,
      },
    ),
  ],
  A006: () => [
    figure('sets of mammals and birds, out of three, that hold 3/4 and leave out 2/3', kleiberSets(), null, {
      claimed: 3,
      within: 0,
    }),
  ],
  A013: humanAsPrimate,
  A021: () => {
    const loss = (deviation: number) => deviation ** 2;
    const risk = (examples: number) => expectedExcessRisk(20, examples, 1);
    return [
      figure('exponent of the loss in the deviation', elasticity(loss, 0.1), null, {
        claimed: 2,
        within: 1e-6,
      }),
      figure('slope of the excess loss in D', Math.log2(risk(64_000) / risk(32_000)), null, {
        claimed: -1,
        within: 0.01,
      }),
    ];
  },
  A032: () => [
    figure('slope of the log loss between 10⁶ and 10¹² parameters', slopeOfLogLoss(), null, {
      claimed: -TOY.a,
      within: 1e-9,
    }),
  ],
  B004: () => {
    const ratios = CHINCHILLA_SHAPES.map(
      (shape) => trainingFlopPerToken(shape) / (6 * parametersOfShape(shape)),
    );
    return [
      figure('operations counted one by one over 6·N·D, least of six shapes', Math.min(...ratios), '0.99', {
        claimed: 1,
      }),
      figure('greatest of six shapes', Math.max(...ratios), '1.10', { claimed: 1, within: 0.11 }),
    ];
  },
  B019: () => {
    const slope = (from: number, low: number, high: number) =>
      ladderSlope(LOSS_LAWS.besiroglu, logspace(from, 1.5e9, 20), logspace(low, high, 100));
    return [
      figure('exponent, models from 10³ parameters', slope(1e3, 10 ** 12.95, 10 ** 20.7), '0.773', {
        claimed: 0.78,
        slack: 0.005,
      }),
      figure('from 10⁶, over 10¹⁵ to 10²¹ FLOP', slope(1e6, 1e15, 1e21), null),
    ];
  },
  C006: () => {
    const width = (length: number) =>
      Math.log10(
        sizeForExactMatch(0.5, length, TOY.c, TOY.a) / sizeForExactMatch(0.05, length, TOY.c, TOY.a),
      );
    return [
      figure('decades from 5 to 50 % right, ten tokens over one', width(10) / width(1), null, {
        unit: '×',
        claimed: 0.5,
        sense: 'at most',
      }),
      figure('those decades', exactMatchWidthDecades(0.05, 0.5, TOY.a), null),
    ];
  },
  D011: ({ fit: { law } }) => [
    figure('reducible loss in parameters for twice as many', 2 ** -law.alpha, null, { unit: '×' }),
  ],
  D017: () => {
    const tree = (machines: number) => 2 * Math.log2(machines);
    const ring = (machines: number) => 2 * (machines - 1);
    return [
      figure('latency of a tree, 1,024 machines over 8', tree(1024) / tree(8), null, {
        unit: '×',
        claimed: Math.log2(1024) / Math.log2(8),
        within: 1e-9,
      }),
      figure('latency of a ring', ring(1024) / ring(8), null, { unit: '×' }),
      figure('its bandwidth term, 2(N - 1)/N', ring(1024) / 1024 / (ring(8) / 8), null, { unit: '×' }),
    ];
  },
  D025: () => {
    // 512 latents, 26 layers over them; the input grows from 2^18 to 2^19.
    const perceiver = (inputs: number) => inputs * 512 + 26 * 512 ** 2;
    const full = (inputs: number) => inputs ** 2;
    return [
      figure('attention of Perceiver IO for twice the input', perceiver(2 ** 19) / perceiver(2 ** 18), null, {
        unit: '×',
        claimed: 2,
      }),
      figure('of full self-attention', full(2 ** 19) / full(2 ** 18), null, { unit: '×' }),
    ];
  },
};

/** d log f / d log x by a central difference. */
function elasticity(f: (x: number) => number, x: number): number {
  const step = 1e-4;
  return Math.log(f(x * (1 + step)) / f(x * (1 - step))) / Math.log((1 + step) / (1 - step));
}

/** How many of three sets of animals have a 95 % interval of the exponent that holds 3/4 and not 2/3. */
function kleiberSets(): number {
  const rates = readMetabolicRates();
  const sets = [
    ['genoud2018_select', 'Mammalia'],
    ['anage', 'Mammalia'],
    ['anage', 'Aves'],
  ];
  return sets.filter(([dataset, animals]) => {
    const rows = rates.filter((row) => row.dataset === dataset && row.class === animals);
    const { slope } = leastSquares(
      rows.map((row) => Math.log10(row.body_mass_g)),
      rows.map((row) => Math.log10(row.bmr_W)),
    );
    return covers(slope, 3 / 4) && !covers(slope, 2 / 3);
  }).length;
}

function humanAsPrimate({ species }: AuditInputs) {
  const human = speciesNamed(species, 'human');
  const { fit } = fitClade(species, GROUPS.primateWithoutHuman, 'brain', { direction: 'neurons on mass' });
  const { value, interval } = predict(fit, massOf(human, 'brain')!);
  const counted = neuronsOf(human, 'brain')! / 1e9;
  const unit = '10⁹';
  return [
    figure('neurons counted, against the low end for a primate of that brain', counted, null, {
      unit,
      claimed: interval!.low / 1e9,
      sense: 'at least',
    }),
    figure('against the high end', counted, null, { unit, claimed: interval!.high / 1e9, sense: 'at most' }),
    figure('neurons of a primate of that brain, human left out', value / 1e9, null, { unit }),
  ];
}

function slopeOfLogLoss(): number {
  const [from, to] = [1e6, 1e12];
  return Math.log(crossEntropy(to, TOY.c, TOY.a) / crossEntropy(from, TOY.c, TOY.a)) / Math.log(to / from);
}
