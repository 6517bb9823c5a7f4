// Prints what nvidia-smi printed on a machine: the first argument is a file of test/fixtures/meters, the rest are those
// of nvidia-smi. With --fails-after=N the power is a number N times, and then what a failed sensor yields.
import { readFileSync } from 'node:fs';
import { failsAfter, fields, print, refuseEnergy } from './nvidia-smi.mjs';

const [, , file] = process.argv;
const gpus = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' | '));

if (fields.includes('total_energy_consumption') && gpus[0][2] === 'field unknown') refuseEnergy();

let turns = 0;
print(() => {
  const failed = turns++ >= failsAfter;
  return gpus.map(([name, watts, energy]) => ({ name, power: failed ? '[Unknown Error]' : watts, energy }));
});
