import {
  type Clade,
  cladeOf,
  fitClade,
  glucoseWatts,
  massOf,
  neuronRatioAtMass,
  neuronsOf,
  quantityOf,
  readBrainEnergy,
  speciesNamed,
} from '../../../models/brains/index.js';
import { GROUPS } from '../../../models/brains/published.js';
import { affordableEvents, meanRateHz } from '../../../src/energy/brain-power.js';
import { joulesPerEvent } from '../../../src/scaling/energy-gap.js';
import { type AuditFigure, figure } from '../figure.js';
import type { AuditInputs } from '../inputs.js';
import type { Computations } from './computation.js';

const BRAIN_WATTS = 20;
const NEURONS = 86e9;
const TARGETS = 7000;
/** Neurons of the neocortex, to which the 7,000 targets belong. */
const NEOCORTICAL_NEURONS = 21e9;
const ALL_SYNAPSES = NEURONS * TARGETS;
/** Operations a second that the articles give the brain. */
const CLAIMED_EVENTS = 1e18;

export const brains: Computations = {
  A001: () => [
    figure(
      'power of a human brain by its glucose',
      glucoseWatts(quantityOf(readBrainEnergy(), 'total brain glucose use', 'human')),
      null,
      { unit: 'W', claimed: BRAIN_WATTS },
    ),
  ],
  A005: () => [figure('3/4 over 2/3 for 10⁵ times the mass', 1e5 ** (3 / 4 - 2 / 3), '2.6', { unit: '×' })],
  A007: () => [
    figure('exponent of a rate', 3 / 4 - 1, null, { claimed: -1 / 4 }),
    figure('exponent of beats in a life', 3 / 4 - 1 + 1 / 4, '0'),
  ],
  A009: ({ species }) => [
    figure('exponent, cortex of Glires', exponentOf(species, cladeOf('glires'), 'cortex'), '1.699', {
      claimed: 1.7,
    }),
    figure('mass for ten times the neurons', 10 ** 1.7, '50.1', { unit: '×' }),
  ],
  A010: capybara,
  A011: ({ species }) => [
    figure(
      'exponent, primate cortex without the human',
      exponentOf(species, GROUPS.primateWithoutHumanWithCallimico, 'cortex'),
      '0.989',
      {
        claimed: 1,
      },
    ),
    figure('exponent with the human', exponentOf(species, GROUPS.primateWithCallimico, 'cortex'), '1.087'),
    figure('exponent, whole brain', exponentOf(species, cladeOf('primate'), 'brain'), '1.13'),
    figure('exponent from 11 times the mass for 10 times the neurons', Math.log10(11), '1.04'),
  ],
  A012: () => [figure('neurons a gram', 86.1e9 / 1508, '57e6', { unit: '1/g' })],
  A014: ({ species }) => [
    figure('birds counted', species.filter((row) => row.citation.includes('Olkowicz')).length, '28', {
      claimed: 28,
      within: 0,
    }),
  ],
  A015: ({ species }) => [
    figure(
      'songbird over primate neurons at 10 g',
      neuronRatioAtMass(species, cladeOf('songbird'), cladeOf('primate'), 10).ratio,
      '2',
      { unit: '×', claimed: 2, within: 0.25 },
    ),
  ],
  A016: ({ species }) => [
    figure(
      'pallial neurons of a macaw over cortical ones of a crab-eating macaque',
      cortexOf(species, 'blue and yellow macaw') / cortexOf(species, 'crab-eating macaque'),
      null,
      { unit: '×', claimed: 1, sense: 'at least' },
    ),
  ],
  A037: () => [
    figure('energy of one of 10¹⁸ operations', 1e15 * joulesPerEvent(BRAIN_WATTS, CLAIMED_EVENTS), '0.02', {
      unit: 'fJ',
      claimed: 1,
      sense: 'at least',
    }),
  ],
  A038: () => [
    figure('mean rate that 20 W pay for at 10 fJ', affordableRate(10), '3.3', { unit: 'Hz' }),
    figure('mean rate at 1 fJ', affordableRate(1), '33', { unit: 'Hz' }),
  ],
  A039: () => [
    figure('synapses, if all neurons had 7,000 targets', ALL_SYNAPSES, '6.0e14'),
    figure('synapses of the neocortex', NEOCORTICAL_NEURONS * TARGETS, '1.5e14', { claimed: ALL_SYNAPSES }),
  ],
  A040: () => [
    figure('operations a second at 0.2 pJ', affordableEvents(BRAIN_WATTS, 200), '1e14', {
      unit: '1/s',
      claimed: CLAIMED_EVENTS,
    }),
    figure('mean rate of a synapse', meanRateHz(affordableEvents(BRAIN_WATTS, 200), ALL_SYNAPSES), '0.17', {
      unit: 'Hz',
    }),
  ],
  A046: () => [
    figure('10¹⁸ a second over 20 W', CLAIMED_EVENTS / BRAIN_WATTS, '5.0e16', { unit: '1/J', claimed: 5e16 }),
  ],
  A048: ({ gpu }) => {
    const { tdp_w, bf16_tflops } = gpu('H100 SXM5 80GB');
    const joulesPerFlop = tdp_w! / (bf16_tflops * 1e12);
    const ratio = (joules: number, flop = joulesPerFlop) => flop / joules;
    const claimed = joulesPerEvent(BRAIN_WATTS, CLAIMED_EVENTS);
    return [
      figure('with the same page’s FLOP a joule', ratio(claimed), '3.5e4', { unit: '×', claimed: 5e5 }),
      figure('with its 10¹¹ operations a joule', ratio(claimed, 1e-11), '5.0e5', { unit: '×' }),
      figure('with 10 fJ an event', ratio(10e-15), '71', { unit: '×' }),
      figure('with 1 fJ an event', ratio(1e-15), '708', { unit: '×', slack: 0.5 }),
      figure('with 0.2 pJ an operation', ratio(0.2e-12), '3.5', { unit: '×' }),
    ];
  },
  A049: () => [figure('upper end of the range', 1.8, '1.8', { unit: 'pJ', claimed: 1, sense: 'at most' })],
  D019: () => [
    figure('power, if 5 % of neurons fire in each millisecond', ALL_SYNAPSES * 50 * 10e-15, '301', {
      unit: 'W',
      claimed: BRAIN_WATTS,
      sense: 'at most',
    }),
  ],
};

