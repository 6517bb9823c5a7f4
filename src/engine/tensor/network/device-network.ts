import { CONTROL } from '../../../../kernels/compile/wgsl.js';
import { DELIVER_WORKGROUP, TABLE_FIELDS } from '../../../../kernels/deliver/webgpu.wgsl.js';
import { Buffers } from '../../../gpu/buffers.js';
import type { OpenGpu } from '../../../gpu/device.js';
import type { Network } from '../../../network/network.js';
import type { Plan } from '../../event/plan.js';
import { buildLayout, counterOf, type GpuTable, type Layout, mostSpikes, shaderWords } from './layout.js';
import { deliverShader, pipeline, RECORD_SHADER, turnShader, updateShader } from './shaders.js';

/** Bytes of the log, at most, if a batch of one window fits into it. */
const LOG_BYTES = 2 ** 26;
/** Bytes of what is recorded in one batch, at most. */
const TRACE_BYTES = 2 ** 25;
/** Steps of a batch, at most. */
const MOST_STEPS = 2 ** 14;
/** Workgroups that deliver the spikes of one table; each takes one spike after another. */
const DELIVERERS = 256;

/** One dispatch of a window. */
interface Call {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  workgroups: [number, number];
}

/** A network on a GPU: its buffers, and the calls that advance it by a window. */
export interface DeviceNetwork {
  buffers: Buffers;
  layout: Layout;
  /** Steps of a window; with something to record, 1. */
  window: number;
  /** Steps that may be computed before the log is read. */
  mostSteps: number;
  /** The calls of a window, in order. */
  calls: Call[];
  control: GPUBuffer;
  log: GPUBuffer;
  /** Where the log of each population begins, in entries of two words (neuron, step). */
  logs: number[];
  state: GPUBuffer;
  /** Recorded words of one step, in the order of the plan's traces; null where nothing is recorded. */
  trace: { buffer: GPUBuffer; words: number } | null;
}

/**
 * Builds a network's tables, puts them on a GPU and compiles its shaders.
 * @throws UsageError or RunError if it does not fit
 */
