import type { Arena } from '../../../kernels/arena.js';
import type { ConnectKernel } from '../../../kernels/connect/index.js';
import type { Part } from './layout.js';
import type { Plan, ProjectionPlan } from './plan.js';

/** The slice whose tables are built, and what they are built with. */
export interface Site {
  plan: Plan;
  parts: readonly Part[];
  /** Index that stands for no neuron. */
  nobody: number;
  /** Out-degrees of the sources of each projection, to be set. */
  projectionDegrees: readonly Uint32Array[];
  arena: Arena;
  kernel: ConnectKernel;
}

/** Projections whose synapses share rows. Those of a source with a delay are bin source · delays + delay - firstDelay. */
export interface TableGroup {
  projections: readonly ProjectionPlan[];
  sources: number;
  firstDelay: number;
  delays: number;
}

/** Puts projections together that differ in nothing but their target population; dense ones have the same. */
export function tableGroups({ projections, populations }: Plan): TableGroup[] {
  const groups = new Map<string, ProjectionPlan[]>();
  for (const projection of projections) {
    const { source, target, channel, packed, shift, weight, delays, firstDelay, plastic, dense } = projection;
    const own = dense ? `dense ${target}` : 'packed';
    const fixed = packed ? `${own} ${shift}` : `constant ${weight.a}`;
    const kind = plastic === null ? fixed : `plastic ${plastic.projection}`;
    const shortTerm = JSON.stringify(projection.shortTerm);
    const key = [source, channel, kind, delays > 1 ? 'delays' : firstDelay, shortTerm].join('/');
    groups.set(key, [...(groups.get(key) ?? []), projection]);
  }
  return [...groups.values()].map((group) => {
    const firstDelay = Math.min(...group.map((p) => p.firstDelay));
    const lastDelay = Math.max(...group.map((p) => p.firstDelay + p.delays - 1));
    const sources = populations[group[0].source].size;
    return { projections: group, sources, firstDelay, delays: lastDelay - firstDelay + 1 };
  });
}
