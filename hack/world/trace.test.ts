import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseTrace, readTrace, TraceError } from './trace.ts';

const minute = 60_000;
const start = Date.UTC(2024, 6, 31, 23, 9);

describe('a load trace', () => {
  it.each([
    ['ISO 8601 without a zone is UTC', 'timestamp,value\n2024-07-31T23:09:00,1\n2024-07-31T23:10:00,2'],
    ['ISO 8601 with a zone', 'timestamp,value\n2024-08-01T01:09:00+02:00,1\n2024-07-31T23:10:00Z,2'],
    ['a space instead of T', 'timestamp,value\n2024-07-31 23:09,1\n2024-07-31 23:10,2\n'],
    ['epoch seconds', `ts,value\n${start / 1000},1\n${start / 1000 + 60},2`],
    ['epoch milliseconds', `t,value\n${start},1\n${start + minute},2`],
    ['another name for the load', 'timestamp,cpu_cores\n2024-07-31T23:09:00,1\n2024-07-31T23:10:00,2'],
    [
      'Windows line ends, quotes and an empty line',
      `"ts","value"\r\n${start},1\r\n\r\n${start + minute},"2"\r\n`,
    ],
    ['value among several columns', `ts,other,value\n${start},9,1\n${start + minute},9,2`],
  ])('is read: %s', (_, text) => {
    const trace = parseTrace(text, 'load.csv');
    expect([...trace.times]).toEqual([start, start + minute]);
    expect([...trace.values]).toEqual([1, 2]);
  });

  it('keeps a gap where the load is empty', () => {
    const trace = parseTrace('ts,value\n0,1\n60,\n120,3', 'load.csv');
    expect([...trace.times]).toEqual([0, 2 * minute]);
  });

  it('takes the column that was named', () => {
    expect([...parseTrace('ts,cpu,rps\n0,1,5\n60,2,6', 'load.csv', 'rps').values]).toEqual([5, 6]);
  });

  it.each([
    [
      'no time column',
      'rps\n1\n2',
      "load.csv: row 1: no time column among 'rps'; name one timestamp, ts, time, t",
    ],
    [
      'two candidates',
      'ts,a,b\n0,1,2',
      'load.csv: row 1: more than one column may be the load; say which of: a, b',
    ],
    ['no load', 'ts\n0', 'load.csv: row 1: no column for the load beside the time'],
    [
      'a word for a load',
      'ts,value\n0,1\n60,many',
      "load.csv: row 3: load 'many' is not a finite number of at least 0",
    ],
    ['NaN', 'ts,value\n0,NaN', "load.csv: row 2: load 'NaN' is not"],
    ['a negative load', 'ts,value\n0,-1', "load.csv: row 2: load '-1' is not"],
    ['an overflowing load', 'ts,value\n0,1e999', "load.csv: row 2: load '1e999' is not"],
    ['no time', 'ts,value\n,1', "load.csv: row 2: time '' is neither ISO 8601 nor epoch"],
    ['a date that is none', 'ts,value\n2024-13-45,1', "load.csv: row 2: time '2024-13-45' is neither"],
    [
      'times out of order',
      'ts,value\n60,1\n0,2',
      'load.csv: row 3: time 1970-01-01T00:00:00.000Z is earlier than the row before',
    ],
    ['a time twice', 'ts,value\n60,1\n60,2', 'load.csv: row 3: time 1970-01-01T00:01:00.000Z is there twice'],
    ['a short row', 'ts,value\n60', 'load.csv: row 2: 1 columns where the header has 2'],
    ['one row', 'ts,value\n0,1', 'load.csv: 1 usable rows; a trace needs at least 2'],
    ['nothing', '', 'load.csv: row 1: no time column'],
  ])('is refused with file, row and remedy: %s', (_, text, message) => {
    expect(() => parseTrace(text, 'load.csv')).toThrow(TraceError);
    expect(() => parseTrace(text, 'load.csv')).toThrow(message);
  });

  it('is refused when it lacks the column that was named', () => {
    const message = "load.csv: row 1: no column 'b'; say which of: a";
    expect(() => parseTrace('ts,a\n0,1', 'load.csv', 'b')).toThrow(message);
  });

  it('is read from a file, compressed or not', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trace-'));
    const text = 'ts,value\n0,1\n60,2\n';
    writeFileSync(join(directory, 'a.csv'), text);
    writeFileSync(join(directory, 'a.csv.gz'), gzipSync(text));
    for (const file of ['a.csv', 'a.csv.gz'])
      expect([...readTrace(join(directory, file)).values]).toEqual([1, 2]);
  });

  it.each(['/nowhere/a.csv', '/nowhere/a.csv.gz'])('that cannot be read is named: %s', (file) => {
    expect(() => readTrace(file)).toThrow(`${file}: cannot be read: ENOENT`);
  });

  it('that is not really compressed is named', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'trace-')), 'a.csv.gz');
    writeFileSync(file, 'ts,value\n');
    expect(() => readTrace(file)).toThrow(`${file}: cannot be read: incorrect header check`);
  });
});
