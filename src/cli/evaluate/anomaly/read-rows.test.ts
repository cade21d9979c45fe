import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '../../verb.ts';
import { readRows, type Rows } from './read-rows.ts';

const START = Date.UTC(2026, 0, 5);

let directory: string;
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'read-rows-'));
  warnings = [];
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const read = (paths: readonly string[], skipBadRows = false): Rows[] =>
  readRows({ paths: paths.map((path) => join(directory, path)), skipBadRows }, (line) => warnings.push(line));

function write(name: string, lines: readonly string[], header = 'timestamp,value'): void {
  const text = [header, ...lines].join('\n');
  writeFileSync(join(directory, name), name.endsWith('.gz') ? gzipSync(text) : text);
}

/** Rows at these seconds after the start. */
const at = (...seconds: readonly number[]): string[] =>
  seconds.map((second, i) => `${new Date(START + 1000 * second).toISOString()},${i}`);

describe('the rows of a file', () => {
  it('are all of them, in their order, as they are written', () => {
    write('odd.csv', ['2026-01-05 00:05:00,-1.5', '2026-01-05 00:00:00,', '2026-01-05 00:00:00,3']);
    const [rows] = read(['odd.csv']);
    expect(rows).toMatchObject({ name: 'odd', names: ['value'] });
    expect([...rows!.times]).toEqual([START + 300_000, START, START]);
    expect(rows!.timeTexts).toEqual(['2026-01-05 00:05:00', '2026-01-05 00:00:00', '2026-01-05 00:00:00']);
    expect([...rows!.columns[0]!]).toEqual([-1.5, NaN, 3]);
  });

  it('have a column for each metric', () => {
    write('service.csv', ['2026-01-05 00:00:00,1,2', '2026-01-05 00:01:00,,4'], 'timestamp,cpu,disk');
    const [rows] = read(['service.csv']);
    expect(rows?.names).toEqual(['cpu', 'disk']);
    expect(rows?.columns.map((column) => [...column])).toEqual([
      [1, NaN],
      [2, 4],
    ]);
  });

  it('may be compressed, and come from a folder', () => {
    write('b.csv.gz', at(0, 60, 120));
    write('a.csv', at(0, 60, 120));
    expect(
      readRows({ paths: [directory], skipBadRows: false }, () => undefined)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['a', 'b']);
  });
});

describe('the usual time between rows', () => {
  it.each<[string, readonly number[], number]>([
    ['is that of even rows', [0, 60, 120, 180], 60],
    ['is the median: a gap does not change it', [0, 300, 600, 90_000, 90_300], 300],
    ['does not count rows at the same time or out of order', [0, 60, 60, 30, 120, 180, 240], 60],
    ['is the nearest part of a day where it is none', [0, 61, 122, 183], 60],
    ['is so on the other side as well', [0, 59, 118, 177], 60],
    ['is at least a second', [0, 0.2, 0.4, 0.6], 1],
    ['is an hour where rows are somewhat more apart', [0, 3700, 7400], 3600],
    ['is a minute where all rows are at the same time', [0, 0, 0], 60],
    ['is found where ten follow nine in the alphabet', [0, 9, 19, 28, 38, 48], 10],
  ])('%s', (_, seconds, step) => {
    write('a.csv', at(...seconds));
    expect(read(['a.csv'])[0]?.stepSeconds).toBe(step);
  });

  it('is refused where it is more than an hour and a half', () => {
    write('a.csv', at(0, 6000, 12_000));
    expect(() => read(['a.csv'])).toThrow(
      /a\.csv: rows are 6000 s apart; .* at most an hour apart: export more of them/,
    );
  });
});

describe('rows that cannot be used', () => {
  const BAD = ['2026-01-05 00:00:00,1', '2026-01-05 00:01:00,many', '2026-01-05 00:02:00,3'];

  it('are refused with file and row', () => {
    write('bad.csv', BAD);
    expect(() => read(['bad.csv'])).toThrow(InputError);
    expect(() => read(['bad.csv'])).toThrow(/bad\.csv.*row 3: value 'many' is not a finite number/);
  });

  it('are left out and counted where that is wanted', () => {
    write('bad.csv', BAD);
    expect([...read(['bad.csv'], true)[0]!.columns[0]!]).toEqual([1, 3]);
    expect(warnings).toEqual([expect.stringMatching(/bad\.csv: 1 rows that cannot be used were left out/)]);
  });

  it('are a whole file that is not there', () => {
    expect(() => read(['none.csv'])).toThrow(InputError);
  });
});
