import { median } from 'simple-statistics';
import { exactEnergy } from '../../src/energy/bill.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { Claim } from '../../src/index.js';
import { billOf, type Kind, referenceNetworks, tariffsOf, type View } from './view.js';

export function claims(view: View): Claim[] {
  return [...exponents(view), conservation(view), ...accuracies(view)];
}

/** Published exponents, given again by our fit of the same animals. */
function exponents({ metrics }: View): Claim[] {
  return metrics.exponentChecks.map(({ name, published, ours, tolerance, source }) => ({
    name,
    value: ours,
    expected: published,
    tolerance,
    source,
  }));
}

/** Every joule has an address: synapses add up to layers, and layers to the network, to the last bit. */
function conservation(view: View): Claim {
  return {
    name: 'Networks whose synapses or layers do not add up to their bill',
    value: view.ledgers.filter((ledger) => !tariffsOf(view).every((tariff) => addsUp(ledger, tariff))).length,
    expected: 0,
    tolerance: 0,
    source: 'Exact integer arithmetic (src/energy/exact.ts)',
  };
}

function addsUp(ledger: Ledger, name: string): boolean {
  const bill = billOf(ledger, name);
  const phases = ['inference'] as const;
  const total = exactEnergy(bill, { phases });
  if (!total) return true;
  const layers = ledger.layers.map((_, layer) => exactEnergy(bill, { layer, phases })!.value);
  const synapses = ledger.layers.map((layer) => synapseEnergies(layer, loadTariff(name), { phases })!.total);
  const sum = (parts: bigint[]) => parts.reduce((all, part) => all + part, 0n);
  return sum(layers) === total.value && sum(synapses) === total.value;
}

/** Networks of published size on all of MNIST. */
function accuracies(view: View): Claim[] {
  const { data } = view.metrics;
  const comparable = data.name === 'MNIST' && data.train === 60_000;
  const claim = (kind: Kind, percent: number, source: string): Claim[] => {
    const networks = referenceNetworks(view, kind);
    if (networks.length === 0 || !comparable) return [];
    return [
      {
        name: `Median test accuracy of ${networks.length} ${kind} networks of ${networks[0].units} hidden units`,
        value: 100 * median(networks.map(({ accuracy }) => accuracy)),
        expected: percent,
        tolerance: 0,
        bound: 'at least',
        unit: '%',
        source,
      },
    ];
  };
  return [
    ...claim(
      'spiking',
      97.5,
      'Wunderlich & Pehle 2021, 97.6 ± 0.1 % with 350 hidden units (recalled, not read), doi 10.1038/s41598-021-91786-z',
    ),
    ...claim('dense', 98, "This project's bar for a fair rival"),
  ];
}