function capybara({ species }: AuditInputs): AuditFigure[] {
  const brain = (animal: string) => massOf(speciesNamed(species, animal), 'brain')!;
  const neurons = (animal: string) => neuronsOf(speciesNamed(species, animal), 'brain')!;
  return [
    figure('brain of the capybara', brain('capybara'), '74.7', {
      unit: 'g',
      claimed: brain('rhesus macaque'),
      sense: 'at least',
    }),
    figure('brain of the rhesus macaque', brain('rhesus macaque'), '87.3', { unit: 'g' }),
    figure('neurons, macaque over capybara', neurons('rhesus macaque') / neurons('capybara'), '4.1', {
      unit: '×',
    }),
    figure('cortical neurons', cortexOf(species, 'rhesus macaque') / cortexOf(species, 'capybara'), '5.6', {
      unit: '×',
    }),
  ];
}

type SpeciesTable = AuditInputs['species'];

function cortexOf(species: SpeciesTable, animal: string): number {
  return neuronsOf(speciesNamed(species, animal), 'cortex')!;
}

function exponentOf(species: SpeciesTable, clade: Clade, structure: 'cortex' | 'brain'): number {
  return fitClade(species, clade, structure).fit.exponent.value;
}

function affordableRate(priceFj: number): number {
  return meanRateHz(affordableEvents(BRAIN_WATTS, priceFj), ALL_SYNAPSES);
}
