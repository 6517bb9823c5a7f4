/** What stand-ins for nvidia-smi share: its arguments and its way to print. */
const argument = (name) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1];

export const fields = argument('query-gpu').split(',');
export const loopMs = Number(argument('loop-ms'));
export const failsAfter = Number(argument('fails-after') ?? Number.POSITIVE_INFINITY);

/** Ends as nvidia-smi does where a GPU has no counter of its energy. */
export function refuseEnergy() {
  console.log('Field "total_energy_consumption" is not a valid field to query.\n');
  process.exit(2);
}

function stamp() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${day} ${time}.${String(now.getMilliseconds()).padStart(3, '0')}`;
}

/** Prints a line a GPU with the fields asked for, once, or again and again; `gpus` gives their values as they are. */
export function print(gpus) {
  const once = () =>
    gpus().forEach(({ name, power, energy }, index) => {
      const values = {
        timestamp: stamp(),
        index,
        name,
        'power.draw': power,
        total_energy_consumption: energy,
      };
      console.log(fields.map((field) => values[field]).join(', '));
    });
  once();
  if (loopMs) setInterval(once, loopMs);
}
