import * as Plot from '@observablehq/plot';
import { energyHistogram, synapseEnergies } from '../../../src/energy/synapses.js';
import { loadTariff, type Tariff } from '../../../src/energy/tariff.js';
import type { Figure } from '../../../src/index.js';
import {
  brainText,
  inferenceFj,
  type Kind,
  ledgerOf,
  middleBrain,
  networksOf,
  tariffsOf,
  type View,
} from '../view.js';
import { COLOUR, KINDS } from './common.js';

/** Energy of each synapse per image, for the brain in the middle of the race, first seed. */
export function synapseFigure(view: View): Figure {
  const brain = middleBrain(view);
  // A tariff may be given by its path: only that finds it again.
  const given = tariffsOf(view).find((nameOrPath) =>
    KINDS.every((kind) => inferenceFj(view, networksOf(view, brain, kind), nameOrPath)),
  );
  const tariff = given === undefined ? undefined : loadTariff(given);
  const rows = tariff ? KINDS.flatMap((kind) => synapseRows(view, kind, tariff)) : [];
  const spiking = rows.filter(({ kind }) => kind === 'spiking');
  const silent = spiking
    .filter(({ fj }) => fj === 0)
    .map(({ layer, percent }) => `${layer} ${percent.toFixed(0)} %`);
  const dense = rows.find(({ kind, fj }) => kind === 'dense' && fj > 0);
  return {
    name: 'energy-per-synapse',
    title: `What single synapses cost (${brainText(brain)}, ${brain.units} hidden units)`,
    caption: tariff
      ? `Histograms of the mean energy of a synapse per image in the spiking network, four bins a decade, under ` +
        `'${tariff.name}', without the cost of the neurons. Synapses that never passed a spike cost nothing and are ` +
        `left of the picture: ${silent.join(', ') || 'none'}. In the dense network all synapses cost the same (grey line).`
      : 'No tariff of the comparison prices both networks.',
    plot: {
      x: { type: 'log', label: 'energy of a synapse per image (fJ)', tickFormat: '~f' },
      y: { label: 'synapses of the layer (%)', grid: true, zero: true },
      color: COLOUR,
      marks: [
        Plot.ruleX(dense ? [dense] : [], { x: 'exactFj', stroke: '#7F7F7F', strokeWidth: 3 }),
        Plot.text(dense ? [dense] : [], {
          x: 'exactFj',
          text: () => 'dense: all',
          frameAnchor: 'top',
          textAnchor: 'end',
          dx: -6,
        }),
        Plot.rect(
          spiking.filter(({ fj }) => fj > 0),
          {
            x1: 'fromFj',
            x2: 'toFj',
            y1: 0,
            y2: 'percent',
            fill: 'layer',
            fillOpacity: 0.55,
            mixBlendMode: 'multiply',
          },
        ),
        Plot.ruleY([0]),
      ],
    },
    rows,
  };
}

/** Histogram of each layer of the middle brain's network of a kind. */
function synapseRows(view: View, kind: Kind, tariff: Tariff) {
  const network = networksOf(view, middleBrain(view), kind).find(({ seed }) => seed === view.seeds[0])!;
  const { layers, inferences } = ledgerOf(view, network);
  return layers.flatMap((layer) => {
    const energies = synapseEnergies(layer, tariff, { phases: ['inference'], shared: 'apart' })!.energyFj.map(
      (fj) => fj / inferences,
    );
    const { bins, zero } = energyHistogram(energies, 4);
    const row = (fromFj: number, toFj: number, exactFj: number, synapses: number) => ({
      kind,
      layer: layer.name,
      fromFj,
      toFj,
      fj: Math.sqrt(fromFj * toFj),
      exactFj,
      synapses,
      percent: (100 * synapses) / energies.length,
    });
    const silent = zero > 0 ? [row(0, 0, 0, zero)] : [];
    return [
      ...silent,
      ...bins.map(({ fromFj, toFj, synapses, energyFj }) => row(fromFj, toFj, energyFj / synapses, synapses)),
    ];
  });
}
