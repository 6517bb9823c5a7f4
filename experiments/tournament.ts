import { atLeast, atMost, defineExperiment, near } from '../src/index.js';
import { leagueFailure, majorityAccuracy } from '../src/scaling/tournament.js';
import { figures } from './tournament/figures.js';
import { config, LEAGUE_SIZE, play } from './tournament/run.js';

const CHEN = 'Chen et al. 2024, arXiv:2411.19477';
const SNELL = 'Snell et al. 2024, arXiv:2408.03314: M = 14, FLOP-matched';
const CLOSED_FORM = 'closed form: log2(2(1 - q)) for small failures';

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

  run: play,

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

  figures,

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
