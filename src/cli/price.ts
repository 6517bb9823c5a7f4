import { basename, dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { quantileSorted } from 'simple-statistics';
import {
  type Bill,
  energyPerInferenceFj,
  makeBill,
  reasonsOf,
  TRAINING,
  trainingEnergyFj,
} from '../energy/bill.js';
import { synapsesOf } from '../energy/counts.js';
import type { EnergyFj } from '../energy/exact.js';
import { type Ledger, PHASES } from '../energy/ledger.js';
import { synapseEnergies } from '../energy/synapses.js';
import { listTariffs, loadTariff, type Tariff } from '../energy/tariff.js';
import type { Table } from '../experiment/define.js';
import { type ShapedArray, writeNpz } from '../experiment/npz.js';
import { ledgersOf, readRun } from '../experiment/read-run.js';
import { writeFiles } from '../experiment/run-folder.js';
import { UsageError } from '../util/errors.js';
import { prettyJson } from '../util/json.js';
import { textTable } from './text-table.js';

interface PriceOptions {
  tariff?: string;
  synapses?: string;
  json?: boolean;
}

/** `femtospike price RUN --tariff NAME`: what the networks of a finished run cost under another tariff. */
export function priceCommand(): Command {
  return new Command('price')
    .description('price the ledger of a finished run, without running it again')
    .argument('<run>', 'run folder')
    .option('--tariff <name>', 'name of a tariff, or path of a JSON file of your own')
    .option('--synapses <file>', 'write the energy of every synapse into this .npz file')
    .option('--json', 'print one JSON document')
    .action((given: string, { tariff: name, synapses, json }: PriceOptions) => {
      const run = readRun(given);
      const ledgers = ledgersOf(run);
      if (ledgers.length === 0)
        throw new UsageError(
          'it holds no ledger: this experiment counts no energy',
          run.folder,
          'Price another run',
        );
      if (name === undefined) throw noTariff();
      const tariff = loadTariff(name);
      const priced = ledgers.map((ledger) => ({ ledger, bill: makeBill(ledger, tariff) }));
      if (synapses !== undefined) writeSynapses(synapses, ledgers, tariff);
      process.stdout.write(json ? prettyJson(asJson(tariff, priced)) : asText(tariff, priced));
    });
}

function noTariff(): UsageError {
  const names = listTariffs().map((tariff) => tariff.name);
  return new UsageError('no tariff is named', '--tariff', `Choose one of ${names.join(', ')}, or a file`);
}

interface Priced {
  ledger: Ledger;
  bill: Bill;
}

function asJson(tariff: Tariff, priced: readonly Priced[]) {
  return {
    tariff: tariff.name,
    title: tariff.title,
    basis: tariff.basis,
    unit: 'fJ',
    networks: priced.map(({ ledger, bill }) => ({
      network: ledger.network,
      labels: ledger.labels,
      inferences: ledger.inferences,
      trainingSamples: ledger.trainingSamples,
      perInference: energyPerInferenceFj(bill),
      training: trainingEnergyFj(bill),
      layers: ledger.layers.map((layer, l) => ({
        name: layer.name,
        synapses: synapsesOf(layer),
        perInference: energyPerInferenceFj(bill, { layer: l }),
        training: trainingEnergyFj(bill, { layer: l }),
        perSynapseOfTraining:
          ledger.trainingSamples === 0
            ? null
            : spreadOf(synapseEnergies(layer, tariff, { phases: TRAINING })?.energyFj),
      })),
      notPriced: reasonsOf(bill, 'not priced'),
      leftAtZero: reasonsOf(bill, 'zero'),
    })),
  };
}

/** How the energies of the synapses of a layer lie, from the least to the most. */
function spreadOf(energiesFj: Float64Array | undefined) {
  if (energiesFj === undefined || energiesFj.length === 0) return null;
  const sorted = Array.from(energiesFj.slice().sort());
  const quantile = (share: number) => quantileSorted(sorted, share);
  return {
    min: sorted[0],
    q25: quantile(0.25),
    median: quantile(0.5),
    q75: quantile(0.75),
    max: sorted.at(-1),
  };
}

function asText(tariff: Tariff, priced: readonly Priced[]): string {
  const rows = priced.flatMap(({ ledger, bill }) => [
    row(ledger.network, 'all', energyPerInferenceFj(bill), trainingEnergyFj(bill)),
    ...ledger.layers.map((layer, l) =>
      row('', layer.name, energyPerInferenceFj(bill, { layer: l }), trainingEnergyFj(bill, { layer: l })),
    ),
  ]);
  const notes = [...notesOn(priced, 'not priced'), ...notesOn(priced, 'zero')];
  return `${tariff.title} (${tariff.name}; basis: ${tariff.basis})\n\n${textTable({ columns: COLUMNS, rows })}\n${
    notes.length > 0 ? `\n${notes.join('')}` : ''
  }`;
}

/** A line for each unit of work that was done and has no price, or is left at zero, with the reason. */
function notesOn(priced: readonly Priced[], status: 'not priced' | 'zero'): string[] {
  const reasons = new Map(
    priced.flatMap(({ bill }) => reasonsOf(bill, status).map(({ unit, reason }) => [unit, reason] as const)),
  );
  return [...reasons].map(([unit, reason]) => `${unit}: ${status} because ${reason}\n`);
}

const COLUMNS: Table['columns'] = [
  { key: 'network', label: 'network' },
  { key: 'layer', label: 'layer' },
  { key: 'inference', label: 'per inference', unit: 'fJ' },
  { key: 'inferenceLow', label: 'low', unit: 'fJ' },
  { key: 'inferenceHigh', label: 'high', unit: 'fJ' },
  { key: 'training', label: 'training', unit: 'fJ' },
  { key: 'trainingLow', label: 'low', unit: 'fJ' },
  { key: 'trainingHigh', label: 'high', unit: 'fJ' },
];

function row(network: string, layer: string, inference: EnergyFj | null, training: EnergyFj | null) {
  return {
    network,
    layer,
    inference: inference?.valueFj ?? null,
    inferenceLow: inference?.lowFj ?? null,
    inferenceHigh: inference?.highFj ?? null,
    training: training?.valueFj ?? null,
    trainingLow: training?.lowFj ?? null,
    trainingHigh: training?.highFj ?? null,
  };
}

/** Writes an array networkN.layerL.PHASEFj (sources × targets, or one behind the other; fJ) for each phase that the tariff prices. */
function writeSynapses(given: string, ledgers: readonly Ledger[], tariff: Tariff): void {
  const arrays: Record<string, ShapedArray> = {};
  for (const [n, ledger] of ledgers.entries())
    for (const [l, layer] of ledger.layers.entries())
      for (const phase of PHASES) {
        const all = layer.outDegrees === undefined;
        const shape = all ? [layer.sources, layer.targets] : [synapsesOf(layer)];
        const energies = synapseEnergies(layer, tariff, { phases: [phase] });
        if (energies !== null)
          arrays[`network${n}.layer${l}.${phase}Fj`] = { data: energies.energyFj, shape };
      }
  const path = resolve(given);
  try {
    writeFiles(dirname(path), new Map([[basename(path), writeNpz(arrays)]]));
  } catch (error) {
    const what = `'${path}' cannot be written (${(error as Error).message})`;
    throw new UsageError(what, '--synapses', 'Choose a file in a folder that you may write to');
  }
}
