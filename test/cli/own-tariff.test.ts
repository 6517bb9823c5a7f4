import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { afterAll, expect, test } from 'vitest';
import { loadTariff, type Tariff } from '../../src/energy/tariff.js';
import { emptyFolder, femtospike, inProcess } from './command-line.js';

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUN = ['run', 'brain-race', '--quick', '--tariff', './mine.json'];
/** As little as a race can be: what is tested is the tariff. */
const SMALL = ['massesG=2', 'clades=rodent', 'samples=100', 'epochs=1', 'denseEpochs=1'];

/** A chip on which a spike at a synapse costs `valueFj` and nothing else does. */
function chip(valueFj: number): Tariff {
  const { prices, ...loihi } = structuredClone(loadTariff('loihi'));
  const [transmission, ...others] = prices.filter(({ unit }) => unit !== 'weightWrite');
  const zero = Object.fromEntries(others.map(({ unit }) => [unit, 'it is a chip of thought']));
  return {
    ...loihi,
    name: 'mine',
    title: 'A chip of my own',
    prices: [{ ...transmission, valueFj, lowFj: null, highFj: null, from: undefined }],
    zero: { ...loihi.zero, ...zero },
    notPriced: { ...loihi.notPriced, weightWrite: 'it does not learn' },
  };
}

test("a tariff of one's own prices a race in an empty folder; at twice the price it costs twice as much", async () => {
  const write = (valueFj: number) => writeFileSync(join(folder, 'mine.json'), JSON.stringify(chip(valueFj)));
  write(1000);
  const { code, stderr } = await femtospike([...RUN, '--set', ...SMALL], folder);
  // The claims of so short a training may fail; the run itself may not.
  expect([0, 1], stderr).toContain(code);
  const [name, ...others] = readdirSync(join(folder, 'runs', 'brain-race'));
  expect(others).toEqual([]);
  const run = join('runs', 'brain-race', name);
  expect(readFileSync(join(folder, run, 'report.html'), 'utf8')).toContain('./mine.json');
  const rows = csvParse(readFileSync(join(folder, run, 'bills.csv'), 'utf8'));
  const bill = rows.find(({ tariff, network }) => tariff === './mine.json' && network === 'spiking')!;
  const once = Number(bill['an image (pJ)']) * 1000;
  expect(once).toBeGreaterThan(0);

  write(2000);
  const priced = await inProcess(['price', run, '--tariff', './mine.json', '--json'], folder);
  const { tariff, networks } = JSON.parse(priced.stdout);
  expect(tariff).toBe('mine');
  const spiking = networks.find(({ labels }: { labels: { kind: string } }) => labels.kind === 'spiking');
  expect(spiking.perInference.valueFj / once).toBeCloseTo(2, 9);
}, 120_000);

test.each<[string, string | null, RegExp]>([
  ['that is not there', null, /^femtospike: \.\/mine\.json: there is no such tariff file\./],
  ['that is no JSON', '{ "name": "mine", ', /^femtospike: \.\/mine\.json: it cannot be read as JSON/],
  ['that is empty', '', /^femtospike: \.\/mine\.json: it cannot be read as JSON/],
  ['that is a list', '[]', /^femtospike: \.\/mine\.json: .*expected object/],
  [
    'with a price below nothing',
    JSON.stringify(chip(-1)),
    /^femtospike: \.\/mine\.json prices\.0\.valueFj: is negative/,
  ],
  [
    'without a source',
    JSON.stringify({ ...chip(1), prices: [{ ...chip(1).prices[0], source: undefined }] }),
    /^femtospike: \.\/mine\.json prices\.0\.source: /,
  ],
  [
    'of an unknown basis',
    JSON.stringify({ ...chip(1), basis: 'hope' }),
    /^femtospike: \.\/mine\.json basis: /,
  ],
  [
    'that forgets a unit of work',
    JSON.stringify({ ...chip(1), notPriced: {} }),
    /^femtospike: \.\/mine\.json \w+: stands nowhere; every unit of work stands once/,
  ],
  [
    'with low above the value',
    JSON.stringify({ ...chip(1), prices: [{ ...chip(1).prices[0], lowFj: 2 }] }),
    /^femtospike: \.\/mine\.json prices\.0\.lowFj: is above valueFj/,
  ],
])('a tariff %s is refused in one line, and leaves no folder', async (_, content, line) => {
  const here = emptyFolder();
  try {
    if (content !== null) writeFileSync(join(here, 'mine.json'), content);
    const { code, stdout, stderr } = await inProcess([...RUN, '--set', ...SMALL], here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(here)).toEqual(content === null ? [] : ['mine.json']);
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
});

test('a folder in the place of a tariff is refused in one line', async () => {
  const here = emptyFolder();
  mkdirSync(join(here, 'mine.json'));
  const { code, stderr } = await inProcess([...RUN, '--set', ...SMALL], here);
  rmSync(here, { recursive: true, force: true });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^femtospike: \.\/mine\.json: it cannot be read as JSON \(EISDIR.*\n$/);
});
