import type { Figure } from '../../src/index.js';
import { energyFigure } from './figures/energy.js';
import { massFigure, neuronsFigure } from './figures/errors.js';
import { plasticityFigure } from './figures/plasticity.js';
import { speciesFigure } from './figures/species.js';
import { synapseFigure } from './figures/synapses.js';
import { tariffFigure } from './figures/tariffs.js';
import type { View } from './view.js';

/** The pictures of the report, in the order of the story. */
export function figures(view: View): Figure[] {
  const always = [speciesFigure, massFigure, neuronsFigure, energyFigure, synapseFigure, tariffFigure];
  return [...always.map((draw) => draw(view)), ...plasticityFigure(view)];
}
