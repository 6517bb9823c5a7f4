import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import { explain, tariffList, tariffsCommand } from '../../src/cli/tariffs.js';
import { UNITS } from '../../src/energy/counts.js';
import { listTariffs, loadTariff, parseTariff, tariffNames } from '../../src/energy/tariff.js';
import { UsageError } from '../../src/util/errors.js';

afterEach(() => vi.restoreAllMocks());

/** What the command line prints on stdout. */
async function output(...args: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const program = new Command('femtospike').addCommand(tariffsCommand());
  await program.parseAsync(args, { from: 'user' });
  vi.restoreAllMocks();
  return written.join('');
}

test('tariffs lists every tariff with its basis on one line', async () => {
  const lines = (await output('tariffs')).split('\n');
  for (const { name, basis } of listTariffs()) {
    expect(lines.filter((line) => line.startsWith(`${name} `) && line.includes(basis))).toHaveLength(1);
  }
});

test('tariffs --json is one document with all of them', async () => {
  const document: { name: string }[] = JSON.parse(await output('tariffs', '--json'));
  expect(document.map(({ name }) => name)).toEqual(tariffNames());
});

test.each(tariffNames())(
  'tariffs show %s explains every unit, with source, and zeros with the reason',
  async (name) => {
    const text = await output('tariffs', 'show', name);
    const tariff = loadTariff(name);
    for (const unit of UNITS) expect(text).toContain(`\n${unit}: `);
    for (const price of tariff.prices) expect(text).toContain(price.source);
    for (const reason of Object.values(tariff.zero)) expect(text).toContain(`zero because ${reason}`);
    for (const reason of Object.values(tariff.notPriced))
      expect(text).toContain(`not priced because ${reason}`);
  },
);

test.each([60, 80])('in %d columns no line of any list or explanation is longer', (columns) => {
  const tariffs = listTariffs();
  const texts = [tariffList(tariffs, columns), ...tariffs.map((tariff) => explain(tariff, columns))];
  for (const text of texts)
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
  for (const { name } of tariffs) expect(texts[0]).toContain(`${name}, `);
});

test('tariffs show --json prints a file that can be read again', async () => {
  const content = JSON.parse(await output('tariffs', 'show', '45nm-fp32', '--json'));
  expect(parseTariff(content, 'again.json')).toEqual(loadTariff('45nm-fp32'));
});

test('tariffs show of an unknown name is a usage error', async () => {
  await expect(output('tariffs', 'show', 'dodo')).rejects.toThrow(UsageError);
});

test.each([
  [['tariffs'], 0],
  [['tariffs', 'show', 'dodo'], 2],
  [['tariffs', 'show'], 2],
  [['tariffs', 'show', '--colour', 'loihi'], 2],
])('femtospike %j exits with %d and one line on stderr at most', async (args, code) => {
  const errors: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((...given: unknown[]) => {
    const done = given.at(-1);
    if (typeof done === 'function') done();
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
  expect(await runCommandLine(args)).toBe(code);
  expect(errors.join('').split('\n').length - 1).toBe(code === 0 ? 0 : 1);
});
