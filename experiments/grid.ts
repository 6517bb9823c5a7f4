import * as Plot from '@observablehq/plot';
import { defineExperiment, near, z } from '../src/index.js';

const config = z.strictObject({
  energyTwh: z
    .number()
    .positive()
    .default(945)
    .describe('electricity of all data centres in 2030 (TWh a year)'),
  capacityGw: z.number().positive().default(225).describe('a forecast of their capacity in 2030 (GW)'),
  otherCapacityGw: z.number().positive().default(122).describe('another forecast of it (GW)'),
  baseGw: z.number().positive().default(55).describe('capacity in 2023 (GW)'),
  growthPercent: z.number().default(165).describe('growth until 2030, as quoted (%)'),
  worldTwh: z
    .number()
    .positive()
    .default(30_000)
    .describe('electricity of the world in a year, rounded (TWh)'),
});

const HOURS_PER_YEAR = 8760;
const IEA = 'IEA, Energy and AI (2025): 945 TWh in 2030';
const GOLDMAN = 'Goldman Sachs Research: +165 % against 2023; 55 GW (2023), 84 GW (2027), 122 GW (2030)';
/** One forecaster's path of capacity, in GW. */
const PATH = [
  { year: 2023, gw: 55 },
  { year: 2027, gw: 84 },
  { year: 2030, gw: 122 },
];

