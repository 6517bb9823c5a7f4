import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/experiment/config.js';
import type { RunContext } from '../../src/experiment/define.js';
import { experimentNames, findExperiment } from '../../src/experiment/find.js';
import { hostFacts, type Manifest } from '../../src/experiment/manifest.js';
import { resultsOf } from '../../src/experiment/results.js';
import { expectation } from '../../src/report/claim-text.js';
import { readCourse } from '../../src/report/course.js';
import { html, raw } from '../../src/report/html.js';
import { indexPage } from '../../src/report/index-page.js';
import { commandLine, reportPage } from '../../src/report/report-page.js';
import { tableCsv } from '../../src/report/table-csv.js';
import { tableHtml } from '../../src/report/table-html.js';

async function aReport(preset: 'quick' | 'default') {
  const found = await findExperiment('lif-fi');
  const config = resolveConfig(found.experiment, preset);
  const { metrics } = await found.experiment.run(config, {} as RunContext);
  const view = { config, preset, seeds: [1], metrics, ledgers: [] };
  const manifest: Manifest = {
    format: 'femtospike-run-1',
    state: 'finished',
    experiment: { id: 'lif-fi', title: found.experiment.title, file: null },
    preset,
    seed: 1,
    seeds: [1],
    threads: 2,
    backend: { asked: 'auto', used: null },
    configHash: 'abc',
    command: ['femtospike', 'run', 'lif-fi', '--set', 'driveMv=1,2'],
    ...hostFacts(),
    started: '2026-01-02T03:04:05.678Z',
    durationsS: { run: 65 },
    measuredJoules: {
      cpu: { joules: 12.5, errorJoules: 0.5, seconds: 65, source: 'RAPL', resolution: '61 µJ' },
      gpu: { joules: null, reason: 'no NVIDIA <driver>' },
    },
    recorded: {},
  };
  const results = resultsOf(found, view);
  return {
    manifest,
    results,
    found,
    page: reportPage({ experiment: found.experiment, view, manifest, results }),
  };
}

