import * as Plot from '@observablehq/plot';
import { atLeast, atMost, defineExperiment, InterruptedError, near, stream, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  knockoutBound,
  knockoutFailure,
  leagueFailure,
  majorityAccuracy,
  matchedSamples,
  playKnockout,
  playLeague,
  pluralityAccuracy,
} from '../src/scaling/tournament.js';

const config = z.strictObject({
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
type Config = z.output<typeof config>;

const CHEN = 'Chen et al. 2024, arXiv:2411.19477';
const SNELL = 'Snell et al. 2024, arXiv:2408.03314: M = 14, FLOP-matched';
const CLOSED_FORM = 'closed form: log2(2(1 - q)) for small failures';
const SLOPES = [0.7, 0.8, 0.9];
const LEAGUE_SIZE = 16;

export default defineExperiment({
  id: 'tournament',
  title: 'Thinking longer: tournaments between answers',
  question: 'How fast does the failure of a model fall when it may write many answers and compare them?',
  prediction:
    'A model is right three times in ten, and picks the right one of two answers eight times in ten. It writes 2, 4, ' +
    '8 … answers and plays a knockout. Does the failure fall exponentially, as a power law, or stay? And if its ' +
    'comparisons are coins?',
  config,
  presets: { quick: { trials: 4000 }, full: { trials: 200_000 } },

  async run(config, { seed, signal, progress }) {
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
  },

  tables: ({ metrics }) => [
    {
      name: 'knockout',
      title: 'Failure of a knockout: recursion, simulation and published bound',
      columns: [
        { key: 'candidates', label: 'candidates' },
        { key: 'comparisons', label: 'K' },
        { key: 'vote', label: 'right comparison', digits: 2 },
        { key: 'exact', label: 'exact', digits: 4 },
        { key: 'simulated', label: 'simulated', digits: 4 },
        { key: 'bound', label: 'bound', digits: 4 },
      ],
      rows: metrics.knockout,
    },
    {
      name: 'slopes',
      title: 'Failure against candidates: slope for each doubling, at a fixed accuracy of matches',
      columns: [
        { key: 'q', label: 'accuracy of a match' },
        { key: 'measured', label: 'log2 slope, 2^12 to 2^14', digits: 4 },
        { key: 'limit', label: 'log2(2(1 - q))', digits: 4 },
      ],
      rows: metrics.slopes,
    },
    {
      name: 'matched',
      title: 'Samples that cost as much as a model 14 times larger',
      columns: [
        { key: 'ratio', label: 'inference tokens / pre-training tokens' },
        { key: 'samples', label: 'samples', digits: 3 },
      ],
      rows: metrics.matched,
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'knockout',
      title: `Failure of a knockout with ${middle(config.comparisons)} comparisons a match`,
      caption:
        'Lines are the recursion, dots the simulation. With a fixed number of comparisons the failure falls as a power ' +
        'of the candidates; with coins (dashed) it does not fall at all.',
      plot: {
        x: { type: 'log', base: 2, label: 'candidates', tickFormat: 'd' },
        y: { type: 'log', label: 'failures (share)', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', label: 'right comparison', domain: config.votes },
        marks: [
          Plot.ruleY([1 - config.generation], { strokeDasharray: '5 4' }),
          Plot.line(ofMiddle(metrics.knockout, config), {
            x: 'candidates',
            y: 'exact',
            stroke: 'vote',
            z: 'vote',
            strokeWidth: 2,
          }),
          Plot.dot(
            ofMiddle(metrics.knockout, config).filter(({ simulated }) => simulated > 0),
            { x: 'candidates', y: 'simulated', stroke: 'vote', r: 4 },
          ),
        ],
      },
      rows: metrics.knockout,
    },
    {
      name: 'bound',
      title: 'Exact failure against the published bound',
      caption:
        'Every point lies below the diagonal: the bound holds. It exceeds 1 in most cases, where it says nothing.',
      plot: {
        x: { type: 'log', label: 'bound', tickFormat: String },
        y: { type: 'log', label: 'exact failure', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', label: 'K', domain: config.comparisons },
        marks: [
          Plot.line(
            [0.1, 1].map((v) => ({ v })),
            { x: 'v', y: 'v', strokeDasharray: '5 4' },
          ),
          Plot.ruleX([1]),
          Plot.dot(metrics.knockout, {
            x: 'bound',
            y: 'exact',
            stroke: 'comparisons',
            r: 4,
          }),
        ],
      },
      rows: metrics.knockout,
    },
    {
      name: 'league',
      title: `A league of ${LEAGUE_SIZE} answers`,
      caption:
        'Failure against comparisons for each answer: lines are exact, dots were played. It falls to the floor (dashed): no answer was right to begin with.',
      plot: {
        x: { type: 'log', base: 2, label: 'comparisons for each answer, K', tickFormat: 'd' },
        y: { type: 'log', label: 'failures (share)', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', label: 'right comparison', domain: config.votes },
        marks: [
          Plot.ruleY([(1 - config.generation) ** LEAGUE_SIZE], { strokeDasharray: '5 4' }),
          Plot.line(metrics.league, {
            x: 'comparisons',
            y: 'exact',
            stroke: 'vote',
            z: 'vote',
            strokeWidth: 2,
          }),
          Plot.dot(metrics.league, { x: 'comparisons', y: 'failure', stroke: 'vote', r: 4 }),
        ],
      },
      rows: metrics.league,
    },
  ],

  claims({ metrics, config }) {
    const samples = [258, 63, 16];
    const leagues = config.votes.map((vote) => metrics.league.filter((row) => row.vote === vote));
    return [
      atMost(
        'Largest distance of simulation and recursion',
        metrics.worstSigma,
        4,
        'binomial standard error',
        'sigma',
      ),
      atLeast('Least room below the published bound', metrics.leastRoom, 0, CHEN),
      ...metrics.slopes.map(({ q, measured, limit }) =>
        near(`Slope for each doubling at accuracy ${q}`, measured, limit, 0.02, CLOSED_FORM),
      ),
      near(
        'Failure with coins for comparisons',
        metrics.coins,
        1 - config.generation,
        1e-9,
        'closed form: no decay',
      ),
      ...metrics.matched.map(({ ratio, samples: k }, i) =>
        near(`Samples matched to a 14-fold model at ratio ${ratio}`, k, samples[i], 0.5, SNELL),
      ),
      atLeast(
        'League: least fall of the failure from fewest to most comparisons',
        Math.min(...leagues.map((rows) => rows[0].failure - rows.at(-1)!.failure)),
        0,
        CHEN,
      ),
      atMost(
        'Largest distance of the simulated league and its exact failure',
        Math.max(...metrics.league.map(({ sigmas }) => sigmas)),
        4,
        'binomial standard error; wins are independent once it is known how many are right',
        'sigma',
      ),
      ...(config.right === 0.45 && config.rival === 0.46
        ? [
            near(
              'Majority of 625 votes, 45 % right and 46 % for a rival',
              metrics.majority[4].accuracy,
              0.392,
              0.01,
              'independent simulation (Python)',
            ),
          ]
        : []),
    ];
  },

  finding({ metrics, config }) {
    const best = metrics.knockout.filter(({ vote }) => vote === Math.max(...config.votes)).at(-1)!;
    const [one, , , , many] = metrics.majority;
    return (
      `A knockout of ${best.candidates} answers lowers the failure from ${(1 - config.generation).toFixed(2)} to ` +
      `${best.exact.toPrecision(2)} when a match is right in ${(100 * majorityAccuracy(best.comparisons, best.vote)).toFixed(1)} % of cases, and by nothing when comparisons are coins. A majority vote needs no comparisons, but makes the most ` +
      `common answer win: with a rival just ahead it falls from ${one.accuracy.toFixed(2)} to ${many.accuracy.toFixed(2)}.`
    );
  },

  caveats: () => [
    'Answers and comparisons are taken as independent; those of one model are not.',
    'Two conditions, not one: some answers must be right, and comparisons must be better than coins.',
    'The cost is N answers and about K·N comparisons, paid for every question.',
    'In the league each answer meets K others drawn at random with replacement, and only its own wins count. Other pairings give other failures: for 16 answers, 30 % right, and 80 % right votes earlier notes had 0.444, 0.275, 0.116 and 0.032 for K = 2, 4, 8 and 16 and did not say how they paired; here it is exactly ' +
      `${[2, 4, 8, 16].map((k) => leagueFailure(LEAGUE_SIZE, 0.3, k, 0.8).toFixed(3)).join(', ')}.`,
  ],
});

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

function middle(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)];
}

function ofMiddle<Row extends { comparisons: number }>(rows: readonly Row[], { comparisons }: Config): Row[] {
  return rows.filter((row) => row.comparisons === middle(comparisons));
}
