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

/** A row of the literature tables by the name that tariffs call it, its energy in fJ (for W/neuron: fJ/s). */
export function dataRow(name: string): { fj: number; confidence: string } {
  if (name.startsWith('gpu_specs:')) {
    const [, gpu, column] = name.split(':');
    const row = gpus.find((candidate) => candidate.gpu === gpu)!;
    return { fj: Number(row[column]) * 1000, confidence: 'secondary' };
  }
  const row = neuromorphic.find(({ id }) => id === name);
  if (row) return { fj: Number(row.energy_pJ) * 1000, confidence: CONFIDENCE[row.confidence] };
  const inBrain = brain.find(({ id }) => id === name)!;
  return { fj: Number(inBrain.value) * FJ_PER[inBrain.unit], confidence: CONFIDENCE[inBrain.confidence] };
}
