import { parseTable } from './parse-table.ts';
import { TraceError } from './trace-error.ts';

const minute = 60_000;
const start = Date.UTC(2024, 6, 31, 23, 9);

const load = (text: string): number[] => [...(parseTable(text, 'load.csv').columns[0] ?? [])];

describe('a table of measured series', () => {
  it.each([
    ['ISO 8601 without a zone is UTC', 'timestamp,value\n2024-07-31T23:09:00,1\n2024-07-31T23:10:00,2'],
    ['ISO 8601 with zones', 'timestamp,value\n2024-08-01T01:09:00+02:00,1\n2024-07-31T23:10:00Z,2'],
    ['a zone without a colon', 'timestamp,value\n2024-08-01T01:09:00+0200,1\n2024-07-31T21:10:00-0200,2'],
    ['a space instead of T', 'timestamp,value\n2024-07-31 23:09,1\n2024-07-31 23:10,2\n'],
    ['epoch seconds', `ts,value\n${start / 1000},1\n${start / 1000 + 60},2`],
    ['epoch milliseconds', `t,value\n${start},1\n${start + minute},2`],
    ['another name for the load', 'timestamp,cpu_cores\n2024-07-31T23:09:00,1\n2024-07-31T23:10:00,2'],
    [
      'Windows line ends, quotes and an empty line',
      `"ts","value"\r\n${start},1\r\n\r\n${start + minute},"2"\r\n`,
    ],
    ['value among several columns', `ts,other,value\n${start},9,1\n${start + minute},9,2`],
    ['a byte order mark and spaces', `\ufeffTimestamp, value\n${start}, 1 \n${start + minute}, 2 `],
  ])('is read: %s', (_, text) => {
    const { times, columns, skippedRows } = parseTable(text, 'load.csv');
    expect([...times]).toEqual([start, start + minute]);
    expect(columns.map((column) => [...column])).toEqual([[1, 2]]);
    expect(skippedRows).toBe(0);
  });

  it.each([
    ['2024-07-31T23:09:00', '2024-07-31T23:10:00', true],
    ['2024-07-31', '2024-08-01', true],
    ['2024-07-31T23:09:00Z', '2024-07-31T23:10:00Z', false],
    ['0', '60', false],
  ])('says whether a zone was missing: %s', (first, second, assumedUtc) => {
    expect(parseTable(`ts,value\n${first},1\n${second},2`, 'a.csv').assumedUtc).toBe(assumedUtc);
  });

  it('keeps a gap where the load is empty', () => {
    const { times } = parseTable('ts,value\n0,1\n60,\n120,3', 'load.csv');
    expect([...times]).toEqual([0, 2 * minute]);
  });

  it('takes the columns that were named, in their order, with NaN for an empty cell', () => {
    const text = 'ts,cpu,rps,memory\n0,1,5,7\n60,2,,8\n120,,,9\n180,3,6,';
    const { times, columns } = parseTable(text, 'load.csv', { columns: ['rps', 'cpu'] });
    expect([...times]).toEqual([0, minute, 3 * minute]);
    expect(columns.map((column) => [...column])).toEqual([
      [5, NaN, 6],
      [1, 2, 3],
    ]);
  });

  it('takes all columns beside the time, with their names', () => {
    const { names, columns } = parseTable('cpu,ts,rps\n1,0,5\n,60,6', 'load.csv', { columns: 'all' });
    expect(names).toEqual(['cpu', 'rps']);
    expect(columns.map((column) => [...column])).toEqual([
      [1, NaN],
      [5, 6],
    ]);
    expect(() => parseTable('ts\n0', 'load.csv', { columns: 'all' })).toThrow('no column for the load');
  });

  it.each([
    [
      'no time column',
      'rps\n1\n2',
      "load.csv: row 1: no time column among 'rps'; name one timestamp, ts, time, t",
    ],
    [
      'semicolons',
      'ts;value\n0;1',
      "load.csv: row 1: no time column among 'ts;value'; separate the columns with commas",
    ],
    [
      'two candidates',
      'ts,a,b\n0,1,2',
      'load.csv: row 1: more than one column may be the load; say which of: a, b',
    ],
    ['a column twice', 'ts,a,a\n0,1,2', "load.csv: row 1: column 'a' is there twice; give each its own name"],
    ['no load', 'ts\n0', 'load.csv: row 1: no column for the load beside the time'],
    [
      'a word for a load',
      'ts,value\n0,1\n60,many',
      "load.csv: row 3: value 'many' is not a finite number of at least 0; leave the cell empty for a gap",
    ],
    ['NaN', 'ts,value\n0,NaN', "load.csv: row 2: value 'NaN' is not a finite number"],
    ['infinity', 'ts,value\n0,Inf', "load.csv: row 2: value 'Inf' is not a finite number"],
    ['hexadecimal', 'ts,value\n0,0x10', "load.csv: row 2: value '0x10' is not a finite number"],
    ['a negative load', 'ts,value\n0,-1', "load.csv: row 2: value '-1' is not a finite number of at least 0"],
    ['an overflowing load', 'ts,value\n0,1e999', "load.csv: row 2: value '1e999' is not a finite number"],
    ['quotes inside a cell', 'ts,value\n0,1"2"', `load.csv: row 2: value '1"2"' is not a finite number`],
    [
      'no time',
      'ts,value\n,1',
      "load.csv: row 2: time '' is neither ISO 8601 nor epoch seconds or milliseconds",
    ],
    ['a date that is none', 'ts,value\n2024-13-45,1', "load.csv: row 2: time '2024-13-45' is neither"],
    ['30 February', 'ts,value\n2024-02-30,1', "load.csv: row 2: time '2024-02-30' is neither"],
    ['a time beyond all dates', 'ts,value\n1e999,1', "load.csv: row 2: time '1e999' is neither"],
    [
      'times with and without a zone',
      'ts,value\n2024-07-31T23:09:00Z,1\n2024-07-31T23:10:00,2',
      "load.csv: row 3: time '2024-07-31T23:10:00' is ISO 8601 without a zone, and the rows before are ISO 8601 with a zone; write all times alike",
    ],
    [
      'seconds and milliseconds',
      `ts,value\n1700000000,1\n1700000060000,2`,
      "load.csv: row 3: time '1700000060000' is milliseconds since the epoch, and the rows before are seconds since the epoch",
    ],
    [
      'times out of order',
      'ts,value\n60,1\n0,2',
      'load.csv: row 3: time 1970-01-01T00:00:00.000Z is earlier than the row before; sort the rows by time and keep one of each',
    ],
    [
      'a time twice',
      'ts,value\n60,1\n60,2',
      'load.csv: row 3: time 1970-01-01T00:01:00.000Z is there twice; sort the rows by time and keep one of each',
    ],
    ['a short row', 'ts,value\n60', 'load.csv: row 2: 1 columns where the header has 2'],
    [
      'a quotation mark without its partner',
      'ts,value\n0,"1\n60,2\n',
      'load.csv: row 3: a quotation mark is opened and never closed; close it',
    ],
    [
      'a load of many digits, which is shown short',
      `ts,value\n0,${'9'.repeat(400)}`,
      `load.csv: row 2: value '${'9'.repeat(40)}…' is not a finite number`,
    ],
    ['what a terminal would obey', 'ts,value\n0,\u001b[31m', "load.csv: row 2: value '\ufffd[31m' is not"],
    ['one row', 'ts,value\n0,1', 'load.csv: 1 usable rows; a trace needs at least 2'],
    ['a header alone', 'ts,value\n', 'load.csv: 0 usable rows; a trace needs at least 2'],
    ['nothing', '', "load.csv: row 1: is empty; a header such as 'timestamp,value' is needed"],
  ])('is refused with file, row and remedy: %s', (_, text, message) => {
    expect(() => load(text)).toThrow(TraceError);
    expect(() => load(text)).toThrow(message);
  });

  it('is refused when it lacks the column that was named', () => {
    const message = "load.csv: row 1: no column 'b'; say which of: a";
    expect(() => parseTable('ts,a\n0,1', 'load.csv', { columns: ['b'] })).toThrow(message);
  });
});

