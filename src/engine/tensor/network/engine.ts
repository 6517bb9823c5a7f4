import type { BackendChoice } from '../../../experiment/define.js';
import { type OpenGpu, openGpu } from '../../../gpu/device.js';
import { releaseDevice } from '../../../gpu/faults.js';
import type { Network } from '../../../network/network.js';
import { UsageError } from '../../../util/errors.js';
import type { Engine } from '../../engine.js';
import { requireMemory } from '../../event/memory.js';
import { planNetwork } from '../../event/plan-network.js';
import { placeNetwork } from './device-network.js';
import { GpuSimulation } from './simulation.js';

/**
 * The tensor engine for networks: neurons and synapses on a GPU, through WebGPU.
 *
 * Connections, weights, initial values and Poisson input are those of the event engine, bit for bit, and sums of input
 * are integers; so are the spikes, for models whose step is made of sums, differences and products (all with the
 * integrator 'exact'), on a GPU that rounds to nearest. Models with divisions, exponentials or far exponents may
 * differ in the last bit, and a chaotic network then takes another course with the same statistics.
 *
 * `threads` and `sleep` mean nothing here; synapses that change are refused.
 *
 * @param backend 'webgpu', or 'auto', which takes no GPU that is emulated in software
 */
export function tensorEngine(backend: BackendChoice, open: typeof openGpu = openGpu): Engine {
  return {
    name: 'tensor',
    async build(network, options = {}) {
      if (network.populations.length === 0)
        throw new UsageError('the network has no population', `network '${network.name}'`, 'Add one.');
      requireStatic(network);
      requireMemory(network, 1, options.memoryBytes);
      const gpu: OpenGpu = await open(backend);
      try {
        options.onBackend?.(gpu.chosen);
        const plan = await planNetwork(network, 1, { record: options.record, sparse: true });
        return new GpuSimulation(network, gpu, plan, await placeNetwork(network, plan, gpu), options);
      } catch (error) {
        releaseDevice(gpu.device);
        throw error;
      }
    },
  };
}

/** @throws UsageError if the network holds what only the event engine does */
function requireStatic({ projections, populations, currentInputs }: Network): void {
  const given = populations.find(({ spikes }) => spikes !== null) ?? currentInputs[0];
  const trial = populations.find(({ trials }) => trials !== null);
  const learning = projections.find(({ plasticity, shortTerm }) => plasticity ?? shortTerm);
  const found = [
    given && ['spikes or currents are given', `'${given.name}'`],
    trial && ['it is there in trials', `population '${trial.name}'`],
    learning && ['its synapses change', `projection '${learning.name}'`],
  ].find((one) => one !== undefined);
  if (found !== undefined)
    throw new UsageError(
      `${found[0]}, which the tensor engine does not simulate`,
      found[1],
      'Use --engine event.',
    );
}
