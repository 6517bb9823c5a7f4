/** A leaky readout that answers with κ times its mean membrane potential, from spikes at exact times; float64. */

const WEIGHT_ROW: usize = 64;
const SUM_ROW: usize = 128;

/**
 * Each spike a time u before the end adds κ/T·∫₀ᵘ psp times its weight.
 *
 * @param spikes spikes of the sources: `spikeOf` u16[], `spikeEm`, `spikeEs` f64[]
 * @param weights f32[blocks][sources][16]
 * @param tauM tauS membrane and synapse; @param gain κ/T
 * @param drive out f64[sources]: Σ of κ/T·∫psp over the spikes of each source
 * @param answer out f64[blocks][16]
 */
export function readoutForward(
  spikes: i32, spikeOf: usize, spikeEm: usize, spikeEs: usize,
  sources: i32, blocks: i32, weights: usize, endEm: f64, endEs: f64, tauM: f64, tauS: f64, gain: f64,
  drive: usize, answer: usize,
): void {
  memory.fill(drive, 0, <usize>sources << 3);
  memory.fill(answer, 0, <usize>blocks * SUM_ROW);
  const scale = (gain * tauS) / (tauM - tauS);
  for (let spike: i32 = 0; spike < spikes; spike++) {
    const at = <usize>spike << 3;
    const source = <usize>load<u16>(spikeOf + (<usize>spike << 1));
    const membrane = tauM * (1.0 - load<f64>(spikeEm + at) / endEm);
    const synapse = tauS * (1.0 - load<f64>(spikeEs + at) / endEs);
    const adds = scale * (membrane - synapse);
    const total = drive + (source << 3);
    store<f64>(total, load<f64>(total) + adds);
    const vAdds = f64x2.splat(adds);
    let row = weights + (source << 6);
    let out = answer;
    for (let block: i32 = 0; block < blocks; block++) {
      for (let lane: usize = 0; lane < WEIGHT_ROW; lane += 8) {
        const w = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
        const to = out + (lane << 1);
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(w, vAdds)));
      }
      row += <usize>sources * WEIGHT_ROW;
      out += SUM_ROW;
    }
  }
}

/**
 * What each spike meets: `spikeError = -κ/T·psp(u)·Σ_k w_k·error_k`.
 *
 * @param error f64[blocks][16]; @param spikeError out f64[spikes]
 */
export function readoutBackward(
  spikes: i32, spikeOf: usize, spikeEm: usize, spikeEs: usize,
  sources: i32, blocks: i32, weights: usize, endEm: f64, endEs: f64, tauM: f64, tauS: f64, gain: f64,
  error: usize, spikeError: usize,
): void {
  const scale = (-gain * tauS) / (tauM - tauS);
  for (let spike: i32 = 0; spike < spikes; spike++) {
    const at = <usize>spike << 3;
    let row = weights + (<usize>load<u16>(spikeOf + (<usize>spike << 1)) << 6);
    let from = error;
    let sum = f64x2.splat(0);
    for (let block: i32 = 0; block < blocks; block++) {
      for (let lane: usize = 0; lane < WEIGHT_ROW; lane += 8) {
        const w = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
        sum = f64x2.add(sum, f64x2.mul(w, v128.load(from + (lane << 1))));
      }
      row += <usize>sources * WEIGHT_ROW;
      from += SUM_ROW;
    }
    const potential = load<f64>(spikeEm + at) / endEm - load<f64>(spikeEs + at) / endEs;
    store<f64>(spikeError + at, scale * potential * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
  }
}
