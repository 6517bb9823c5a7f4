// Stands in for nvidia-smi. Its first argument names the machine it plays; the others are those of nvidia-smi.
const [, , machine, ...args] = process.argv;
const fields = args
  .find((arg) => arg.startsWith('--query-gpu='))
  .split('=')[1]
  .split(',');
const loopMs = Number(args.find((arg) => arg.startsWith('--loop-ms='))?.split('=')[1]);
const gpus = machine === 'two' ? [200, 50] : [100];

if (machine === 'broken') {
  console.error(
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that it runs.",
  );
  process.exit(9);
}
if (fields.includes('total_energy_consumption') && machine !== 'counter') {
  console.log('Field "total_energy_consumption" is not a valid field to query.');
  process.exit(2);
}

function stamp() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${day} ${time}.${String(now.getMilliseconds()).padStart(3, '0')}`;
}

function print() {
  gpus.forEach((watts, index) => {
    const values = {
      timestamp: stamp(),
      index,
      name: `NVIDIA Test ${index}`,
      'power.draw': machine === 'silent' ? '[N/A]' : watts.toFixed(2),
      // 100 W since 1970: a counter that grows with the clock.
      total_energy_consumption: Math.round(Date.now() * watts),
    };
    console.log(fields.map((field) => values[field]).join(', '));
  });
}

print();
if (loopMs) {
  if (machine === 'dies') setTimeout(() => process.exit(1), 30);
  setInterval(print, loopMs);
}
