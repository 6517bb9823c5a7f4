import { mean } from 'simple-statistics';
import { atLeast, atMost, type Claim, near } from '../../src/index.js';
import { mainLaw, predictedExponent, SIZE_OF } from './laws.js';
import type { Metrics } from './metrics.js';
import { LAWS, type Law } from './plan.js';

const MANIFOLD = 'Sharma & Kaplan 2022, JMLR 23:9, and Bahri et al. 2024, doi:10.1073/pnas.2311878121';
const EARLIER = 'range of an earlier measurement with other code (numpy), two seeds';

export function claims({ metrics }: { metrics: Metrics }): Claim[] {
  const exponent = (task: string, law: Law) => mainLaw(metrics.laws, task, law).exponent.value;
  const has = (task: string) => metrics.laws.some((row) => row.task === task);
  const teacher = (['N', 'D'] as const).flatMap((law) => {
    const four = has('teacher, d = 4')
      ? [
          near(
            `Teacher, d = 4: exponent in ${law}`,
            exponent('teacher, d = 4', law),
            predictedExponent('teacher, d = 4', law)!,
            0.25,
            `4/d; ${MANIFOLD}`,
          ),
        ]
      : [];
    const eight = has('teacher, d = 8')
      ? [atLeast(`Teacher, d = 8: exponent in ${law}`, exponent('teacher, d = 8', law), 0.35, EARLIER)]
      : [];
    return [...four, ...eight];
  });
  const meanOfLaws = (task: string) => mean(LAWS.map((law) => exponent(task, law)));
  const both =
    has('teacher, d = 4') && has('teacher, d = 8')
      ? [
          atMost(
            'Teacher: exponent of eight dimensions less that of four, mean of N, D and C',
            meanOfLaws('teacher, d = 8') - meanOfLaws('teacher, d = 4'),
            0,
            `4/d falls with d; ${MANIFOLD}`,
          ),
        ]
      : [];
  return [...teacher, ...both, ...textClaims(metrics), ...digitClaims(metrics)];
}

function textClaims(metrics: Metrics): Claim[] {
  const { closedForm, byStates } = metrics.entropyRate;
  const law = (axis: Law) => mainLaw(metrics.laws, 'text', axis);
  return [
    near(
      'Text: entropy rate by states of the source',
      byStates,
      closedForm,
      1e-9,
      'H(word) / E[symbols of a word], renewal reward',
      'nats',
    ),
    ...(['N', 'D'] as const).flatMap((axis) => [
      atLeast(
        `Text: r² of log excess loss on log ${axis}`,
        law(axis).r2!,
        axis === 'N' ? 0.93 : 0.85,
        'gate of an earlier measurement on another text (tfjs, one seed)',
      ),
      near(
        `Text: ${axis === 'N' ? 'wider networks' : 'longer texts'} that do worse, mean of the seeds`,
        risesOf(metrics, 'text', axis),
        0,
        0,
        'a law falls',
      ),
    ]),
  ];
}

/** How often the mean loss rises from one size to the next. */
function risesOf(metrics: Metrics, task: string, law: Law): number {
  const means = meansBySize(metrics, task, law);
  return means.filter(({ loss }, i) => i > 0 && loss > means[i - 1].loss).length;
}

function digitClaims(metrics: Metrics): Claim[] {
  const slopes = slopesOfThree(metrics, 'digits', 'N');
  const last = slopes[slopes.length - 1];
  return [
    atMost(
      'Digits: slope of the three widest networks over the steepest of three in a row',
      last / Math.max(...slopes),
      0.5,
      'L(N) of few digits ends at a floor; seen before with other code (numpy) beyond 16 units',
    ),
  ];
}

/** Minus the slope of log loss in log size from each size to the one after the next. */
function slopesOfThree(metrics: Metrics, task: string, law: Law): number[] {
  const means = meansBySize(metrics, task, law);
  return means
    .slice(2)
    .map((to, i) => -Math.log(to.loss / means[i].loss) / Math.log(to.size / means[i].size));
}

function meansBySize({ networks }: Metrics, task: string, law: Law) {
  const rows = networks.filter((network) => network.task === task && network.law === law);
  const sizes = [...new Set(rows.map(SIZE_OF[law]))].sort((a, b) => a - b);
  return sizes.map((size) => ({
    size,
    loss: mean(rows.filter((row) => SIZE_OF[law](row) === size).map(({ excess }) => excess)),
  }));
}
