import { expect, test } from 'vitest';
import { config, presets } from '../../experiments/dense-scaling/config.js';
import { lawsOf, mainLaw, predictedExponent } from '../../experiments/dense-scaling/laws.js';
import type { Metrics, NetworkRow } from '../../experiments/dense-scaling/metrics.js';
import { coursesOf, LAWS, pointsOf } from '../../experiments/dense-scaling/plan.js';
import experiment from '../../experiments/dense-scaling.js';
import { holds } from '../../src/experiment/define.js';
import { figureSvg } from '../../src/report/figure-svg.js';
import { stream } from '../../src/util/rng.js';

const FLOOR = 1;

/** Networks whose losses follow laws that are known. */
function synthetic(exponentOf: (task: string) => number): NetworkRow[] {
  const random = stream(1, 'synthetic');
  return coursesOf(config.parse(presets.quick), 1).flatMap((course) =>
    pointsOf(course, [1, 2]).map((point) => {
      const size = { N: point.parameters, D: point.examples, C: point.flop }[point.law];
      const saturated = course.name === 'digits' ? 0.2 : 0;
      const excess = saturated + 30 * size ** -exponentOf(course.name) * Math.exp(0.02 * random.normal());
      const { task, law, seed, parameters, examples, steps, flop } = point;
      const hidden = point.hidden.join('-');
      return {
        task,
        law,
        seed,
        hidden,
        parameters,
        examples,
        steps,
        flop,
        excess,
        excessAtEnd: excess,
        bestStep: steps,
      };
    }),
  );
}

const truth = (task: string) =>
  ({ 'teacher, d = 4': 1, 'teacher, d = 8': 0.5, text: 0.25, digits: 0.8 })[task]!;

test('fits find the laws that the networks follow, with and without the floor', () => {
  const laws = lawsOf(synthetic(truth), FLOOR);
  for (const { task, law, exponent, floor, floorIs } of laws) {
    if (floorIs === 'known' || task === 'digits') continue;
    const known = mainLaw(laws, task, law);
    expect(known.floorIs).toBe('known');
    expect(Math.abs(known.exponent.value - truth(task))).toBeLessThan(0.03);
    expect(exponent.low! <= truth(task) && exponent.high! >= truth(task)).toBe(true);
    if (task === 'text') expect(floor.low! <= FLOOR && floor.high! >= FLOOR).toBe(true);
  }
});

test('claims hold for the laws of theory and fail for others; figures and texts show them', () => {
  const view = (of: (task: string) => number) => {
    const networks = synthetic(of);
    const metrics: Metrics = {
      entropyRate: { closedForm: FLOOR, byStates: FLOOR },
      networks,
      laws: lawsOf(networks, FLOOR),
    };
    return {
      config: config.parse(presets.quick),
      preset: 'quick' as const,
      seeds: [1],
      metrics: JSON.parse(JSON.stringify(metrics)) as Metrics,
      ledgers: [],
    };
  };
  const good = view(truth);
  expect(experiment.claims(good).filter((claim) => !holds(claim))).toEqual([]);
  const failed = experiment.claims(view(() => 0.3)).filter((claim) => !holds(claim));
  expect(failed.length).toBeGreaterThan(2);
  for (const figure of experiment.figures(good)) expect(figureSvg(figure)).not.toContain('NaN');
  for (const table of experiment.tables(good)) expect(table.rows.length).toBeGreaterThan(0);
  expect(experiment.finding(good)).not.toMatch(/NaN|undefined/);
});

test('theory: 4/d in parameters and examples, half of it in compute', () => {
  expect(LAWS.map((law) => predictedExponent('teacher, d = 8', law))).toEqual([0.5, 0.5, 0.25]);
  expect(predictedExponent('text', 'N')).toBeNull();
});