describe('reportPage', () => {
  test('holds question, prediction, finding, figures, tables, claims, caveats, command and facts', async () => {
    const { page, found, results } = await aReport('default');
    const { document } = parseHTML(page);
    const text = document.querySelector('main')!.textContent!.replace(/\s+/g, ' ');
    for (const part of [
      found.experiment.question,
      found.experiment.prediction,
      results.finding,
      ...results.caveats,
    ])
      expect(text).toContain(part);
    expect(document.querySelectorAll('figure svg[role=img]')).toHaveLength(2);
    expect(document.querySelectorAll('figure figcaption')).toHaveLength(2);
    expect(text).toContain('femtospike run lif-fi --set driveMv=1,2');
    expect(text).toContain('12.50 ± 0.50 J (RAPL');
    expect(text).toContain('no joules: no NVIDIA <driver>');
    expect(text).toContain('1 min 05 s');
    expect(document.querySelectorAll('.pass')).toHaveLength(3);
    expect(text).not.toContain('A sketch');
  });

  test('shows nothing of the result before the prediction is made, and all of it on paper', async () => {
    const { page } = await aReport('default');
    const { document } = parseHTML(page);
    const result = document.querySelector('.result')!;
    for (const part of ['figure', '.finding', '.pass']) {
      expect(document.querySelectorAll(part).length).toBe(result.querySelectorAll(part).length);
    }
    const [screen, print] = page.split('@media print');
    expect(screen).toContain('main:not(:has(#reveal:checked)) .result { display: none; }');
    expect(print).toContain('main:not(:has(#reveal:checked)) .result { display: block; }');
  });

  test('needs nothing from outside: no script, no link, no image, no import', async () => {
    const { page } = await aReport('default');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\((?!#)|src=/i);
    expect(page.match(/https?:\/\/[^"\s]+/g)?.filter((url) => !url.startsWith('http://www.w3.org/'))).toEqual(
      [],
    );
  });

  test('gives no two elements the same id', async () => {
    const { page } = await aReport('default');
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says that a quick run is a sketch', async () => {
    expect((await aReport('quick')).page).toContain('A sketch: made with');
  });
});

test('the index page links every run, newest first, and tells no finding', async () => {
  const { manifest, results, found } = await aReport('quick');
  const entry = (time: string) => ({
    folder: `/out/lif-fi/${time}-a b`,
    manifest: { ...manifest, started: `${time}:00.000Z` },
    experiment: found.experiment,
    results,
  });
  const page = indexPage([entry('2026-01-01T10:00'), entry('2026-01-02T10:00')], '/out');
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
  expect(links.filter((href) => !href.startsWith('#'))).toEqual([
    'lif-fi/2026-01-02T10%3A00-a%20b/report.html',
    'lif-fi/2026-01-01T10%3A00-a%20b/report.html',
  ]);
  expect(page).toContain('3 of 3');
  expect(page).not.toContain(results.finding);
});

test('the index page is a course: lessons in order, their questions, and the experiments of no lesson at the end', async () => {
  const { manifest, results, found } = await aReport('quick');
  const entry = (id: string) => ({
    folder: `/out/${id}/1`,
    manifest,
    experiment: { id, title: `Title of ${id}`, question: 'Why?' },
    results,
  });
  const course = [
    { title: 'First', text: 'About.', questions: ['What if?'], experiments: ['b', 'a', 'never-run'] },
    { title: 'Second', text: 'Then.', questions: [], experiments: [] },
  ];
  const page = indexPage([entry('own'), entry('a'), entry('b')], '/out', course);
  const { document } = parseHTML(page);
  const headings = [...document.querySelectorAll('h2, h3')].map((heading) => heading.textContent);
  expect(headings).toEqual([
    '1. First',
    'Title of b',
    'Title of a',
    '2. Second',
    'More experiments',
    'Title of own',
  ]);
  expect(document.querySelector('#lesson-1 .questions')!.textContent).toContain('What if?');
  expect(page).not.toContain('never-run');
  expect(found.experiment.id).toBe('lif-fi');
});

test('the course names no experiment twice, and every experiment of the package', () => {
  const named = readCourse().flatMap(({ experiments }) => experiments);
  expect(new Set(named).size).toBe(named.length);
  expect(experimentNames().filter((name) => !named.includes(name))).toEqual([]);
});

describe('texts', () => {
  test('html escapes what is not HTML', () => {
    expect(
      html`<p title="${'"\''}">${'<b>&'}${raw('<i>')}${['a', html`<br>`]}${null}${false}${0}</p>`.text,
    ).toBe('<p title="&#34;&#39;">&#60;b&#62;&#38;<i>a<br>0</p>');
  });

  test.each([
    [{ expected: 1.699, tolerance: 0.005 }, '1.699 ± 0.005'],
    [{ expected: 97.5, tolerance: 0, bound: 'at least', unit: '%' }, '≥ 97.5 %'],
    [{ expected: 1, tolerance: 0.01, bound: 'at most', unit: 'steps' }, '≤ 1 + 0.01 steps'],
    [{ expected: 0, tolerance: 0 }, '0'],
    [{ expected: 1.5e-9, tolerance: 0 }, '1.5e-9'],
    [{ expected: 120, tolerance: 0 }, '120'],
  ] as const)('a claim expects %o: %s', (claim, text) => {
    expect(expectation({ name: '', value: 0, source: '', ...claim })).toBe(text);
  });

  test('a command can be pasted into a shell', () => {
    expect(commandLine(['run', 'a b', "it's", '--set', 'k=1,2', '$HOME'])).toBe(
      "run 'a b' 'it'\\''s' --set k=1,2 '$HOME'",
    );
  });
});

describe('tables', () => {
  const table = {
    name: 't',
    title: 'T & t',
    columns: [
      { key: 'clade', label: 'clade' },
      { key: 'mass', label: 'brain mass', unit: 'g', digits: 3 },
    ],
    rows: [
      { clade: 'rodent, "big"', mass: 1.23456789 },
      { clade: '<b>', mass: null },
    ],
  };

  test('as CSV hold every digit, quotes where needed, and nothing for null', () => {
    expect(tableCsv(table)).toBe('clade,brain mass (g)\n"rodent, ""big""",1.23456789\n<b>,\n');
  });

  test('that are long show their first rows in HTML and all in CSV', () => {
    const long = { ...table, rows: Array.from({ length: 500 }, (_, mass) => ({ clade: 'a', mass })) };
    const { document } = parseHTML(tableHtml(long).text);
    expect(document.querySelectorAll('tbody tr')).toHaveLength(200);
    expect(document.querySelector('p')!.textContent).toBe('The first 200 of 500 rows; all are in t.csv.');
    expect(tableCsv(long).trim().split('\n')).toHaveLength(501);
  });

  test('with filters hide, by style alone, the rows that carry another value', () => {
    const { document } = parseHTML(tableHtml({ ...table, filters: [{ key: 'clade', label: 'clade' }] }).text);
    const labels = [...document.querySelectorAll('label')].map((label) => label.textContent);
    expect(labels).toEqual(['all (2)', 'rodent, "big" (1)', '<b> (1)']);
    const radios = [...document.querySelectorAll('input')];
    expect(new Set(radios.map((radio) => radio.getAttribute('name'))).size).toBe(1);
    expect(radios.map((radio) => radio.hasAttribute('checked'))).toEqual([true, false, false]);
    const style = document.querySelector('style')!.textContent!;
    for (const [i, row] of [...document.querySelectorAll('tbody tr')].entries()) {
      const mark = row.getAttribute('data-clade');
      expect(style).toContain(
        `:has(#${radios[i + 1].id}:checked) tbody tr:not([data-clade="${mark}"]) { display: none; }`,
      );
    }
  });

  test('as HTML round to the digits asked for and align numbers', () => {
    const { document } = parseHTML(tableHtml(table).text);
    const cells = [...document.querySelectorAll('td')].map((cell) => [cell.className, cell.textContent]);
    expect(cells).toEqual([
      ['short', 'rodent, "big"'],
      ['number', '1.23'],
      ['short', '<b>'],
      ['number', '–'],
    ]);
  });
});
