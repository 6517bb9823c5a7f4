import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { PIECE_MS } from './run.js';
import { type Timed, timesOf, type View } from './times.js';

export function figures(view: View): Figure[] {
  const { config } = view;
  const { points, asleep, all, restMs, msPerEvent } = timesOf(view);
  const [fewest, most] = [asleep[0].events, asleep[asleep.length - 1].events];
  const curve = Array.from({ length: 61 }, (_, i) => {
    const events = fewest * (most / fewest) ** (i / 60);
    return { events, cpuMs: restMs + msPerEvent * events };
  });
  return [
    {
      name: 'time',
      title: 'Time follows events',
      caption:
        `Processor time for ${PIECE_MS} ms of ${config.neurons.toLocaleString('en')} neurons against the events in it. ` +
        'Dots: neurons that nothing reaches sleep. Line: a fixed time and a time for each event. Dashed: all neurons ' +
        'updated in every step.',
      plot: {
        x: { type: 'log', label: `synaptic events in ${PIECE_MS} ms`, tickFormat: powerOfTen },
        y: { type: 'log', label: 'processor time (ms)', tickFormat: powerOfTen, inset: 28 },
        marks: [
          Plot.line(curve, { x: 'events', y: 'cpuMs', stroke: COLOURS.grey, strokeWidth: 2 }),
          Plot.dot(asleep, { x: 'events', y: 'cpuMs', r: 6, fill: COLOURS.blue }),
          Plot.ruleY([all.cpuMs], { stroke: COLOURS.vermilion, strokeWidth: 2, strokeDasharray: '6 4' }),
          Plot.text([`all neurons updated: ${all.cpuMs.toPrecision(3)} ms`], {
            x: () => fewest,
            y: () => all.cpuMs,
            text: (text: string) => text,
            textAnchor: 'start',
            dy: -10,
            fill: COLOURS.vermilion,
          }),
          Plot.text(asleep, {
            x: 'events',
            y: 'cpuMs',
            text: ({ active }: Timed) => `${Number((100 * active).toPrecision(3))} %`,
            dy: 18,
          }),
        ],
      },
      rows: points.map((point) => ({ ...point, sleep: String(point.sleep) })),
    },
  ];
}