export default defineExperiment({
  id: 'grid',
  title: 'Watts are not watt-hours: data centres and the grid',
  question: 'Do the forecasts of power and of energy for data centres fit each other?',
  prediction:
    'One forecast says 945 TWh a year by 2030, another 225 GW. How many hours of the year must the second one run to ' +
    'use the energy of the first? And does "165 % more than 55 GW" give 122 GW?',
  config,
  presets: { quick: {}, full: {} },

  async run({ energyTwh, capacityGw, otherCapacityGw, baseGw, growthPercent, worldTwh }) {
    const meanGw = (energyTwh * 1000) / HOURS_PER_YEAR;
    return {
      metrics: {
        meanGw,
        loadFactor: meanGw / capacityGw,
        otherLoadFactor: meanGw / otherCapacityGw,
        grownGw: baseGw * (1 + growthPercent / 100),
        growthTo2027Percent: 100 * (PATH[1].gw / PATH[0].gw - 1),
        growthTo2030Percent: 100 * (PATH[2].gw / PATH[0].gw - 1),
        worldSharePercent: (100 * energyTwh) / worldTwh,
        loadCurve: Array.from({ length: 101 }, (_, i) => ({
          loadPercent: i,
          energyTwh: (capacityGw * HOURS_PER_YEAR * i) / 100 / 1000,
          otherEnergyTwh: (otherCapacityGw * HOURS_PER_YEAR * i) / 100 / 1000,
        })),
      },
    };
  },

  tables: ({ metrics, config }) => [
    {
      name: 'accounts',
      title: 'Power and energy beside each other',
      columns: [
        { key: 'quantity', label: 'quantity' },
        { key: 'value', label: 'value', digits: 4 },
        { key: 'unit', label: 'unit' },
      ],
      rows: [
        { quantity: `mean power behind ${config.energyTwh} TWh a year`, value: metrics.meanGw, unit: 'GW' },
        { quantity: `load factor of ${config.capacityGw} GW`, value: 100 * metrics.loadFactor, unit: '%' },
        {
          quantity: `load factor of ${config.otherCapacityGw} GW`,
          value: 100 * metrics.otherLoadFactor,
          unit: '%',
        },
        {
          quantity: `${config.baseGw} GW and ${config.growthPercent} % more`,
          value: metrics.grownGw,
          unit: 'GW',
        },
        {
          quantity: 'growth of capacity 2023 to 2027, by its path',
          value: metrics.growthTo2027Percent,
          unit: '%',
        },
        {
          quantity: 'growth of capacity 2023 to 2030, by its path',
          value: metrics.growthTo2030Percent,
          unit: '%',
        },
        { quantity: 'share of the electricity of the world', value: metrics.worldSharePercent, unit: '%' },
      ],
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'load',
      title: 'How hard must the capacity work?',
      caption:
        'Energy in a year against load, for two forecasts of capacity. Dashed: the forecast of energy. The larger ' +
        'capacity would stand idle half the time, the smaller one hardly at all.',
      plot: {
        x: { label: 'load (% of capacity)' },
        y: { label: 'energy in a year (TWh)' },
        color: { legend: true, type: 'categorical', domain: names(config) },
        marks: [
          Plot.ruleY([config.energyTwh], { strokeDasharray: '5 4' }),
          Plot.line(metrics.loadCurve, {
            x: 'loadPercent',
            y: 'energyTwh',
            stroke: () => names(config)[0],
            strokeWidth: 2.5,
          }),
          Plot.line(metrics.loadCurve, {
            x: 'loadPercent',
            y: 'otherEnergyTwh',
            stroke: () => names(config)[1],
            strokeWidth: 2.5,
          }),
        ],
      },
      rows: metrics.loadCurve,
    },
    {
      name: 'path',
      title: 'A path of capacity, and a percentage that is not its own',
      caption:
        'Bars: one forecaster’s capacity. Dashed: the quoted growth applied to the first bar. The 165 % belong to ' +
        'energy; applied to power they overshoot the path.',
      plot: {
        x: { type: 'band', label: 'year', tickFormat: 'd' },
        y: { label: 'capacity (GW)', domain: [0, 160] },
        marks: [
          Plot.barY(PATH, { x: 'year', y: 'gw', fill: '#0072B2' }),
          Plot.text(PATH, { x: 'year', y: 'gw', text: ({ gw }) => `${gw} GW`, dy: -10 }),
          Plot.ruleY([metrics.grownGw], { strokeDasharray: '5 4' }),
          Plot.text([metrics.grownGw], {
            y: (gw: number) => gw,
            text: (gw: number) => `${config.baseGw} GW + ${config.growthPercent} % = ${gw.toFixed(0)} GW`,
            frameAnchor: 'left',
            dx: 8,
            dy: -10,
          }),
          Plot.ruleY([0]),
        ],
      },
      rows: PATH,
    },
  ],

  claims({ metrics, config }) {
    if (
      config.energyTwh !== 945 ||
      config.capacityGw !== 225 ||
      config.baseGw !== 55 ||
      config.growthPercent !== 165
    )
      return [];
    return [
      near('Mean power behind 945 TWh a year', metrics.meanGw, 107.9, 0.05, IEA, 'GW'),
      near('Load factor of 225 GW', 100 * metrics.loadFactor, 48, 0.1, IEA, '%'),
      near('55 GW and 165 % more', metrics.grownGw, 146, 0.5, GOLDMAN, 'GW'),
      near('Growth to 122 GW', metrics.growthTo2030Percent, 122, 0.5, GOLDMAN, '%'),
      near('Growth to 84 GW', metrics.growthTo2027Percent, 52.7, 0.1, GOLDMAN, '%'),
      ...(config.otherCapacityGw === 122
        ? [near('Load factor of 122 GW', 100 * metrics.otherLoadFactor, 88, 0.5, GOLDMAN, '%')]
        : []),
    ];
  },

  finding({ metrics, config }) {
    return (
      `${config.energyTwh} TWh a year are ${metrics.meanGw.toFixed(0)} GW all the time: ${(100 * metrics.loadFactor).toFixed(0)} % of ` +
      `${config.capacityGw} GW, or ${(100 * metrics.otherLoadFactor).toFixed(0)} % of ${config.otherCapacityGw} GW. The forecasts mix ` +
      'two forecasters, and a growth of energy was quoted beside a capacity that it does not belong to.'
    );
  },

  caveats: () => [
    'Forecasts of companies and agencies, seen in summaries; they are revised every few months.',
    'Capacity means the power of the computers in one source and that of the whole building in another.',
    'All data centres, not those of AI alone.',
  ],
});

function names({ capacityGw, otherCapacityGw }: z.output<typeof config>): string[] {
  return [`${capacityGw} GW`, `${otherCapacityGw} GW`];
}
