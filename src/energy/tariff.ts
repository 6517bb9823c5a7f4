import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../util/closest.js';
import { UsageError } from '../util/errors.js';
import { packageRoot } from '../util/package-root.js';
import { UNITS, type Unit } from './counts.js';

/** What a price includes. Energies of different bases are different things and are never added. */
export const BASES = {
  'marginal ATP': 'free energy of the ATP that one more event costs a living cell',
  signalling: 'ATP of all signalling of a living tissue, resting cost included, divided by its events',
  'all-in': 'all power of a living brain divided by its synaptic events, whatever the power was for',
  'whole animal': 'energy that an animal lost, inferred from its behaviour',
  chip: 'a whole event on a neuromorphic chip, as its makers report it',
  device: 'one device alone: no wires, no periphery, no chip around it',
  arithmetic: 'the arithmetic circuit alone: no memory, no control, no clock',
  'arithmetic and memory': 'the arithmetic circuit and the fetch of its weight from the memory named',
  peak: 'board power divided by the peak rate of its arithmetic: a lower bound that no program reaches',
  utilised: 'board power divided by a stated part of the peak rate',
  facility: 'as utilised or peak, with cooling, hosts and power supply of the building',
  assumed: "the author's own assumption",
} as const;
export type Basis = keyof typeof BASES;

/** Smallest price above zero, in fJ: below it a bill would not be exact (see bill.ts). */
const SMALLEST_PRICE_FJ = 2 ** -52;
const LARGEST_PRICE_FJ = 1e24;

const priceFj = z
  .number()
  .max(LARGEST_PRICE_FJ, `is above ${LARGEST_PRICE_FJ} fJ`)
  .refine((value) => value === 0 || value >= SMALLEST_PRICE_FJ, 'is negative or below 2^-52 fJ');

const text = z.string().trim().min(1);

const priceSchema = z
  .strictObject({
    unit: z.enum(UNITS),
    valueFj: priceFj,
    lowFj: priceFj.nullable().describe('null: the source gives no lower end, the value stands for it'),
    highFj: priceFj.nullable(),
    conditions: text,
    source: text,
    doi: text.nullable(),
    confidence: z.enum(['read', 'secondary', 'recalled']),
    from: z.array(z.strictObject({ row: text, times: z.number().positive() })).optional(),
  })
  .refine((price) => (price.lowFj ?? price.valueFj) <= price.valueFj, {
    path: ['lowFj'],
    message: 'is above valueFj',
  })
  .refine((price) => (price.highFj ?? price.valueFj) >= price.valueFj, {
    path: ['highFj'],
    message: 'is below valueFj',
  });

const reasons = z.partialRecord(z.enum(UNITS), text);

const tariffSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'is not made of small letters, digits, dots and hyphens'),
    title: text,
    basis: z.enum(Object.keys(BASES) as [Basis, ...Basis[]]),
    substrate: text,
    note: text.optional(),
    prices: z.array(priceSchema).min(1),
    zero: reasons,
    notPriced: reasons,
  })
  .superRefine((tariff, context) => {
    for (const unit of UNITS) {
      const places = [
        ...tariff.prices.filter((price) => price.unit === unit).map(() => 'prices'),
        ...(unit in tariff.zero ? ['zero'] : []),
        ...(unit in tariff.notPriced ? ['notPriced'] : []),
      ];
      if (places.length === 1) continue;
      const found = places.length === 0 ? 'nowhere' : `in ${places.join(' and ')}`;
      context.addIssue({
        code: 'custom',
        path: [unit],
        message: `stands ${found}; every unit of work stands once, in prices, zero or notPriced`,
      });
    }
  });

/**
 * What one unit of work costs, in fJ.
 *
 * `from` says how valueFj was made: Σ times × the row's energy in fJ, rows of experiments/data/.
 * `confidence`: whether the number was read in the source itself, in a secondary source, or recalled.
 */
export type Price = z.output<typeof priceSchema>;

/**
 * Prices of one substrate on one basis. Every unit of work stands in exactly one of
 * - `prices`;
 * - `zero`: costs nothing on this basis, because …;
 * - `notPriced`: the substrate does not do such work or nobody has said what it costs, because …. A bill for
 *   such work has no total; it is never taken for zero.
 */
export type Tariff = z.output<typeof tariffSchema>;

/** The folder of the tariffs that come with femtospike. */
export function tariffFolder(): string {
  return join(packageRoot(), 'src', 'energy', 'tariffs');
}

/** Names of the tariffs that come with femtospike, in alphabetical order. */
export function tariffNames(): string[] {
  return readdirSync(tariffFolder())
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** All tariffs that come with femtospike. */
export function listTariffs(): Tariff[] {
  return tariffNames().map((name) => loadTariff(name));
}

/**
 * Reads a tariff: one that comes with femtospike, by name, or a user's own file, by its path
 * (anything with a slash or the ending .json).
 * @throws UsageError that names the file, the key and what to do.
 */
export function loadTariff(nameOrPath: string): Tariff {
  const isPath = /[/\\]|\.json$/.test(nameOrPath);
  const path = isPath ? nameOrPath : join(tariffFolder(), `${nameOrPath}.json`);
  if (!existsSync(path)) {
    throw new UsageError(
      isPath ? 'there is no such tariff file' : `there is no tariff '${nameOrPath}'`,
      isPath ? path : '--tariff',
      `${didYouMean(nameOrPath, tariffNames())}Known tariffs: ${tariffNames().join(', ')}. A file of your own is given by its path.`,
    );
  }
  return parseTariff(readJson(path), path);
}

/** Checks what was read from a tariff file. `path` only serves the messages. */
export function parseTariff(content: unknown, path: string): Tariff {
  const result = tariffSchema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue.path.length > 0 ? ` ${issue.path.join('.')}` : '';
  throw new UsageError(
    `${issue.message}${result.error.issues.length > 1 ? ` (and ${result.error.issues.length - 1} more)` : ''}`,
    `${path}${key}`,
    "'femtospike tariffs show 45nm-fp32 --json' prints a tariff to start from.",
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `it cannot be read as JSON (${error instanceof Error ? error.message : error})`,
      path,
      'Mend the file, or name another tariff.',
    );
  }
}

/** The price of a unit of work, or why it has none. */
export function priceOf(
  tariff: Tariff,
  unit: Unit,
):
  | { status: 'priced'; price: Price }
  | { status: 'zero'; reason: string }
  | { status: 'not priced'; reason: string } {
  const price = tariff.prices.find((candidate) => candidate.unit === unit);
  if (price) return { status: 'priced', price };
  const reason = tariff.zero[unit];
  if (reason !== undefined) return { status: 'zero', reason };
  return { status: 'not priced', reason: tariff.notPriced[unit] ?? 'the tariff does not name it' };
}
