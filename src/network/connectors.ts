import { UsageError } from '../util/errors.js';

/** The rule by which the synapses of a projection are drawn. */
export type Connector =
  | { kind: 'fixed-in-degree'; degree: number }
  | { kind: 'fixed-out-degree'; degree: number }
  | { kind: 'fixed-total'; synapses: number }
  | { kind: 'bernoulli'; probability: number }
  | { kind: 'one-to-one' }
  | { kind: 'all-to-all' }
  | { kind: 'list'; sources: Uint32Array; targets: Uint32Array }
  | DistanceConnector;

/** A probability that falls with the distance of two neurons on a sheet. */
export interface DistanceConnector {
  kind: 'distance';
  /** peak · e^(-d²/2s²), or peak · e^(-d/s), with s = lengthMm. */
  profile: 'gaussian' | 'exponential';
  lengthMm: number;
  /** Probability at distance 0. */
  peak: number;
  /** Size of a sheet whose opposite edges meet; null: they do not. */
  periodic: { widthMm: number; heightMm: number } | null;
  /** x and y of every neuron in turn, in mm. */
  sources: Float32Array;
  targets: Float32Array;
}

/** Every target has `degree` synapses, their sources drawn at random. */
export function fixedInDegree(degree: number): Connector {
  return { kind: 'fixed-in-degree', degree };
}

/** Every source has `degree` synapses, their targets drawn at random. */
export function fixedOutDegree(degree: number): Connector {
  return { kind: 'fixed-out-degree', degree };
}

/** `synapses` in all, sources and targets drawn at random with repetition. */
export function fixedTotal(synapses: number): Connector {
  return { kind: 'fixed-total', synapses };
}

/** Every pair is connected with the same probability, independently. */
export function bernoulli(probability: number): Connector {
  return { kind: 'bernoulli', probability };
}

/** Neuron i of the source connects to neuron i of the target. */
export function oneToOne(): Connector {
  return { kind: 'one-to-one' };
}

/** Every neuron of the source connects to every neuron of the target, once. */
export function allToAll(): Connector {
  return { kind: 'all-to-all' };
}

/**
 * Synapse k goes from sources[k] to targets[k].
 * @throws UsageError if one of them is no whole number of at least 0
 */
export function synapseList(sources: ArrayLike<number>, targets: ArrayLike<number>): Connector {
  return { kind: 'list', sources: indices(sources, 'sources'), targets: indices(targets, 'targets') };
}

function indices(given: ArrayLike<number>, where: string): Uint32Array {
  const whole = Uint32Array.from(given);
  const wrong = whole.findIndex((index, k) => index !== given[k]);
  if (wrong < 0) return whole;
  throw new UsageError(
    `synapse ${wrong} names neuron ${given[wrong]}`,
    `synapseList, ${where}`,
    'Count from 0.',
  );
}

/**
 * The synapses of a connector that draws nothing, as a list: by source, then by target. Others are as they were.
 * @param noAutapses source and target are one population, and no neuron connects to itself
 */
export function listed(
  connector: Connector,
  { sources, targets, noAutapses }: { sources: number; targets: number; noAutapses: boolean },
): Connector {
  if (connector.kind === 'one-to-one') {
    const each = Uint32Array.from({ length: Math.min(sources, targets) }, (_, k) => k);
    return { kind: 'list', sources: each, targets: each };
  }
  if (connector.kind !== 'all-to-all') return connector;
  const pairs = Uint32Array.from({ length: sources * targets }, (_, k) => k);
  const wanted = noAutapses ? pairs.filter((k) => Math.floor(k / targets) !== k % targets) : pairs;
  return {
    kind: 'list',
    sources: wanted.map((k) => Math.floor(k / targets)),
    targets: wanted.map((k) => k % targets),
  };
}

/** Place of each neuron on a sheet, in mm. */
export type Places = readonly (readonly [x: number, y: number])[];

/** Pairs are connected independently, with a probability that falls with their distance; each at most once. */
export function distanceDependent({
  sources,
  targets,
  profile,
  lengthMm,
  peak = 1,
  periodic = null,
}: {
  sources: Places;
  targets: Places;
  profile: DistanceConnector['profile'];
  lengthMm: number;
  peak?: number;
  periodic?: DistanceConnector['periodic'];
}): DistanceConnector {
  const flat = (places: Places) => Float32Array.from(places.flat());
  return {
    kind: 'distance',
    profile,
    lengthMm,
    peak,
    periodic,
    sources: flat(sources),
    targets: flat(targets),
  };
}

/** Places in rows and columns that are as near to squares as their number allows, each in the middle of its field. */
export function gridOnSheet(
  neurons: number,
  { widthMm, heightMm }: { widthMm: number; heightMm: number },
): Places {
  const columns = Math.max(1, Math.round(Math.sqrt((neurons * widthMm) / heightMm)));
  const rows = Math.ceil(neurons / columns);
  return Array.from({ length: neurons }, (_, i) => [
    (((i % columns) + 0.5) * widthMm) / columns,
    ((Math.floor(i / columns) + 0.5) * heightMm) / rows,
  ]);
}

/** Probability that two neurons are connected. */
export function probabilityAt(connector: DistanceConnector, source: number, target: number): number {
  const { profile, lengthMm, peak, periodic, sources, targets } = connector;
  const apart = (axis: 0 | 1, side: number | undefined) => {
    const straight = Math.abs(sources[2 * source + axis] - targets[2 * target + axis]);
    return side === undefined ? straight : Math.min(straight, Math.abs(side - straight));
  };
  const distance = Math.hypot(apart(0, periodic?.widthMm), apart(1, periodic?.heightMm)) / lengthMm;
  return peak * Math.exp(profile === 'gaussian' ? -(distance ** 2) / 2 : -distance);
}

/** Mean in-degree over at most so many of the targets. */
const SAMPLED_TARGETS = 50;

function meanInDegree(connector: DistanceConnector, sources: number, targets: number): number {
  const stride = Math.max(1, Math.floor(targets / SAMPLED_TARGETS));
  let [sum, n] = [0, 0];
  for (let target = 0; target < targets; target += stride, n++)
    for (let source = 0; source < sources; source++) sum += probabilityAt(connector, source, target);
  return sum / n;
}

/** Expected number of synapses, and the most that one target can have (to 12 standard deviations where drawn). */
export function degreesOf(
  connector: Connector,
  sources: number,
  targets: number,
): { total: number; most: number } {
  const atMost = (mean: number, limit: number) => Math.min(limit, mean + 12 * Math.sqrt(mean) + 20);
  switch (connector.kind) {
    case 'fixed-in-degree':
      return { total: connector.degree * targets, most: connector.degree };
    case 'fixed-out-degree': {
      const total = connector.degree * sources;
      return { total, most: atMost(total / targets, total) };
    }
    case 'fixed-total':
      return { total: connector.synapses, most: atMost(connector.synapses / targets, connector.synapses) };
    case 'bernoulli': {
      const mean = connector.probability * sources;
      return { total: mean * targets, most: atMost(mean, sources) };
    }
    case 'one-to-one':
      return { total: Math.min(sources, targets), most: 1 };
    case 'all-to-all':
      return { total: sources * targets, most: sources };
    case 'distance':
      return { total: meanInDegree(connector, sources, targets) * targets, most: sources };
    case 'list': {
      const degree = new Uint32Array(targets);
      for (const target of connector.targets) degree[target] += 1;
      return { total: connector.targets.length, most: degree.reduce((most, n) => Math.max(most, n), 0) };
    }
  }
}
