// Prints what nvidia-smi printed on a machine: the first argument is a file of test/fixtures/meters, the rest are those
// of nvidia-smi. With --fails-after=N the power is a number N times, and then what a failed sensor yields.
import { readFileSync } from 'node:fs';

const [, , file, ...args] = process.argv;
const argument = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1];
const fields = argument('query-gpu').split(',');
const loopMs = Number(argument('loop-ms'));
const failsAfter = Number(argument('fails-after') ?? Number.POSITIVE_INFINITY);
const gpus = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' | '));

if (fields.includes('total_energy_consumption') && gpus[0][2] === 'field unknown') {
  console.log('Field "total_energy_consumption" is not a valid field to query.\n');
  process.exit(2);
}

let turns = 0;
function stamp() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${day} ${time}.${String(now.getMilliseconds()).padStart(3, '0')}`;
}

function print() {
  gpus.forEach(([name, watts, energy], index) => {
    const power = turns < failsAfter ? watts : '[Unknown Error]';
    const values = {
      timestamp: stamp(),
      index,
      name,
      'power.draw': power,
      total_energy_consumption: energy,
    };
    console.log(fields.map((field) => values[field]).join(', '));
  });
  turns++;
}

print();
if (loopMs) setInterval(print, loopMs);
