import { inPowersOfTen } from '../../src/report/log-ticks.js';
import type { Bounded } from './metrics.js';
import { brainText, inferenceFj, meanOf, middleBrain, networksOf, tariffsOf, type View } from './view.js';

/** The answer in two sentences, from the data. */
export function finding(view: View): string {
  return `${errorSentence(view)} ${energySentence(view)}`;
}

function errorSentence({ metrics, config }: View): string {
  const law = metrics.powerLaws.find(({ kind }) => kind === 'spiking');
  if (!law)
    return `No power law could be fitted to the errors of the spiking networks (${metrics.powerLawProblems.join('; ')}).`;
  const inMass = law.inMass.map(({ clade, exponent }) => `${clade} ${estimateText(exponent)}`).join(', ');
  const best = metrics.brains.reduce((a, b) => (b.neurons > a.neurons ? b : a));
  return (
    `The error of the spiking networks falls as N^-${law.exponent.value.toPrecision(2)} (N neurons) towards a floor of ` +
    `${(100 * law.floor.value).toPrecision(2)} %, so that in brain mass its exponents are ${inMass}: at ` +
    `${Math.max(...config.massesG)} g a ${best.clade} has the most neurons to learn with.`
  );
}

function estimateText({ value, low, high }: Bounded): string {
  const end = (x: number | null) => (x === null ? '∞' : x.toPrecision(2));
  return `${value.toPrecision(2)} [${low === null ? '–∞' : end(low)}, ${end(high)}]`;
}

/** Which of the two is cheaper under each tariff that prices both, at the middle brain. */
function energySentence(view: View): string {
  const brain = middleBrain(view);
  const spiking = networksOf(view, brain, 'spiking');
  const dense = networksOf(view, brain, 'dense');
  const ratios = tariffsOf(view).flatMap((tariff) => {
    const a = inferenceFj(view, spiking, tariff);
    const b = inferenceFj(view, dense, tariff);
    return a && b ? [{ tariff, ratio: b.valueFj / a.valueFj }] : [];
  });
  const own = inferenceFj(view, spiking, view.config.tariff);
  const price = own
    ? `costs ${(own.valueFj / 1000).toPrecision(2)} pJ an image under '${view.config.tariff}'`
    : `has no price under '${view.config.tariff}'`;
  const percent = (networks: typeof spiking) =>
    (100 * meanOf(networks, ({ accuracy }) => accuracy)).toFixed(1);
  const compared = ratios
    .map(({ tariff, ratio }) =>
      ratio >= 1
        ? `${ratio.toPrecision(2)} times cheaper under '${tariff}'`
        : `${(1 / ratio).toPrecision(2)} times dearer under '${tariff}'`,
    )
    .join(', ');
  return (
    `The spiking network of a ${brain.clade}'s ${brain.massG} g brain (${percent(spiking)} % right, dense ${percent(dense)} %) ${price}` +
    (compared
      ? `; than the dense one it is ${compared}.`
      : '; no tariff of the comparison prices both networks.')
  );
}

export function caveats(view: View): string[] {
  const { metrics, config, preset, seeds } = view;
  const extrapolated = metrics.brains.filter((brain) => brain.extrapolated).map(brainText);
  return [
    ...(preset === 'quick'
      ? [
          `This is a sketch: ${metrics.data.train} training images and ${config.epochs} epochs. Use --full for figures to quote.`,
        ]
      : []),
    ...(seeds.length === 1
      ? ['One seed: differences of some tenths of a per cent mean nothing. Use --seeds 3 for a spread.']
      : []),
    'A hidden unit stands for millions of neurons, and telling digits apart is nothing that these brains evolved for. ' +
      'The race shows what the same learning rule makes of the sizes that brains have, not what brains can do.',
    `Networks are sized by the neurons of the cortex (mammals) or pallium (birds), predicted from brain mass by each ` +
      `clade's own least-squares line of log neurons on log brain mass, one network unit for ${inPowersOfTen(config.neuronsPerUnit)} neurons. ` +
      'The two structures are not the same thing: a mammalian cortex is counted with hippocampus and white matter, the avian pallium without the subpallium.',
    ...(extrapolated.length > 0
      ? [`Outside the masses that were counted, so extrapolated: ${extrapolated.join('; ')}.`]
      : []),
    'Counts rest on one to five animals a species, and species count as independent: the intervals of the rules are optimistic.',
    ...metrics.powerLaws.flatMap(({ kind, caveats: of }) =>
      of.map((text) => `Power law of the ${kind} networks: ${text}.`),
    ),
    ...((metrics.plasticity ?? []).length > 0
      ? [
          'Policies of plasticity have one setting for all sizes, and their networks learn from as many images as the others: ' +
            'compare accuracy beside energy. Most tariffs set the price of a transient write to zero, so that caching saves ' +
            'what it can at best.',
        ]
      : []),
    'Energies are modelled: integer counts times a published price. They were not measured on this computer. ' +
      'A synaptic event, a multiply-accumulate and a vesicle are different units of work.',
  ];
}
