import { atLeast, atMost, defineExperiment } from '../src/index.js';
import { formatNumber } from '../src/util/format.js';
import { figures } from './quiet/figures.js';
import { compute, config, PIECE_MS } from './quiet/run.js';
import { timesOf } from './quiet/times.js';

export default defineExperiment({
  id: 'quiet',
  title: 'What does a silent neuron cost?',
  question: 'Does the time to simulate a network follow its neurons or its events?',
  prediction:
    'A million neurons, of which one in a thousand fires. How much faster could a simulator be that leaves the others ' +
    'alone? And if ten times as many fire: ten times the work?',
  config,
  presets: {
    quick: { neurons: 100_000, active: [1e-5, 1e-4, 1e-3, 1e-2], pieces: 3 },
    full: { pieces: 10 },
  },

  run: compute,

  tables: (view) => [
    {
      name: 'times',
      title: `Work for ${PIECE_MS} ms of biology, and how long it took on this machine`,
      columns: [
        { key: 'share', label: 'active', unit: '%' },
        { key: 'neurons', label: 'neurons updated' },
        { key: 'events', label: 'synaptic events', digits: 6 },
        { key: 'neuronUpdates', label: 'neuron updates', digits: 4 },
        { key: 'cpuMs', label: 'processor time', unit: 'ms', digits: 3 },
        { key: 'lineMs', label: 'line', unit: 'ms', digits: 3 },
      ],
      rows: timesOf(view).points.map(({ active, sleep, events, neuronUpdates, cpuMs, lineMs }) => ({
        share: 100 * active,
        neurons: sleep ? 'those with input' : 'all',
        events,
        neuronUpdates,
        cpuMs,
        lineMs: sleep ? lineMs : null,
      })),
    },
  ],

  figures,

  claims(view) {
    const { asleep, all, compared } = timesOf(view);
    const off = asleep.map(({ cpuMs, lineMs }) => Math.max(cpuMs / lineMs, lineMs / cpuMs));
    const decades = Math.log10(asleep[asleep.length - 1].events / asleep[0].events);
    return [
      atLeast(
        '0.1 % active: times faster than with all neurons updated',
        all.cpuMs / compared.cpuMs,
        10,
        'Cost follows events: what this engine is built for',
      ),
      atLeast(
        '0.1 % active: times fewer neuron updates',
        all.neuronUpdates / compared.neuronUpdates,
        10,
        'The same, counted instead of timed',
      ),
      atMost(
        `Largest factor between a time and the line, over ${decades.toFixed(1)} decades`,
        Math.max(...off),
        2,
        'A fixed time and a time for each event; over three decades of events a factor of 2 is small',
      ),
    ];
  },

  finding(view) {
    const { config } = view;
    const { all, compared, restMs, msPerEvent } = timesOf(view);
    return (
      `With one in a thousand of ${config.neurons.toLocaleString('en')} neurons active, a network whose idle neurons sleep ` +
      `is simulated ${formatNumber(all.cpuMs / compared.cpuMs, 2)} times faster than one in which all are updated. An event ` +
      `costs ${formatNumber(1e6 * msPerEvent, 2)} ns, and ${PIECE_MS} ms without any cost ${formatNumber(restMs, 2)} ms.`
    );
  },

  caveats: () => [
    'The times are measured on this machine and are not the same again; counts of events and updates are.',
    'Only neurons that can be carried over many steps in closed form sleep, in groups of sixteen, and only without ' +
      'Poisson input. Input is added to four neurons at a time: where most of them get an event in every window, nothing ' +
      'is gained.',
    'The input from the active neurons is too weak to make others fire: a network in which it does has other neurons ' +
      'active.',
  ],
});
