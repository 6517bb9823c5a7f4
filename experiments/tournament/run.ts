import { InterruptedError, type RunContext, stream, z } from '../../src/index.js';
import {
  knockoutBound,
  knockoutFailure,
  leagueFailure,
  majorityAccuracy,
  matchedSamples,
  playKnockout,
  playLeague,
  pluralityAccuracy,
} from '../../src/scaling/tournament.js';

export const config = z.strictObject({
  generation: z.number().min(0).max(1).default(0.3).describe('chance that one candidate answer is right'),
  votes: z
    .array(z.number().min(0).max(1))
    .min(1)
    .default([0.6, 0.7, 0.8])
    .describe('chance that one comparison of a right and a wrong answer is right'),
  comparisons: z.array(z.int().min(1)).min(1).default([1, 4, 16]).describe('comparisons a match, K'),
  rounds: z.int().min(1).max(16).default(8).describe('rounds of the knockout: 2^rounds candidates'),
  trials: z.int().min(100).default(20_000).describe('tournaments played for each point of the simulation'),
  right: z
    .number()
    .min(0)
    .max(1)
    .default(0.45)
    .describe('share of votes for the right answer, in the majority vote'),
  rival: z.number().min(0).max(1).default(0.46).describe('share of votes for the most common wrong answer'),
});
export type Config = z.output<typeof config>;

const SLOPES = [0.7, 0.8, 0.9];
export const LEAGUE_SIZE = 16;

export async function play(config: Config, { seed, signal, progress }: RunContext) {
  const points = knockoutPoints(config, seed, signal, progress);
  return {
    metrics: {
      knockout: points,
      league: leaguePoints(config, seed),
      majority: [1, 5, 25, 125, 625].map((n) => ({
        n,
        accuracy: pluralityAccuracy(n, config.right, config.rival),
        mirrored: pluralityAccuracy(n, config.rival, config.right),
      })),
      slopes: SLOPES.map((q) => ({
        q,
        measured: Math.log2(knockoutFailure(2 ** 14, 0.3, q) / knockoutFailure(2 ** 12, 0.3, q)) / 2,
        limit: Math.log2(2 * (1 - q)),
      })),
      coins: knockoutFailure(2 ** 14, config.generation, 0.5),
      matched: [0.16, 0.79, 22].map((ratio) => ({ ratio, samples: matchedSamples(14, ratio) })),
      worstSigma: Math.max(...points.map(({ sigmas }) => sigmas)),
      leastRoom: Math.min(...points.map(({ bound, exact }) => bound - exact)),
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof play>>;

function knockoutPoints(
  { generation, votes, comparisons, rounds, trials }: Config,
  seed: number,
  signal: AbortSignal,
  progress: (done: number, total: number, doing: string) => void,
) {
  const cells = votes.flatMap((vote) =>
    comparisons.flatMap((k) =>
      Array.from({ length: rounds }, (_, i) => ({ vote, comparisons: k, candidates: 2 ** (i + 1) })),
    ),
  );
  return cells.map((cell, i) => {
    if (signal.aborted) throw new InterruptedError();
    progress(i, cells.length, 'playing knockouts');
    const { vote, comparisons: k, candidates } = cell;
    const random = stream(seed, `knockout ${candidates} ${k} ${vote}`);
    // Large fields take long and have small errors: fewer of them are played.
    const played = Math.max(100, Math.round(trials / Math.max(1, (candidates * k) / 64)));
    let failures = 0;
    for (let trial = 0; trial < played; trial++)
      failures += Number(playKnockout(candidates, generation, k, vote, random));
    const exact = knockoutFailure(candidates, generation, majorityAccuracy(k, vote));
    const simulated = failures / played;
    return {
      ...cell,
      exact,
      simulated,
      played,
      bound: knockoutBound(candidates, generation, k, vote),
      sigmas: distanceInSigmas(failures, played, exact),
    };
  });
}

/** How far a count lies from its expectation; one failure more or less is within rounding. */
function distanceInSigmas(failures: number, played: number, exact: number): number {
  const sigma = Math.sqrt(played * exact * (1 - exact));
  return Math.max(0, Math.abs(failures - played * exact) - 1) / Math.max(sigma, 1e-12);
}

function leaguePoints({ generation, votes, trials }: Config, seed: number) {
  return votes.flatMap((vote) =>
    [2, 4, 8, 16, 32].map((comparisons) => {
      const random = stream(seed, `league ${comparisons} ${vote}`);
      let failures = 0;
      for (let trial = 0; trial < trials; trial++)
        failures += Number(playLeague(LEAGUE_SIZE, generation, comparisons, vote, random));
      const exact = leagueFailure(LEAGUE_SIZE, generation, comparisons, vote);
      const sigmas = distanceInSigmas(failures, trials, exact);
      return { vote, comparisons, failure: failures / trials, exact, sigmas };
    }),
  );
}