describe('a table of which every row counts', () => {
  const every = { everyRow: true, negative: true } as const;

  it('keeps gaps, repeated times and rows out of order, with the times as they are written', () => {
    const text = 'timestamp,value\n2014-04-01 00:05:00,-1.5\n2014-04-01 00:00:00,\n2014-04-01 00:05:00,3\n';
    const { times, columns, timeTexts } = parseTable(text, 'a.csv', every);
    expect([...times].map((time) => new Date(time).getUTCMinutes())).toEqual([5, 0, 5]);
    expect([...(columns[0] ?? [])]).toEqual([-1.5, NaN, 3]);
    expect(timeTexts).toEqual(['2014-04-01 00:05:00', '2014-04-01 00:00:00', '2014-04-01 00:05:00']);
  });

  it('still refuses what is no number', () => {
    expect(() => parseTable('timestamp,value\n1,2\n2,x\n', 'a.csv', every)).toThrow(
      "a.csv: row 3: value 'x' is not a finite number; leave the cell empty for a gap",
    );
  });
});

describe('a table with bad rows that may be left out', () => {
  it.each([
    ['a word', 'ts,value\n0,1\n60,many\n120,3', [0, 2], 1],
    ['a short row', 'ts,value\n0,1\n60\n120,3', [0, 2], 1],
    ['a broken time', 'ts,value\n0,1\nsoon,2\n120,3', [0, 2], 1],
    ['another form of time', 'ts,value\n0,1\n1970-01-01T00:01:00,2\n120,3', [0, 2], 1],
    ['a time twice: the first stays', 'ts,value\n0,1\n0,2\n60,3', [0, 1], 1],
    ['one row from the far future', 'ts,value\n0,1\n9000000,2\n60,3\n120,4', [0, 1, 2], 1],
    ['one row from the past', 'ts,value\n60,1\n120,2\n0,3\n180,4', [1, 2, 3], 1],
    ['nothing bad, one gap', 'ts,value\n0,1\n60,\n120,4', [0, 2], 0],
  ])('keeps all others and counts: %s', (_, text, minutes, skipped) => {
    const { times, columns, skippedRows } = parseTable(text, 'a.csv', { skipBadRows: true });
    expect([...times]).toEqual(minutes.map((index) => index * minute));
    expect(columns[0]).toHaveLength(minutes.length);
    expect(skippedRows).toBe(skipped);
  });

  it('is refused when too little is left', () => {
    const message = 'a.csv: 1 usable rows and 2 that cannot be used; a trace needs at least 2';
    expect(() => parseTable('ts,value\n0,1\n0,2\n60,x', 'a.csv', { skipBadRows: true })).toThrow(message);
  });
});
