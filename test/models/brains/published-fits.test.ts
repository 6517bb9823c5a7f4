import { describe, expect, test } from 'vitest';
import { fitClade, readSpecies, type Structure } from '../../../models/brains/index.js';
import { GROUPS, REFITS, readPublishedExponents } from '../../../models/brains/published.js';
import { name, number, oneOf } from '../../../src/data/column.js';
import { readTable, shippedData, tableSchema } from '../../../src/data/table.js';

const table = readSpecies();

const FITS = tableSchema({
  rows: 112,
  columns: {
    group: name,
    structure: oneOf('brain', 'cortex/pallium', 'cerebellum', 'rest'),
    n: number,
    ols_b: number,
    ols_se: number,
    ols_lo: number,
    ols_hi: number,
    ols_log10a: number,
    r2: number,
    rma_b: number,
    rma_lo: number,
    rma_hi: number,
    rma_log10a: number,
    resid_sd: number,
  },
});

const GROUP_OF: Record<string, keyof typeof GROUPS> = {
  'rodent (HH2015, no naked mole-rat)': 'rodent',
  'rodent (HH2015, all 9+NMR)': 'rodentWithMoleRat',
  'Glires = rodent+rabbit (no naked mole-rat)': 'glires',
  'rodent + Kverkova mole-rats (brain only)': 'rodentWithMoleRats',
  'primate (incl human)': 'primate',
  'primate (excl human)': 'primateWithoutHuman',
  'primate (excl mouse lemur)': 'primateWithoutLemur',
  'primate (excl human & lemur)': 'primateWithoutBoth',
  'simian only (no galago, lemur)': 'simian',
  'songbird (13, Olkowicz)': 'songbird',
  corvid: 'corvid',
  'parrot (11, Olkowicz)': 'parrot',
  'songbird+parrot (24)': 'songbirdAndParrot',
  'other birds (105)': 'otherBird',
  'other bird: Strigiformes': 'owl',
  'other bird: Anseriformes': 'waterfowl',
  'other bird: Galliformes': 'fowl',
  'other bird: Columbiformes': 'pigeon',
  'other bird: Piciformes': 'woodpecker',
  'other bird: Accipitriformes': 'raptor',
  'all birds (129)': 'bird',
  eulipotyphla: 'eulipotyphla',
  artiodactyla: 'artiodactyla',
  afrotheria: 'afrotheria',
  carnivora: 'carnivora',
  marsupial: 'marsupial',
  chiroptera: 'chiroptera',
  'nonprimate eutherian (HH2015; no NMR/giraffe/elephant/treeshrew)': 'otherEutherians',
};

/** Half a unit in the last of four printed decimals. */
const PRINTED = 0.5e-4 + 1e-9;

// Computed independently in Python; every row, least squares and reduced major axis.
describe('fits agree with an independent computation to the printed digits', () => {
  for (const row of readTable(shippedData('fits_computed.csv'), FITS)) {
    test(`${row.group}, ${row.structure}`, () => {
      const structure: Structure = row.structure === 'cortex/pallium' ? 'cortex' : row.structure;
      const group = GROUPS[GROUP_OF[row.group]];
      const { line } = fitClade(table, group, structure).fit;
      const axis = fitClade(table, group, structure, { method: 'reduced major axis' }).fit.line;
      expect(line.n).toBe(row.n);
      expect([
        line.slope.value,
        line.slopeSe,
        line.slope.low,
        line.slope.high,
        line.intercept.value,
        line.r2,
        axis.slope.value,
        axis.slope.low,
        axis.slope.high,
        axis.intercept.value,
        line.residualSd,
      ]).toBeAllclose(
        [
          row.ols_b,
          row.ols_se,
          row.ols_lo,
          row.ols_hi,
          row.ols_log10a,
          row.r2,
          row.rma_b,
          row.rma_lo,
          row.rma_hi,
          row.rma_log10a,
          row.resid_sd,
        ],
        { atol: PRINTED, rtol: 0 },
      );
    });
  }
});

// The regression of mass on neurons, least squares; standard errors as printed in the papers.
describe('published exponents that the table reproduces', () => {
  const published = readPublishedExponents().filter(
    (row) => row.agreement.startsWith('exact') && REFITS[row.id] !== undefined,
  );
  expect(published.length).toBeGreaterThan(15);
  for (const row of published) {
    test(`${row.id}: ${row.clade}, ${row.structure}, b = ${row.exponent_b}`, () => {
      const { group, structure } = REFITS[row.id];
      const { exponent, line } = fitClade(table, group, structure).fit;
      expect(Math.abs(exponent.value - Number(row.exponent_b))).toBeLessThanOrEqual(0.005);
      if (row.uncertainty_type === 'SE')
        expect(Math.abs(line.slopeSe - Number(row.uncertainty))).toBeLessThanOrEqual(0.005);
    });
  }
});

test('coefficients printed beside exponents are reproduced', () => {
  // Herculano-Houzel et al. 2015 and Mota & Herculano-Houzel 2014, both in scaling_exponents.csv.
  const cortex = fitClade(table, GROUPS.primateWithCallimico, 'cortex').fit.line;
  expect(10 ** cortex.intercept.value / 5.674e-9).toBeCloseTo(1, 2);
  const cerebellum = fitClade(table, GROUPS.primate, 'cerebellum').fit.line;
  expect(10 ** cerebellum.intercept.value / 1.084e-9).toBeCloseTo(1, 2);
});

test('the two checks that everything rests on: Glires cortex 1.699, primate cortex 1.087', () => {
  expect([fitClade(table, GROUPS.glires, 'cortex').fit.exponent.value]).toBeAllclose([1.699], {
    atol: 0.005,
    rtol: 0,
  });
  expect([fitClade(table, GROUPS.primateWithCallimico, 'cortex').fit.exponent.value]).toBeAllclose([1.087], {
    atol: 0.005,
    rtol: 0,
  });
});
