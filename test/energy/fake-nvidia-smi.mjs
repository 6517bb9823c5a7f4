// Stands in for nvidia-smi. Its first argument names the machine it plays; the others are those of nvidia-smi.
import { fields, loopMs, print, refuseEnergy } from './nvidia-smi.mjs';

const [, , machine] = process.argv;
const watts = machine === 'two' ? [200, 50] : [100];

if (machine === 'broken') {
  console.error(
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that it runs.",
  );
  process.exit(9);
}
if (fields.includes('total_energy_consumption') && machine !== 'counter') refuseEnergy();

print(() =>
  watts.map((power, index) => ({
    name: `NVIDIA Test ${index}`,
    power: machine === 'silent' ? '[N/A]' : power.toFixed(2),
    // 100 W since 1970: a counter that grows with the clock.
    energy: Math.round(Date.now() * power),
  })),
);
if (loopMs && machine === 'dies') setTimeout(() => process.exit(1), 30);
