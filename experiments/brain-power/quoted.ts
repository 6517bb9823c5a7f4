import { affordableEvents, meanRateHz } from '../../src/energy/brain-power.js';

/** Two figures that are often quoted together, and what the one makes of the other. */
export interface Contradiction {
  quoted: string;
  against: string;
  implied: number;
  unit: string;
  /** What the second figure says instead. */
  stated: number;
  why: string;
}

const HUMAN_W = 20;
const NEURONS = 86e9;
const SYNAPSES = 7000;
const RATE_HZ = 0.16;
const FJ = 1e-15;

/** Figures of the literature that cannot hold together, each computed from the other. */
export function contradictions(): Contradiction[] {
  const synapses = NEURONS * SYNAPSES;
  return [
    {
      quoted: '10¹⁸ operations a second',
      against: '6·10¹⁴ synapses at 0.1 to 10 Hz',
      implied: meanRateHz(1e18, synapses),
      unit: 'Hz mean rate',
      stated: RATE_HZ,
      why: 'No neuron fires at this rate, let alone the mean of all; 10¹⁸ comes from an essay, not from a count.',
    },
    {
      quoted: '10¹⁸ operations a second',
      against: '10 fJ a synaptic event and 20 W',
      implied: 1e18 * 10 * FJ,
      unit: 'W',
      stated: HUMAN_W,
      why: 'Even at the marginal price of one event, so many events would take a factory, not a brain.',
    },
    {
      quoted: '10¹⁸ operations a second',
      against: '0.2 pJ an operation and 20 W',
      implied: 1e18 * 200 * FJ,
      unit: 'W',
      stated: HUMAN_W,
      why: 'The 0.2 pJ were themselves computed from 20 W and 10¹⁴ events: they cannot be used with 10¹⁸.',
    },
    {
      quoted: '1 to 10 fJ a synaptic event',
      against: '86·10⁹ neurons, 7,000 synapses, 0.16 Hz and 20 W',
      implied: synapses * RATE_HZ * 10 * FJ,
      unit: 'W',
      stated: HUMAN_W,
      why: 'Both prices are right, for different things: 10 fJ is what one more event costs, 0.2 pJ the share of an event in all that a brain spends, most of it whether or not it fires.',
    },
    {
      quoted: '20 W pay for 10 fJ events',
      against: '0.16 Hz, the rate that the energy supply affords',
      implied: meanRateHz(affordableEvents(HUMAN_W, 10), synapses),
      unit: 'Hz mean rate',
      stated: RATE_HZ,
      why: 'It would be affordable only if nothing but synaptic events cost anything.',
    },
    {
      quoted: '7,000 synapses for each of 86·10⁹ neurons',
      against: '20·10⁹ neurons of neocortex with 1.5·10¹⁴ synapses',
      implied: synapses,
      unit: 'synapses',
      stated: 1.5e14,
      why: 'Four in five human neurons are granule cells of the cerebellum with about four inputs each: 7,000 is a mean of neocortex, and the product an upper bound.',
    },
  ];
}
