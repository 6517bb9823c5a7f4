/** The rule by which the synapses of a projection are drawn. */
export type Connector =
  | { kind: 'fixed-in-degree'; degree: number }
  | { kind: 'fixed-out-degree'; degree: number }
  | { kind: 'fixed-total'; synapses: number }
  | { kind: 'bernoulli'; probability: number }
  | { kind: 'one-to-one' }
  | { kind: 'all-to-all' }
  | { kind: 'list'; sources: Uint32Array; targets: Uint32Array };

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

export function allToAll(): Connector {
  return { kind: 'all-to-all' };
}

/** Synapse k goes from sources[k] to targets[k]. */
export function synapseList(sources: ArrayLike<number>, targets: ArrayLike<number>): Connector {
  return { kind: 'list', sources: Uint32Array.from(sources), targets: Uint32Array.from(targets) };
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
    case 'list': {
      const degree = new Uint32Array(targets);
      for (const target of connector.targets) degree[target] += 1;
      return { total: connector.targets.length, most: degree.reduce((most, n) => Math.max(most, n), 0) };
    }
  }
}
