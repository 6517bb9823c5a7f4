/** How the work of a brain is counted, and what one unit of it costs. */
export interface BrainAccount {
  readonly name: string;
  /** Joules of one event, whatever an event is in this account. */
  readonly joulesPerEvent: number;
  readonly because: string;
}

/** What one operation of a machine costs. */
export interface MachineAccount {
  readonly name: string;
  readonly joulesPerOperation: number;
  readonly because: string;
}

/** Watts of a brain over the events that it is said to do a second. */
export function joulesPerEvent(watts: number, eventsPerS: number): number {
  return watts / eventsPerS;
}

/** Events a second: neurons · synapses of each · mean rate. */
export function eventsPerS(neurons: number, synapsesPerNeuron: number, rateHz: number): number {
  return neurons * synapsesPerNeuron * rateHz;
}

/** How many times more a machine spends for an operation than a brain for an event. */
export function energyRatio(brain: BrainAccount, machine: MachineAccount): number {
  return machine.joulesPerOperation / brain.joulesPerEvent;
}
