/**
 * A layer of leaky integrate-and-fire neurons from event to event, without a time grid, and its adjoint; float64.
 * Equations and coordinates in NOTES.md, memory layouts and units in index.ts; the reference is
 * ../spiking-layer/exact.ts.
 *
 * A time t is stored as the pair em = exp(t/τ_m), es = exp(t/τ_s). In the coordinates
 *   V(t) = A/em - B/es      I(t) = B/(c·es)      c = τ_s/(τ_m - τ_s)
 * A and B do not change between events, and a spike through a weight w adds c·w·em and c·w·es to them: nothing decays,
 * so that no step needs an exponential.
 */
import { crossing, power } from './crossing.wasm';

/** Bytes of a row of 16 weights (f32), and of 16 values of λ (f64). */
const WEIGHT_ROW: usize = 64;
const LAMBDA_ROW: usize = 128;

/**
 * Runs one sample.
 *
 * @param blocks blocks of 16 neurons
 * @param sources presynaptic neurons
 * @param arrivals spikes that come in, in order of time: `from` u16[], their times `em`, `es` f64[]
 * @param weights f32[blocks][sources][16]
 * @param recurrent f32[blocks][blocks·16][16] from each neuron of the layer to each, or 0
 * @param endEm endEs the end of the window
 * @param ratio τ_m/τ_s; `whole` the same where it is a whole number, else 0
 * @param slopeFloor smallest I - θ that a spike is taken to have
 * @param state f64[2][blocks·16] of work space
 * @param most spikes that there is room for
 * @param spikeOf out u16[]; spikeEm, spikeEs out f64[]: the spikes in order of time
 * @param inverseSlope out f64[]: 1/(I - θ) at each spike
 * @param before out u32[]: arrivals before each spike
 * @returns how many spikes there were, or -1 if there were more than `most`
 */
export function forward(
  blocks: i32, sources: i32, arrivals: i32, from: usize, em: usize, es: usize,
  weights: usize, recurrent: usize, endEm: f64, endEs: f64,
  ratio: f64, whole: i32, theta: f64, slopeFloor: f64,
  state: usize, most: i32,
  spikeOf: usize, spikeEm: usize, spikeEs: usize, inverseSlope: usize, before: usize,
): i32 {
  const neurons = blocks << 4;
  const size = <usize>neurons << 3;
  const c = 1.0 / (ratio - 1.0);
  memory.fill(state, 0, size << 1);
  let spikes = 0;
  let arrived = 0;
  while (arrived < arrivals) {
    let nowEm = load<f64>(em + (<usize>arrived << 3));
    let nowEs = load<f64>(es + (<usize>arrived << 3));
    do {
      const row = weights + (<usize>load<u16>(from + (<usize>arrived << 1)) << 6);
      receive(blocks, row, <usize>sources * WEIGHT_ROW, c * nowEm, c * nowEs, state);
      arrived++;
    } while (arrived < arrivals && load<f64>(em + (<usize>arrived << 3)) == nowEm);
    const isLast = arrived == arrivals;
    const nextEm = isLast ? endEm : load<f64>(em + (<usize>arrived << 3));
    const nextEs = isLast ? endEs : load<f64>(es + (<usize>arrived << 3));

    const firstOfInterval = spikes;
    /** The earliest spike that is still to come, if the layer is recurrent: a spike changes what follows it. */
    let nextY: f64;
    let nextNeuron: i32;
    do {
      nextY = 0.0;
      nextNeuron = -1;
      const pNow = f64x2.splat(1.0 / nowEs);
      const pNext = f64x2.splat(1.0 / nextEs);
      const qNext = f64x2.splat(1.0 / nextEm);
      const vTheta = f64x2.splat(theta);
      const invC = f64x2.splat(1.0 / c);
      for (let j: i32 = 0; j < neurons; j += 2) {
        const at = state + (<usize>j << 3);
        const b = v128.load(at + size);
        const bNext = f64x2.mul(b, pNext);
        const vNext = f64x2.sub(f64x2.mul(v128.load(at), qNext), bNext);
        // Above the threshold at the end; or past a peak at the end, after a start with I above θ.
        const may = v128.or(
          f64x2.ge(vNext, vTheta),
          v128.and(
            f64x2.gt(vNext, f64x2.mul(bNext, invC)),
            f64x2.gt(f64x2.mul(f64x2.mul(b, pNow), invC), vTheta),
          ),
        );
        if (v128.any_true(may)) {
          const mask = i64x2.bitmask(may);
          for (let lane: i32 = 0; lane < 2; lane++) {
            if (((mask >> lane) & 1) == 0) continue;
            const neuron = j + lane;
            const own = state + (<usize>neuron << 3);
            let startEm = nowEm;
            let startEs = nowEs;
            while (true) {
              const bNow = load<f64>(own + size) / startEs;
              const y = crossing(load<f64>(own) / startEm, bNow, theta, ratio, whole, startEm / nextEm);
              if (y == 0.0) break;
              if (recurrent) {
                if (y > nextY) {
                  nextY = y;
                  nextNeuron = neuron;
                }
                break;
              }
              if (spikes == most) return -1;
              startEm /= y;
              startEs /= power(y, ratio, whole);
              const slope = load<f64>(own + size) / startEs / c - theta;
              record(
                firstOfInterval, spikes++, neuron, startEm, startEs, 1.0 / Math.max(slope, slopeFloor), arrived,
                spikeOf, spikeEm, spikeEs, inverseSlope, before,
              );
              store<f64>(own, load<f64>(own + size) * (startEm / startEs));
            }
          }
        }
      }
      if (nextNeuron >= 0) {
        if (spikes == most) return -1;
        nowEm /= nextY;
        nowEs /= power(nextY, ratio, whole);
        const own = state + (<usize>nextNeuron << 3);
        const slope = load<f64>(own + size) / nowEs / c - theta;
        record(
          spikes, spikes, nextNeuron, nowEm, nowEs, 1.0 / Math.max(slope, slopeFloor), arrived,
          spikeOf, spikeEm, spikeEs, inverseSlope, before,
        );
        spikes++;
        store<f64>(own, load<f64>(own + size) * (nowEm / nowEs));
        const row = recurrent + (<usize>nextNeuron << 6);
        receive(blocks, row, <usize>neurons * WEIGHT_ROW, c * nowEm, c * nowEs, state);
      }
    } while (nextNeuron >= 0);
  }
  return spikes;
}

