import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chart } from '../../bench/report/chart.ts';
import { digits, percent, times } from '../../bench/report/figures.ts';
import { fullTables, summary, withFigures } from '../../bench/report/markdown.ts';
import { reportTable, targetTable } from '../../bench/report/table.ts';
import { judge } from '../../bench/targets.ts';
import { reportOf, resultsOf } from './reports.ts';

const RESULTS = [
  ...resultsOf(
    {
      farthing: [
        { rate: 5_000, serverCpuUs: 51.2, p50Ms: 0.1234, p99Ms: 3, p999Ms: 4 },
        { rate: 4_000, serverCpuUs: 50, p50Ms: 0.1, p99Ms: 3, p999Ms: 4 },
      ],
      'farthing-noble': [{ rate: 40 }, { rate: 41 }],
      tls: [
        { rate: 1_000, serverCpuUs: 200 },
        { rate: 1_000, serverCpuUs: 210 },
      ],
    },
    { name: 'handshake', title: 'connect & <shake> | hands', unit: 'handshakes/s' },
  ),
  ...resultsOf({ farthing: [{ rate: 4_000 }], plain: [{ rate: 1_000 }] }, { name: 'lone', better: 'less' }),
];
const REPORT = reportOf(RESULTS);
const VERDICTS = judge(RESULTS);
const NO_NUMBER = /NaN|Infinity|undefined|null/;

test('figures: three digits, never in powers of ten; a dash for none', () => {
  assert.deepEqual([0.012345, 1.234, 123.4, 12_345, 1e9].map(digits), [
    '0.0123',
    '1.23',
    '123',
    '12,300',
    '1,000,000,000',
  ]);
  assert.deepEqual([0.0488, 0.85, 4.06, 12.34, 123.4].map(times), [
    '0.049×',
    '0.85×',
    '4.06×',
    '12.3×',
    '123×',
  ]);
  assert.deepEqual([digits(null), times(null), percent(null), percent(0.126)], ['–', '–', '–', '13 %']);
});

describe('the table for a terminal', () => {
  const lines = reportTable(REPORT).split('\n');

  test('is at most 100 columns wide, aligned, and marks the reference', () => {
    const from = lines.indexOf('handshake: connect & <shake> | hands');
    assert.deepEqual(lines.slice(from, from + 6), [
      'handshake: connect & <shake> | hands',
      '  handshakes/s',
      '                   rate  spread  CPU µs  p50 ms  p99 ms   ratio  CPU ratio',
      '  farthing        4,500    22 %    50.6   0.112       3   4.50×      4.05×',
      '  farthing-noble   40.5     2 %       –       –       –  0.041×          –',
      '* tls             1,000     0 %     205       –       –   1.00×      1.00×',
    ]);
    for (const line of lines.slice(from)) {
      assert.ok(line.length <= 100, line);
    }
  });

  test('leaves out columns without figures, and says where less is better', () => {
    const from = lines.indexOf('lone: do something');
    assert.deepEqual(lines.slice(from + 1, from + 5), [
      '  somethings/s, less is better',
      '             rate',
      '  farthing  4,000',
      '  plain     1,000',
    ]);
  });

  test('says what was left out, and shows only numbers', () => {
    assert.equal(lines.at(-1), 'some: without pgbench: not on <this> machine');
    assert.doesNotMatch(lines.join('\n'), NO_NUMBER);
  });

  test('has those targets that were measured', () => {
    assert.deepEqual(
      targetTable(VERDICTS)
        .split('\n')
        .filter((line) => line.startsWith('handshake')),
      [
        'handshake, against node:tls: rate                                4.50×      –  ≥ 4.00×  met',
        'handshake, against node:tls: server CPU                          4.05×  4.50×  ≥ 4.00×  met',
      ],
    );
    assert.equal(targetTable(judge([])), '');
  });
});

describe('Markdown', () => {
  test('shows text as text, and only numbers as numbers', () => {
    for (const text of [summary(REPORT, VERDICTS), fullTables(REPORT)]) {
      assert.doesNotMatch(text, /[^\\]<(fast|shake)>/);
      assert.match(text, /connect \\& \\<shake\\> \\\| hands/);
      assert.doesNotMatch(text, NO_NUMBER);
    }
  });

  test('every row of a table has as many cells as its heading', () => {
    for (const text of [summary(REPORT, VERDICTS), fullTables(REPORT)]) {
      for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
        const cells = table.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
        assert.equal(new Set(cells).size, 1, table);
      }
    }
  });

  test('names machine, command and every target', () => {
    const text = summary(REPORT, VERDICTS);
    assert.match(text, /`npm run -s bench -- some`, 5 rounds of 1 s/);
    assert.match(text, /Node 26\.0\.0, backend native/);
    assert.equal(text.match(/\| (met|\*\*missed\*\*|not measured) \|/g)?.length, VERDICTS.length);
  });

  test('goes between the marks of the README, again and again, and nowhere else', () => {
    const [begin, end] = [
      '<!-- figures: written by npm run -s bench -- --readme -->',
      '<!-- end of the figures -->',
    ];
    const readme = `before\n${begin}\nold\n${end}\nafter\n`;
    const once = withFigures(readme, 'new $& $1\n');
    assert.equal(once, `before\n${begin}\n\nnew $& $1\n\n${end}\nafter\n`);
    assert.equal(withFigures(once, 'new $& $1'), once);
    for (const without of ['', begin, `${end}\n${begin}`, `${readme}${readme}`]) {
      assert.throws(() => withFigures(without, 'new'), /does not have, once each/);
    }
  });
});

describe('the chart', () => {
  const svg = chart(RESULTS);
  const numbersOf = (name: string): number[] =>
    [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => Number(value));

  test('is well-formed, and shows text as text', () => {
    const open: string[] = [];
    for (const [, close, name = '', alone] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close === '/') {
        assert.equal(open.pop(), name);
      } else if (alone !== '/') {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
    assert.doesNotMatch(svg.replace(/<[^<>]*>/g, ''), /[<>]/);
    assert.match(svg, /connect &amp; &lt;shake&gt; \| hands/);
  });

  test('every coordinate is a number within the picture', () => {
    const [width = 0, height = 0] = [numbersOf('width')[0], numbersOf('height')[0]];
    for (const [name, most] of Object.entries({
      x: width,
      x1: width,
      cx: width,
      y: height,
      y2: height,
      cy: height,
    })) {
      for (const value of numbersOf(name)) {
        assert.ok(value >= 0 && value <= most, `${name} ${value}`);
      }
    }
    for (const value of numbersOf('width')) {
      assert.ok(value >= 0);
    }
    assert.doesNotMatch(svg, NO_NUMBER);
  });

  test('no two texts stand in the same place', () => {
    const places = [...svg.matchAll(/<text[^>]* x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => `${x} ${y}`);
    assert.ok(places.length > 10);
    assert.equal(new Set(places).size, places.length);
  });

  test('has a row for each ratio, and none without', () => {
    assert.match(svg, />4\.50×</);
    assert.match(svg, />0\.041×</);
    assert.doesNotMatch(svg, />lone</);
    assert.doesNotMatch(chart([]), NO_NUMBER);
  });
});
