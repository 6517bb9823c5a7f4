import { mean } from 'simple-statistics';
import { loadTariff, priceOf } from '../../src/energy/tariff.js';
import { atLeast, atMost, type Claim, near } from '../../src/index.js';
import { lawsOf } from './laws.js';
import { KINDS, LAWS, type Law } from './plan.js';
import type { NetworkRow } from './run.js';
import { networksOf, priced, type View } from './view.js';

/** A straight line in logarithms, to the r² that was asked of L(D) of a character model before. */
const STRAIGHT = 0.85;

export function claims(view: View): Claim[] {
  return [...learning(view), ...straightness(view), ...accounts(view)];
}

/** More of everything must help, or there is no law to speak of. */
function learning({ metrics }: View): Claim[] {
  return KINDS.flatMap((kind) =>
    LAWS.map((law) => {
      const networks = networksOf(metrics.networks, kind, law);
      return atMost(
        `${kind}, L(${law}): error of the largest over that of the smallest`,
        errorOf(networks, law, Math.max) / errorOf(networks, law, Math.min),
        0.8,
        'a law falls',
      );
    }),
  );
}

function errorOf(networks: readonly NetworkRow[], law: Law, end: (...sizes: number[]) => number): number {
  const sizeOf = ({ units, samples }: NetworkRow) => (law === 'D' ? samples : units);
  const size = end(...networks.map(sizeOf));
  return mean(networks.filter((network) => sizeOf(network) === size).map(({ error }) => error));
}

/** Whether spending operations and joules on training follows a power law. */
function straightness(view: View): Claim[] {
  return lawsOf(view)
    .filter(({ axis }) => axis.law === 'C')
    .map(({ axis, kind, r2 }) =>
      atLeast(
        `${kind}: r² of log error on log ${axis.label}`,
        r2,
        STRAIGHT,
        'a power law is a straight line in logarithms; the bar is that of an earlier measurement',
      ),
    );
}

/** The ledgers against counts on paper. */
function accounts(view: View): Claim[] {
  const [tariff] = view.config.tariffs;
  const networks = priced(view, tariff);
  const dense = networks.find(({ kind }) => kind === 'dense')!;
  const spiking = networksOf(networks, 'spiking', 'N');
  const macs = dense.epochs * dense.samples * dense.units * (2 * 784 + 3 * 10);
  const mac = priceOf(loadTariff(tariff), 'mac');
  const [macFj, quanta] = [mac.status === 'priced' ? mac.price.valueFj : 0, 1e-15];
  return [
    near(
      `dense, ${dense.units} units: multiply-accumulates of the training`,
      dense.trainingOperations,
      macs,
      0,
      'samples · (2 · inputs + 3 · outputs) · units',
    ),
    ...(dense.inference === null || macFj === 0
      ? []
      : [
          near(
            `dense, ${dense.units} units: energy of an image, ${tariff}`,
            dense.inference / (dense.units * 794 * macFj * quanta),
            1,
            1e-9,
            'units · (inputs + outputs) · price of a multiply-accumulate',
          ),
        ]),
    atMost(
      'spiking: synaptic events of an image over synapses, largest',
      Math.max(...spiking.map(({ operations, synapses }) => operations / synapses)),
      1,
      'an input neuron of the latency code spikes at most once an image, and most pixels are dark',
    ),
  ];
}