/** A spike reaches all neurons: its row of weights times (m, s) is added to (A, B). */
// @ts-ignore: decorator
@inline
function receive(blocks: i32, row: usize, stride: usize, m: f64, s: f64, state: usize): void {
  const vm = f64x2.splat(m);
  const vs = f64x2.splat(s);
  const size = <usize>blocks << 7;
  for (let block: i32 = 0; block < blocks; block++) {
    for (let lane: usize = 0; lane < WEIGHT_ROW; lane += 8) {
      const w = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
      const at = state + (lane << 1);
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(w, vm)));
      v128.store(at + size, f64x2.add(v128.load(at + size), f64x2.mul(w, vs)));
    }
    row += stride;
    state += LAMBDA_ROW;
  }
}

/** Files a spike at its place in time among those from `first` to `count`. */
// @ts-ignore: decorator
@inline
function record(
  first: i32, count: i32, neuron: i32, em: f64, es: f64, slope: f64, arrived: i32,
  spikeOf: usize, spikeEm: usize, spikeEs: usize, inverseSlope: usize, before: usize,
): void {
  let place = count;
  while (place > first && load<f64>(spikeEm + (<usize>(place - 1) << 3)) > em) {
    const to = <usize>place;
    const was = <usize>(place - 1);
    store<u16>(spikeOf + (to << 1), load<u16>(spikeOf + (was << 1)));
    store<f64>(spikeEm + (to << 3), load<f64>(spikeEm + (was << 3)));
    store<f64>(spikeEs + (to << 3), load<f64>(spikeEs + (was << 3)));
    store<f64>(inverseSlope + (to << 3), load<f64>(inverseSlope + (was << 3)));
    place--;
  }
  store<u16>(spikeOf + (<usize>place << 1), <u16>neuron);
  store<f64>(spikeEm + (<usize>place << 3), em);
  store<f64>(spikeEs + (<usize>place << 3), es);
  store<f64>(inverseSlope + (<usize>place << 3), slope);
  // The same for all spikes of an interval.
  store<u32>(before + (<usize>count << 2), arrived);
}

/**
 * The adjoint system, from the last event to the first. In the coordinates
 *   λ_V(t) = P·em      λ_I(t) = m·P·em + R·es      m = τ_m/(τ_m - τ_s)
 * P and R change at the neuron's own spikes only.
 *
 * Arguments as for `forward`, and
 * @param spikes own spikes: count, as `forward` returned it
 * @param error f64[]: e of each own spike, what it meets in the layers above
 * @param rows out f64[blocks][…][16]: λ_I at each distinct time of arrival, in order of time; blocks are `rowStride`
 *   bytes apart
 * @param arrivalError out f64[]: Σ_m w_m·(λ_V - λ_I)_m for each arrival; 0 if not wanted
 * @param recurrentRows out f64[blocks][…][16]: λ_I at each own spike, blocks `recurrentStride` bytes apart
 * @returns the number of distinct times of arrival
 */
