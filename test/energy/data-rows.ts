import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { packageRoot } from '../../src/util/package-root.js';

const read = (file: string) => {
  const text = readFileSync(join(packageRoot(), 'experiments', 'data', file), 'utf8');
  return csvParse(text.replace(/^#.*\n/, ''));
};

const neuromorphic = read('neuromorphic_energy.csv');
const brain = read('brain_energy.csv');
const gpus = read('gpu_specs.csv');

const FJ_PER: Record<string, number> = { fJ: 1, J: 1e15, 'W/neuron': 1e15 };
const CONFIDENCE: Record<string, string> = {
  'source-text': 'read',
  secondary: 'secondary',
  memory: 'recalled',
};

export interface DataRow {
  /** For W/neuron: fJ/s. */
  fj: number;
  lowFj: number | null;
  highFj: number | null;
  doi: string;
  confidence: string;
}

/** A row of the literature tables by the name that tariffs call it, its energy in fJ. */
export function dataRow(name: string): DataRow {
  if (name.startsWith('gpu_specs:')) {
    const [, gpu, column] = name.split(':');
    const row = gpus.find((candidate) => candidate.gpu === gpu)!;
    return { fj: Number(row[column]) * 1000, lowFj: null, highFj: null, doi: '', confidence: 'secondary' };
  }
  const scaled = (text: string, fj: number) => (text === '' ? null : Number(text) * fj);
  const row = neuromorphic.find(({ id }) => id === name);
  if (row) {
    return {
      fj: Number(row.energy_pJ) * 1000,
      lowFj: scaled(row.low_pJ, 1000),
      highFj: scaled(row.high_pJ, 1000),
      doi: row.doi_or_url,
      confidence: CONFIDENCE[row.confidence],
    };
  }
  const inBrain = brain.find(({ id }) => id === name)!;
  const fj = FJ_PER[inBrain.unit];
  return {
    fj: Number(inBrain.value) * fj,
    lowFj: scaled(inBrain.low, fj),
    highFj: scaled(inBrain.high, fj),
    doi: inBrain.doi,
    confidence: CONFIDENCE[inBrain.confidence],
  };
}

/** Species for which the power per neuron of the whole brain is in the tables. */
export function brainPowerSpecies(): string[] {
  return brain
    .filter(({ quantity }) => quantity === 'power per neuron from glucose use')
    .map(({ species_or_system }) => species_or_system);
}