export async function placeNetwork(network: Network, plan: Plan, gpu: OpenGpu): Promise<DeviceNetwork> {
  const buffers = new Buffers(gpu.device, gpu.name);
  try {
    return await buffers.allocate(() => place(network, plan, gpu.device, buffers));
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

async function place(
  network: Network,
  plan: Plan,
  device: GPUDevice,
  buffers: Buffers,
): Promise<DeviceNetwork> {
  const states: Uint8Array[] = [];
  const tables: PlacedTable[] = [];
  const layout = buildLayout(
    plan,
    (_, state) => states.push(state.slice()),
    (table) => tables.push(placeTable(table, buffers)),
  );
  const window = plan.traces.length > 0 ? 1 : plan.window;
  const recorded = plan.traces.flatMap(({ population, variable, neurons }) =>
    Array.from(neurons, (neuron) => cellOfState(layout, population, variable, neuron)),
  );
  const { mostSteps, logs, entries } = planLog(plan, window, recorded.length);

  const shaders = network.populations.map(updateShader);
  const distinct = [...new Set(shaders)];
  const shaderOf = shaders.map((shader) => distinct.indexOf(shader));
  const { words: wordValues, blocks } = shaderWords(plan, layout, shaderOf, logs, window);
  const control = buffers.zeros(counterOf(plan.populations.length), 'control');
  const words = buffers.filled(new Uint8Array(wordValues.buffer), 'the parameters');
  const state = buffers.filled(joined(states), 'the state of the neurons');
  const ring = buffers.zeros(plan.channels * plan.slots * layout.rowWords, 'the input on its way');
  const log = buffers.zeros(2 * entries, 'the spikes of a batch');

  const calls: Call[] = [];
  const call = (on: GPUComputePipeline, entries: GPUBindGroupEntry[], ...workgroups: [number, number]) => {
    const group = device.createBindGroup({ layout: on.getBindGroupLayout(0), entries });
    calls.push({ pipeline: on, group, workgroups });
  };
  const bind = (...list: GPUBuffer[]) => list.map((buffer, binding) => ({ binding, resource: { buffer } }));

  for (const [shader, { at, count }] of blocks.entries()) {
    const update = await pipeline(device, distinct[shader], { blocksAt: at });
    call(update, bind(control, words, state, ring, log), ...inTwo(count));
  }
  const trace = recorded.length > 0 ? buffers.zeros(mostSteps * recorded.length, 'what is recorded') : null;
  if (trace !== null) {
    const record = await pipeline(device, RECORD_SHADER, { count: recorded.length });
    const cells = buffers.filled(new Uint8Array(Uint32Array.from(recorded).buffer), 'what is recorded');
    call(record, bind(control, cells, state, trace), Math.ceil(recorded.length / 64), 1);
  }
  const deliverers = new Map<string, GPUComputePipeline>();
  for (const table of tables) {
    const form = { packed: table.packed, delayed: table.delay === null };
    const key = JSON.stringify(form);
    const deliver = deliverers.get(key) ?? (await pipeline(device, deliverShader(form)));
    deliverers.set(key, deliver);
    const uniform = buffers.filled(
      new Uint8Array(tableWords(table, plan, layout, logs).buffer),
      'a table',
      GPUBufferUsage.UNIFORM,
    );
    const { size } = plan.populations[table.source];
    call(
      deliver,
      bind(control, ring, log, uniform, table.rowBuffer, table.dataBuffer, ...table.segmentBuffers),
      Math.min(DELIVERERS, Math.ceil(size / 16)),
      1,
    );
  }
  call(await pipeline(device, turnShader(plan.populations.length)), bind(control, words), 1, 1);
  device.queue.writeBuffer(control, 4 * CONTROL.broken, Int32Array.of(0x7fffffff));
  return {
    buffers,
    layout,
    window,
    mostSteps,
    calls,
    control,
    log,
    logs,
    state,
    trace: trace === null ? null : { buffer: trace, words: recorded.length },
  };
}

/** A table whose arrays are on the GPU. */
type PlacedTable = Omit<GpuTable, 'rowBytes' | 'segmentBytes' | 'dataBytes'> & {
  rowBuffer: GPUBuffer;
  dataBuffer: GPUBuffer;
  segmentBuffers: GPUBuffer[];
};

function placeTable(table: GpuTable, buffers: Buffers): PlacedTable {
  const { rowBytes, segmentBytes, dataBytes, ...rest } = table;
  return {
    ...rest,
    rowBuffer: buffers.filled(rowBytes, 'the rows of a table of synapses'),
    dataBuffer: buffers.filled(dataBytes, 'a table of synapses'),
    segmentBuffers:
      table.delay === null ? [buffers.filled(segmentBytes, 'the delays of a table of synapses')] : [],
  };
}

/** The uniform of a table. */
function tableWords(table: PlacedTable, plan: Plan, layout: Layout, logs: readonly number[]): Uint32Array {
  const values: Record<(typeof TABLE_FIELDS)[number], number> = {
    startAt: counterOf(table.source),
    logAt: logs[table.source],
    ringAt: table.channel * plan.slots * layout.rowWords + table.base,
    rowWords: layout.rowWords,
    slots: plan.slots,
    weight: table.weight,
    delay: table.delay ?? 0,
    unused: DELIVER_WORKGROUP,
  };
  return Uint32Array.from(TABLE_FIELDS, (field) => values[field]);
}

/** How many steps a batch may have, so that the log holds whatever is fired in it, and where each log begins. */
function planLog(plan: Plan, window: number, recorded: number) {
  const entriesFor = (steps: number) =>
    plan.populations.map(({ size, refractorySteps }) => mostSpikes(size, refractorySteps, steps));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const fits = (steps: number) =>
    8 * sum(entriesFor(steps)) <= LOG_BYTES && 4 * recorded * steps <= TRACE_BYTES;
  let mostSteps = window;
  while (2 * mostSteps <= MOST_STEPS && fits(2 * mostSteps)) mostSteps *= 2;
  const lengths = entriesFor(mostSteps);
  return { mostSteps, logs: lengths.map((_, p) => sum(lengths.slice(0, p))), entries: sum(lengths) };
}

function cellOfState({ parts }: Layout, population: number, variable: number, neuron: number): number {
  const part = parts.find(
    (p) => p.population === population && neuron >= p.first && neuron < p.first + p.count,
  )!;
  return part.state + variable * part.stride + neuron - part.first;
}

/** So many workgroups in two dimensions: one dimension ends at 65535. */
function inTwo(count: number): [number, number] {
  const rows = Math.ceil(count / 65_535);
  return [Math.ceil(count / rows), rows];
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
