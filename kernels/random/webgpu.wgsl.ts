/**
 * Philox and Poisson counts in WGSL: the numbers of reference.ts, one neuron and step an invocation.
 *
 * `poissonCount` reads its alias table from a storage buffer `words`, where it is laid out as in PoissonPlan: sixteen
 * words from `table` on.
 */
export const RANDOM_WGSL = `
/** High word of the 64-bit product: WGSL multiplies 32 bits only. */
fn multiplyHigh(a : u32, b : u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let other = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (other >> 16u);
}

fn philox(counter : vec4u, key : vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0; round < 10; round++) {
    let highA = multiplyHigh(0xd2511f53u, c.x);
    let highB = multiplyHigh(0xcd9e8d57u, c.z);
    c = vec4u(highB ^ c.y ^ k.x, c.z * 0xcd9e8d57u, highA ^ c.w ^ k.y, c.x * 0xd2511f53u);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

fn tableByte(table : u32, index : u32) -> u32 {
  return (words[table + (index >> 2u)] >> (8u * (index & 3u))) & 255u;
}

fn poissonCount(table : u32, parts : u32, neuron : u32, step : u32, key : vec2u) -> u32 {
  let shift = 8u * (neuron & 3u);
  let lanes = (neuron & 15u) >> 2u;
  let vector = 2u * (step & 1u);
  var count = 0u;
  for (var part = 0u; part < parts; part++) {
    let block = 4u * ((step >> 1u) & 1u);
    let random = philox(vec4u(neuron >> 4u, step >> 2u, block + lanes, part), key);
    let first = (random[vector] >> shift) & 255u;
    let second = (random[vector + 1u] >> shift) & 255u;
    let column = first & 15u;
    let high = tableByte(table, column);
    let middle = tableByte(table, 16u + column);
    var below = (first & 0xf0u) < high || ((first & 0xf0u) == high && second < middle);
    if ((first & 0xf0u) == high && second == middle) {
      let third = philox(vec4u(neuron >> 4u, step >> 2u, 8u + lanes, part), key);
      below = ((third[step & 3u] >> shift) & 255u) < tableByte(table, 32u + column);
    }
    count = min(255u, count + select(tableByte(table, 48u + column), column, below));
  }
  return count;
}`;
