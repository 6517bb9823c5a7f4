import { CONTROL, HEAD, INPUT, PART, UPDATE_WORKGROUP } from '../../../../kernels/compile/wgsl.js';
import { GROUP } from '../../event/layout.js';
import type { Plan } from '../../event/plan.js';
import { addUp } from '../../event/runner.js';
import { Slice } from '../../event/slice.js';
import type { SynapseTable } from '../../event/synapse-table.js';

/** A part of a population in a slice, and where it lies on the GPU. */
export interface GpuPart {
  population: number;
  /** Neurons first … first + count - 1 of the population. */
  first: number;
  count: number;
  /** Cell of the first one in a row of the ring. */
  cell: number;
  /** Neurons with padding: from one state variable to the next, in words. */
  stride: number;
  /** Where its state begins, in words. */
  state: number;
}

/** A table of synapses of the event engine with the bytes of its arrays, and the cell of its slice's first neuron. */
export interface GpuTable extends SynapseTable {
  base: number;
  rowBytes: Uint8Array;
  segmentBytes: Uint8Array;
  dataBytes: Uint8Array;
}

/** What a simulation on a GPU is made of, before there is a GPU. */
export interface Layout {
  parts: GpuPart[];
  /** Cells of a row of the ring: a neuron of any slice each, and some that stand for nobody. */
  rowWords: number;
  stateWords: number;
  synapses: number;
  tableBytes: number;
  /** Synapses of the sources of each projection. */
  projectionDegrees: Uint32Array[];
}

/**
 * Builds the slices of a plan one after the other, by the code of the event engine, and hands out what is in them:
 * connections, weights and initial values are those of the event engine, bit for bit.
 *
 * @param takeState given the state of each part, as stored
 * @param takeTable given each table of synapses
 */
export function buildLayout(
  plan: Plan,
  takeState: (part: GpuPart, state: Uint8Array) => void,
  takeTable: (table: GpuTable) => void,
): Layout {
  const layout: Layout = {
    parts: [],
    rowWords: 0,
    stateWords: 0,
    synapses: 0,
    tableBytes: 0,
    projectionDegrees: plan.projections.map(({ source }) => new Uint32Array(plan.populations[source].size)),
  };
  for (let index = 0; index < plan.slices; index++) {
    const slice = new Slice(plan, index);
    const base = layout.rowWords;
    const bytes = (at: number, length: number) => new Uint8Array(slice.arena.memory.buffer, at, length);
    for (const { population, from, count, local, padded, state } of slice.parts) {
      layout.rowWords += padded;
      if (count === 0) continue;
      const part = {
        population,
        first: from,
        count,
        cell: base + local,
        stride: padded,
        state: layout.stateWords,
      };
      const words = padded * (plan.populations[population].states.length + 1);
      takeState(part, bytes(state, 4 * words));
      layout.stateWords += words;
      layout.parts.push(part);
    }
    // Targets that pad a row of synapses point behind the last neuron.
    layout.rowWords += GROUP;
    for (const table of slice.synapses.tables) {
      layout.synapses += table.synapses;
      layout.tableBytes += table.bytes;
      if (table.synapses > 0) takeTable(arraysOf(table, base, plan, bytes));
    }
    layout.projectionDegrees = layout.projectionDegrees.map((degrees, p) =>
      addUp([degrees, slice.synapses.projectionDegrees[p]]),
    );
  }
  return layout;
}

function arraysOf(
  table: SynapseTable,
  base: number,
  plan: Plan,
  bytes: (at: number, length: number) => Uint8Array,
): GpuTable {
  const { source, delay, packed, rows, segments, data } = table;
  const { size } = plan.populations[source];
  const rowBytes = bytes(rows, (delay === null ? 8 : 4) * (size + 1));
  const row = new Uint32Array(rowBytes.buffer, rowBytes.byteOffset, rowBytes.length / 4);
  const [segmentCount, length] = delay === null ? [row[2 * size], row[2 * size + 1]] : [0, row[size]];
  return {
    ...table,
    base,
    rowBytes,
    segmentBytes: bytes(segments, 4 * segmentCount),
    dataBytes: bytes(data, (packed ? 4 : 2) * length),
  };
}

/** Entries of the log that a population needs for so many steps: after a spike a neuron is silent for a while. */
export function mostSpikes(size: number, refractorySteps: number, steps: number): number {
  return size * (Math.floor(Math.max(0, steps - 1) / (refractorySteps + 1)) + 1);
}

/** Where in control the start and the end of a population's window in the log are. */
export const counterOf = (population: number): number => CONTROL.logs + 2 * population;

/** The words that tell the update shaders everything, and the workgroups of each of them. */
export interface ShaderWords {
  words: Uint32Array;
  /** By shader: where its list of workgroups begins, and how many they are. */
  blocks: { at: number; count: number }[];
}

/**
 * @param shaderOf index of the shader that updates a population
 * @param logs where the log of each population begins
 */
export function shaderWords(
  plan: Plan,
  { parts, rowWords }: Layout,
  shaderOf: readonly number[],
  logs: readonly number[],
  window: number,
): ShaderWords {
  const words: number[] = new Array(HEAD.length).fill(0);
  words[HEAD.window] = window;
  words[HEAD.slots] = plan.slots;
  words[HEAD.rowWords] = rowWords;
  const append = (values: Iterable<number>) => {
    const at = words.length;
    for (const value of values) words.push(value);
    return at;
  };
  const floats = (values: Float32Array) => new Uint32Array(values.slice().buffer);
  const populations = plan.populations.map(({ coefficients, refractorySteps }, p) => {
    const own = plan.poissonInputs.filter(({ target }) => target === p);
    const inputs = own.flatMap(({ channel, weight, draws, key }) => {
      const input = new Array(INPUT.length).fill(0);
      input[INPUT.channel] = channel;
      input[INPUT.weight] = weight;
      input[INPUT.parts] = draws.parts;
      input.splice(INPUT.key, 2, ...key);
      input.splice(INPUT.table, 16, ...new Uint32Array(draws.bytes.slice().buffer));
      return input;
    });
    return {
      refractorySteps,
      coefficients: append(floats(coefficients)),
      inputs: own.length,
      inputsAt: append(inputs),
    };
  });
  const places = parts.map(({ population, first, count, cell, stride, state }) => {
    const { refractorySteps, coefficients, inputs, inputsAt } = populations[population];
    const part = new Array(PART.length).fill(0);
    part[PART.neurons] = cell;
    part[PART.count] = count;
    part[PART.first] = first;
    part[PART.state] = state;
    part[PART.stride] = stride;
    part[PART.log] = logs[population];
    part[PART.counter] = counterOf(population);
    part[PART.refractory] = refractorySteps;
    part[PART.coefficients] = coefficients;
    part[PART.inputs] = inputs;
    part[PART.inputsAt] = inputsAt;
    return append(part);
  });
  const blocks = Array.from({ length: Math.max(0, ...shaderOf) + 1 }, (_, shader) => {
    const list = parts.flatMap(({ population, count }, p) =>
      shaderOf[population] !== shader
        ? []
        : Array.from({ length: Math.ceil(count / UPDATE_WORKGROUP) }, (_, b) => [
            places[p],
            b * UPDATE_WORKGROUP,
          ]),
    );
    return { at: append(list.flat()), count: list.length };
  });
  return { words: Uint32Array.from(words), blocks };
}
