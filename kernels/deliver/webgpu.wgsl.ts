/**
 * Delivery in WGSL, from the tables of the event engine as they are: a workgroup takes one spike after another, its
 * invocations the synapses of the row. Accumulators are integers, so that the order of the additions changes nothing.
 *
 * control  the counters of the simulation; the spikes of this window are those from control[startAt] on, to before
 *          control[startAt + 1], in the log (neuron, step)
 * rows, segments, data  see kernels/deliver/wasm.ts: two u16 targets a word, or target | weight << 16
 */
export interface DeliveryForm {
  /** A weight with each synapse. */
  packed: boolean;
  /** A delay with each synapse. */
  delayed: boolean;
}

/** Invocations of a workgroup. */
export const DELIVER_WORKGROUP = 64;

/** The uniform that tells a table, in this order, as 32-bit words. */
export const TABLE_FIELDS = [
  'startAt',
  'logAt',
  'ringAt', // cell of the slice's first neuron, of this channel, slot 0
  'rowWords', // cells from one slot to the next
  'slots',
  'weight', // in quanta, or the shift of packed weights
  'delay',
  'unused',
] as const;

const SIGNED = new Set(['weight']);

export const deliverWgsl = ({ packed, delayed }: DeliveryForm): string => `
struct Table {
  ${TABLE_FIELDS.map((field) => `${field} : ${SIGNED.has(field) ? 'i32' : 'u32'},`).join('\n  ')}
}
@group(0) @binding(0) var<storage, read_write> control : array<atomic<i32>>;
@group(0) @binding(1) var<storage, read_write> ring : array<atomic<i32>>;
@group(0) @binding(2) var<storage, read> log : array<vec2u>;
@group(0) @binding(3) var<uniform> table : Table;
@group(0) @binding(4) var<storage, read> rows : array<u32>;
@group(0) @binding(5) var<storage, read> data : array<u32>;
${delayed ? '@group(0) @binding(6) var<storage, read> segments : array<u32>;' : ''}

/** Adds the synapses from … to before \`to\` of a row to the cells from \`cell\` on. */
fn add(start : u32, to : u32, cell : u32) {
${
  packed
    ? `  for (var at = start; at < to; at += ${DELIVER_WORKGROUP}u) {
    let synapse = data[at];
    atomicAdd(&ring[cell + (synapse & 0xffffu)], (bitcast<i32>(synapse) >> 16u) << u32(table.weight));
  }`
    : `  // Rows of constant weight are padded to whole fours of targets.
  for (var at = start; at < (to + 1u) / 2u; at += ${DELIVER_WORKGROUP}u) {
    let two = data[at];
    atomicAdd(&ring[cell + (two & 0xffffu)], table.weight);
    atomicAdd(&ring[cell + (two >> 16u)], table.weight);
  }`
}
}

fn cellOf(step : u32) -> u32 {
  return table.ringAt + (step % table.slots) * table.rowWords;
}

@compute @workgroup_size(${DELIVER_WORKGROUP})
fn main(
  @builtin(workgroup_id) group : vec3u,
  @builtin(num_workgroups) groups : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  let last = u32(atomicLoad(&control[table.startAt + 1u]));
  for (var k = u32(atomicLoad(&control[table.startAt])) + group.x; k < last; k += groups.x) {
    let spike = log[table.logAt + k];
${
  delayed
    ? `    let row = 2u * spike.x;
    var start = rows[row + 1u];
    for (var s = rows[row]; s < rows[row + 2u]; s++) {
      let segment = segments[s];
      let to = start + (segment & 0xfffffu);
      add(${packed ? 'start' : 'start / 2u'} + lane, to, cellOf(spike.y + (segment >> 20u)));
      start = to;
    }`
    : `    let start = rows[spike.x];
    add(${packed ? 'start' : 'start / 2u'} + lane, rows[spike.x + 1u], cellOf(spike.y + 1u + table.delay));`
}
  }
}`;
