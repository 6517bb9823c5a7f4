import type { Ledger } from '../energy/ledger.js';
import type { Network } from '../network/network.js';
import type { Engine, EngineOptions, Recording, SimulationSize, Spikes, Trace } from './engine.js';

export interface ObserveOptions extends EngineOptions {
  /** Time simulated before anything is counted. */
  warmupMs: number;
  ms: number;
  /** Name and labels of the ledger. */
  name?: string;
  labels?: Ledger['labels'];
}

/** What a network did from the end of its warm-up on. */
export interface Observation {
  network: Network;
  size: SimulationSize;
  spikes: Spikes;
  /** Step at which the observation began: the spikes lie in steps from here on. */
  firstStep: number;
  ms: number;
  ledger: Ledger;
  /** The recorded variables in the order asked for, from the beginning of the simulation. */
  traces: Trace[];
  recorded: readonly Recording[];
}

/** Builds a network, lets it run in, and observes it; the simulation is closed in any case. */
export async function observe(
  engine: Engine,
  network: Network,
  { warmupMs, ms, name = network.name, labels = {}, ...options }: ObserveOptions,
): Promise<Observation> {
  let beforeMs = 0;
  const simulation = await engine.build(network, {
    ...options,
    progress: (done) => options.progress?.(beforeMs + done, warmupMs + ms),
  });
  try {
    await simulation.run(warmupMs);
    beforeMs = warmupMs;
    await simulation.forgetSpikes();
    const firstStep = Math.round(simulation.timeMs / network.dtMs);
    await simulation.run(ms);
    const spikes = await simulation.spikes();
    const ledger = await simulation.ledger();
    const traces: Trace[] = [];
    for (const { population, state } of options.record ?? [])
      traces.push(await simulation.trace(population, state));
    return {
      network,
      size: simulation.size,
      spikes,
      firstStep,
      ms,
      ledger: { ...ledger, network: name, labels: { ...labels, simulatedMs: ms } },
      traces,
      recorded: options.record ?? [],
    };
  } finally {
    await simulation.close();
  }
}