export function backward(
  blocks: i32, sources: i32, arrivals: i32, from: usize, em: usize, es: usize,
  weights: usize, recurrent: usize, ratio: f64, theta: f64, state: usize,
  spikes: i32, spikeOf: usize, spikeEm: usize, spikeEs: usize, inverseSlope: usize, before: usize, error: usize,
  rows: usize, rowStride: usize, arrivalError: usize, recurrentRows: usize, recurrentStride: usize,
): i32 {
  const size = <usize>blocks << 7;
  const mix = ratio / (ratio - 1.0);
  memory.fill(state, 0, size << 1);
  let times = 0;
  for (let a: i32 = 0; a < arrivals; a++) {
    if (a == 0 || load<f64>(em + (<usize>a << 3)) != load<f64>(em + (<usize>(a - 1) << 3))) times++;
  }
  let row = times;
  let spike = spikes - 1;
  let a = arrivals - 1;
  while (a >= 0) {
    while (spike >= 0 && <i32>load<u32>(before + (<usize>spike << 2)) > a) {
      undo(
        blocks, spike, spikeOf, spikeEm, spikeEs, inverseSlope, error, recurrent, recurrentRows, recurrentStride,
        theta, mix, state,
      );
      spike--;
    }
    row--;
    const nowEm = load<f64>(em + (<usize>a << 3));
    const nowEs = load<f64>(es + (<usize>a << 3));
    writeLambda(blocks, rows + <usize>row * LAMBDA_ROW, rowStride, mix * nowEm, nowEs, state);
    do {
      if (arrivalError) {
        const weightRow = weights + (<usize>load<u16>(from + (<usize>a << 1)) << 6);
        const met = meets(blocks, weightRow, <usize>sources * WEIGHT_ROW, (1.0 - mix) * nowEm, nowEs, state);
        store<f64>(arrivalError + (<usize>a << 3), met);
      }
      a--;
    } while (a >= 0 && load<f64>(em + (<usize>a << 3)) == nowEm);
  }
  return times;
}

/** Takes one spike of the layer back: the jump of λ_V of its neuron. */
// @ts-ignore: decorator
@inline
function undo(
  blocks: i32, spike: i32, spikeOf: usize, spikeEm: usize, spikeEs: usize, inverseSlope: usize, error: usize,
  recurrent: usize, recurrentRows: usize, recurrentStride: usize, theta: f64, mix: f64, state: usize,
): void {
  const size = <usize>blocks << 7;
  const at = <usize>spike << 3;
  const neuron = <usize>load<u16>(spikeOf + (<usize>spike << 1));
  const em = load<f64>(spikeEm + at);
  const es = load<f64>(spikeEs + at);
  let e = load<f64>(error + at);
  if (recurrent) {
    writeLambda(blocks, recurrentRows + <usize>spike * LAMBDA_ROW, recurrentStride, mix * em, es, state);
    e += meets(blocks, recurrent + (neuron << 6), size << 3, (1.0 - mix) * em, es, state);
  }
  const own = state + (neuron << 3);
  const p = load<f64>(own);
  const jump = (theta * p * em + e) * load<f64>(inverseSlope + at);
  store<f64>(own, p + jump / em);
  store<f64>(own + size, load<f64>(own + size) - (mix * jump) / es);
}

/** λ_I = pFactor·P + rFactor·R of every neuron. */
// @ts-ignore: decorator
@inline
function writeLambda(blocks: i32, to: usize, stride: usize, pFactor: f64, rFactor: f64, state: usize): void {
  const size = <usize>blocks << 7;
  const vp = f64x2.splat(pFactor);
  const vr = f64x2.splat(rFactor);
  for (let block: i32 = 0; block < blocks; block++) {
    for (let lane: usize = 0; lane < LAMBDA_ROW; lane += 16) {
      const p = v128.load(state + lane);
      const r = v128.load(state + lane + size);
      v128.store(to + lane, f64x2.add(f64x2.mul(p, vp), f64x2.mul(r, vr)));
    }
    to += stride;
    state += LAMBDA_ROW;
  }
}

/** Σ_m w_m·(λ_V - λ_I)_m, with λ_V - λ_I = pFactor·P - rFactor·R. */
// @ts-ignore: decorator
@inline
function meets(blocks: i32, row: usize, stride: usize, pFactor: f64, rFactor: f64, state: usize): f64 {
  const size = <usize>blocks << 7;
  const vp = f64x2.splat(pFactor);
  const vr = f64x2.splat(rFactor);
  let sum = f64x2.splat(0);
  for (let block: i32 = 0; block < blocks; block++) {
    for (let lane: usize = 0; lane < WEIGHT_ROW; lane += 8) {
      const w = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
      const at = state + (lane << 1);
      const difference = f64x2.sub(f64x2.mul(v128.load(at), vp), f64x2.mul(v128.load(at + size), vr));
      sum = f64x2.add(sum, f64x2.mul(w, difference));
    }
    row += stride;
    state += LAMBDA_ROW;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

export { readoutBackward, readoutForward } from './readout.wasm';
export { fileArrivals, fileSpikes, fromDrive, fromRows } from './gradient.wasm';
