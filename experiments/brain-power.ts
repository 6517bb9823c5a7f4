import { defineExperiment, near } from '../src/index.js';
import { figures } from './brain-power/figures.js';
import { account, config } from './brain-power/run.js';

export default defineExperiment({
  id: 'brain-power',
  title: 'Does the arithmetic of spikes add up to the power of a brain?',
  question:
    'Neurons times synapses times rate times joules: is that the power that brains are measured to use?',
  prediction:
    'One synaptic event costs some femtojoules. Take 86 billion neurons with 7,000 synapses each. How many watts is that, ' +
    'if they fire once in six seconds? A human brain uses 20.',
  config,
  presets: { quick: { ms: 500 }, full: { ms: 10_000 } },

  run: account,

  tables: ({ metrics }) => [
    {
      name: 'power',
      title: 'Power of whole brains on three bases',
      columns: [
        { key: 'animal', label: 'brain' },
        { key: 'neurons', label: 'neurons', digits: 3 },
        { key: 'measuredW', label: 'measured', unit: 'W', digits: 3 },
        { key: 'basis', label: 'basis' },
        { key: 'watts', label: 'computed', unit: 'W', digits: 3 },
        { key: 'lowW', label: 'low', unit: 'W', digits: 2 },
        { key: 'highW', label: 'high', unit: 'W', digits: 2 },
      ],
      rows: metrics.rows.map((row) => ({ ...row })),
      filters: [{ key: 'basis', label: 'basis' }],
    },
    {
      name: 'simulated',
      title: 'From the simulated network to a brain',
      columns: [
        { key: 'what', label: 'what' },
        { key: 'value', label: 'value', digits: 4 },
        { key: 'unit', label: 'unit' },
      ],
      rows: [
        { what: 'neurons simulated', value: metrics.simulated.neurons, unit: '' },
        { what: 'synapses onto each', value: metrics.simulated.synapsesPerNeuron, unit: '' },
        { what: 'rate', value: metrics.simulated.rateHz, unit: 'Hz' },
        { what: 'synaptic events counted', value: metrics.simulated.eventsPerS, unit: '1/s' },
        {
          what: 'events of a human brain at the chosen rate',
          value: metrics.extrapolated.eventsPerS,
          unit: '1/s',
        },
        {
          what: 'events of a human brain at the rate of the simulated network',
          value: metrics.extrapolated.eventsPerSAtSimulatedRate,
          unit: '1/s',
        },
      ],
    },
    {
      name: 'quoted',
      title: 'Often-quoted figures that contradict each other',
      columns: [
        { key: 'quoted', label: 'quoted' },
        { key: 'against', label: 'against' },
        { key: 'implied', label: 'would mean', digits: 3 },
        { key: 'stated', label: 'is', digits: 3 },
        { key: 'unit', label: 'unit' },
        { key: 'why', label: 'why' },
      ],
      rows: metrics.contradictions.map((row) => ({ ...row })),
    },
  ],

  figures,

  claims: ({ metrics }) => [
    near(
      'Human: 86e9 neurons × 7,000 synapses × 0.16 Hz × 0.208 pJ',
      metrics.human.watts,
      20,
      0.1,
      'Lennie 2003, doi:10.1016/S0960-9822(03)00135-0, for the rate; the product is 20.04',
      'W',
    ),
    near(
      'All-in price of a human synaptic event at 20 W',
      metrics.human.allInFj,
      208,
      1,
      '20 W over 9.6e13 events a second',
      'fJ',
    ),
    near('Events of a human brain', metrics.human.eventsPerS, 9.632e13, 1e10, 'the same product', '1/s'),
    near(
      'Simulated network: events over neurons × synapses × rate',
      metrics.simulated.eventsPerS /
        (metrics.simulated.neurons * metrics.simulated.synapsesPerNeuron * metrics.simulated.rateHz),
      1,
      0.02,
      'Each spike is one event at each synapse of its neuron; neurons that fire more may have a few synapses more or fewer',
    ),
    near(
      'Mean rate that 10¹⁸ events a second need',
      metrics.contradictions[0].implied,
      1661,
      1,
      '10¹⁸ over 6.02e14 synapses',
      'Hz',
    ),
  ],

  finding({ metrics }) {
    const human = (basis: string) =>
      metrics.rows.find((row) => row.animal === 'human' && row.basis === basis)!;
    const others = metrics.rows.filter(({ basis, measuredW }) => basis === 'all-in' && measuredW !== null);
    const ratios = others.map(({ watts, measuredW }) => watts / measuredW!);
    return (
      `The synaptic events of a human brain cost ${human('marginal ATP').watts.toPrecision(2)} W at the marginal price, ` +
      `${human('signalling').watts.toPrecision(2)} W with all signalling, and ${human('all-in').watts.toPrecision(3)} W all-in, where ` +
      `${human('all-in').measuredW!.toPrecision(3)} W were measured. The all-in price of the human brain gives other brains ` +
      `${Math.min(...ratios).toPrecision(2)} to ${Math.max(...ratios).toPrecision(2)} times their measured power.`
    );
  },

  caveats: () => [
    'Watts on different bases are different things and are never added: marginal ATP is what one more event costs, ' +
      'signalling adds action potentials and resting potentials at 4 Hz, all-in divides all power by all events.',
    'The all-in price was computed from the human brain: that it gives 20 W there is arithmetic, not evidence. Its ' +
      'range is that of its own inputs (B139-B142 of brain_energy.csv).',
    '7,000 synapses is a mean of human neocortex; most neurons of a brain are cerebellar granule cells with about four ' +
      'inputs. So the computed events are an upper bound. No number of synapses of a bird was found.',
    'The rate of 0.16 Hz is what the energy supply of human cortex affords, not a measurement; in rodents budgets assume ' +
      '4 Hz. Release probability is a recalled value.',
    'The ends of the ranges are products of ends, as if all inputs were low, or high, together.',
    'The simulated network fires faster (about 5 Hz) than brains on average do: its events are scaled to the chosen rate.',
  ],
});
