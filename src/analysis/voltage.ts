import type { Observation } from '../engine/observe.js';
import { spikeTrains, trainOf } from './spike-trains.js';

/** The membrane potential of one neuron, for a figure. */
export interface VoltageTrace {
  population: string;
  dtMs: number;
  thresholdMv: number | null;
  valuesMv: number[];
  /** Times of the neuron's spikes, from the beginning of the trace. */
  spikesMs: number[];
}

/** The first recorded neuron of each recorded population, over the time observed. */
export function voltageTraces({ network, spikes, traces, recorded, firstStep }: Observation): VoltageTrace[] {
  const { dtMs } = network;
  return traces.map((trace, i) => {
    const { population } = recorded[i];
    const { parsed, parameters } = population;
    const given = parameters.V_th;
    const threshold = typeof given === 'number' ? given : parsed.parameters.get('V_th')?.value;
    const steps = trace.values.shape[0] - firstStep;
    return {
      population: population.name,
      dtMs,
      thresholdMv: threshold ?? null,
      valuesMv: Array.from({ length: steps }, (_, k) =>
        Number(trace.values.get(firstStep + k, 0).toFixed(3)),
      ),
      spikesMs: Array.from(trainOf(spikeTrains(spikes, population), trace.neurons[0]), (step) =>
        Number(((step + 1 - firstStep) * dtMs).toFixed(3)),
      ),
    };
  });
}
