import { RunError } from '../util/errors.js';
import type { Stream } from '../util/rng.js';

/**
 * Chance that the majority of K independent votes, each right with chance p, is right. Ties are tossed.
 */
export function majorityAccuracy(votes: number, p: number): number {
  let sum = 0;
  for (let right = 0; right <= votes; right++) {
    if (2 * right < votes) continue;
    const weight = 2 * right === votes ? 0.5 : 1;
    sum += weight * binomial(votes, right, p);
  }
  return sum;
}

/**
 * Chance that a knockout among N candidates ends with a wrong one. Each candidate is right with chance
 * `generation`; of a right and a wrong one, the right one wins with chance `comparison` (of K votes).
 *
 * Round by round s' = s² + 2s(1 - s)q, exact for N a power of two.
 *
 * @throws RunError if N is not a power of two
 */
export function knockoutFailure(candidates: number, generation: number, comparison: number): number {
  const rounds = Math.log2(candidates);
  if (!Number.isInteger(rounds))
    throw new RunError(`a knockout without byes needs 2, 4, 8 … candidates, not ${candidates}`);
  // In terms of failure, which keeps its digits when it is small: f' = f² + 2f(1 - f)(1 - q).
  let failure = 1 - generation;
  for (let round = 0; round < rounds; round++)
    failure = failure ** 2 + 2 * failure * (1 - failure) * (1 - comparison);
  return failure;
}

/** The published bound (1 - p)^N + ⌈log2 N⌉·exp(-2K(p_comp - 1/2)²): Chen et al. 2024, arXiv:2411.19477. */
export function knockoutBound(candidates: number, generation: number, votes: number, vote: number): number {
  return (
    (1 - generation) ** candidates +
    Math.ceil(Math.log2(candidates)) * Math.exp(-2 * votes * (vote - 0.5) ** 2)
  );
}

/** One knockout with K votes a match; whether it ended with a wrong candidate. */
export function playKnockout(
  candidates: number,
  generation: number,
  votes: number,
  vote: number,
  random: Stream,
): boolean {
  let field = Array.from({ length: candidates }, () => random.uniform() < generation);
  while (field.length > 1) {
    const next: boolean[] = [];
    for (let i = 0; i < field.length; i += 2) {
      next.push(field[i] === field[i + 1] ? field[i] : majorityIsRight(votes, vote, random));
    }
    field = next;
  }
  return !field[0];
}

/**
 * One league: every candidate meets K others drawn at random, one vote each, and the one with most wins is
 * chosen, ties tossed. Between two right or two wrong candidates a vote is a coin.
 */
export function playLeague(
  candidates: number,
  generation: number,
  votes: number,
  vote: number,
  random: Stream,
): boolean {
  const right = Array.from({ length: candidates }, () => random.uniform() < generation);
  let best = -1;
  let bestWins = -1;
  let tied = 0;
  for (let i = 0; i < candidates; i++) {
    let wins = 0;
    for (let k = 0; k < votes; k++) {
      const drawn = random.integer(candidates - 1);
      const other = drawn < i ? drawn : drawn + 1;
      const chance = right[i] === right[other] ? 0.5 : right[i] ? vote : 1 - vote;
      if (random.uniform() < chance) wins++;
    }
    if (wins > bestWins) {
      best = i;
      bestWins = wins;
      tied = 1;
    } else if (wins === bestWins && random.integer(++tied) === 0) {
      best = i;
    }
  }
  return !right[best];
}

/**
 * Chance that such a league ends with a wrong candidate, exactly. Given how many candidates are right, wins are
 * independent and binomial: a right one wins a vote with chance v against a wrong one and 1/2 against its like.
 */
export function leagueFailure(candidates: number, generation: number, votes: number, vote: number): number {
  let failure = 0;
  for (let right = 0; right <= candidates; right++) {
    const wrong = candidates - right;
    const others = candidates - 1;
    const ofRight = wins(votes, (0.5 * (right - 1) + vote * wrong) / others);
    const ofWrong = wins(votes, (0.5 * (wrong - 1) + (1 - vote) * right) / others);
    failure += binomial(candidates, right, generation) * (1 - rightIsBest(right, wrong, ofRight, ofWrong));
  }
  return failure;
}

/** Chances of each number of wins, and of fewer. */
function wins(votes: number, chance: number) {
  const p = Math.min(1, Math.max(0, chance));
  const each = Array.from({ length: votes + 1 }, (_, k) => binomial(votes, k, p));
  const fewer: number[] = [];
  each.reduce((sum, value) => {
    fewer.push(sum);
    return sum + value;
  }, 0);
  return { each, fewer };
}

type Wins = ReturnType<typeof wins>;

/** Chance that one of the right candidates has most wins, or is drawn among those with most. */
function rightIsBest(right: number, wrong: number, ofRight: Wins, ofWrong: Wins): number {
  let chance = 0;
  ofRight.each.forEach((_, most) => {
    for (let i = 1; i <= right; i++) {
      for (let j = 0; j <= wrong; j++)
        chance += (i / (i + j)) * withMost(right, i, ofRight, most) * withMost(wrong, j, ofWrong, most);
    }
  });
  return chance;
}

/** Chance that `top` of `count` candidates have exactly so many wins and the others fewer. */
function withMost(count: number, top: number, { each, fewer }: Wins, most: number): number {
  const choices = Math.exp(logFactorial(count) - logFactorial(top) - logFactorial(count - top));
  return choices * each[most] ** top * fewer[most] ** (count - top);
}

/**
 * Chance that the right answer wins a plurality vote of n: votes go to it with chance p, to one rival with
 * chance q, and are scattered over many answers otherwise, which win only if nobody votes for these two.
 * Ties are tossed.
 */
export function pluralityAccuracy(votes: number, right: number, rival: number): number {
  let sum = 0;
  for (let either = 1; either <= votes; either++)
    sum += binomial(votes, either, right + rival) * majorityAccuracy(either, right / (right + rival));
  return sum;
}

function majorityIsRight(votes: number, vote: number, random: Stream): boolean {
  let right = 0;
  for (let k = 0; k < votes; k++) if (random.uniform() < vote) right++;
  return 2 * right === votes ? random.uniform() < 0.5 : 2 * right > votes;
}

/** C(n, k)·p^k·(1 - p)^(n - k), through logarithms. */
function binomial(n: number, k: number, p: number): number {
  if (p === 0 || p === 1) return (p === 0 ? k === 0 : k === n) ? 1 : 0;
  return Math.exp(
    logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p),
  );
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}

/**
 * Samples k that cost as much as M times more parameters: k = M + 3·(D_pre/D_inf)·(M - 1), with the tokens
 * of pre-training and of inference (Snell et al. 2024, arXiv:2408.03314).
 */
export function matchedSamples(sizeRatio: number, inferenceOverPretraining: number): number {
  return sizeRatio + (3 / inferenceOverPretraining) * (sizeRatio - 1);
}
