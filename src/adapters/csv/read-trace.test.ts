import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTable, readTrace } from './read-trace.ts';
import { traceFiles } from './trace-files.ts';

const text = 'ts,value\n0,1\n60,2\n';

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'trace-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('a load trace in a file', () => {
  it.each([
    ['a.csv', text],
    ['a.csv.gz', gzipSync(text)],
  ])('is read, compressed or not: %s', (name, content) => {
    const trace = readTrace(file(name, content));
    expect([...trace.times]).toEqual([0, 60_000]);
    expect([...trace.values]).toEqual([1, 2]);
    expect(trace).toMatchObject({ skippedRows: 0, assumedUtc: false });
  });

  it('is read from one of several columns, or they all are', () => {
    const path = file('columns.csv', 'ts,cpu,rps\n0,1,5\n60,2,x\n120,3,7\n');
    const trace = readTrace(path, { column: 'rps', skipBadRows: true });
    expect([...trace.values]).toEqual([5, 7]);
    expect(trace.skippedRows).toBe(1);
    const table = readTable(file('table.csv', 'ts,cpu,rps\n0,1,5\n60,2,6\n'), { columns: ['cpu', 'rps'] });
    expect(table.columns.map((column) => [...column])).toEqual([
      [1, 2],
      [5, 6],
    ]);
  });

  it.each(['/nowhere/a.csv', '/nowhere/a.csv.gz'])('that cannot be read is named: %s', (path) => {
    expect(() => readTrace(path)).toThrow(`${path}: cannot be read: ENOENT`);
  });

  it.each([
    [
      'plain.csv.gz',
      text,
      'is not compressed with gzip, as its name says; compress it, or take .gz off its name',
    ],
    ['zipped.csv', gzipSync(text), 'is compressed with gzip; add .gz to its name'],
    ['cut.csv.gz', gzipSync(text).subarray(0, 20), 'cannot be decompressed: unexpected end of file'],
    ['binary.csv', Uint8Array.of(80, 75, 3, 4, 0, 0), 'is not a text file in UTF-8; export it as CSV'],
    ['utf16.csv', Buffer.from(text, 'utf16le'), 'is not a text file in UTF-8; export it as CSV'],
    ['empty.csv', '', "row 1: is empty; a header such as 'timestamp,value' is needed"],
    ['long.csv', `ts,value\n0,${'1'.repeat(200_000)}`, 'row 2: a row is longer than any row of numbers'],
    ['bomb.csv.gz', gzipSync(Buffer.alloc(200_000_001, 'a')), 'more than 200 MB of text, which is the limit'],
  ])('is refused with its name: %s', (name, content, message) => {
    const path = file(name, content);
    expect(() => readTrace(path)).toThrow(`${path}: ${message}`);
  });

  it('is refused when it is too large, before it is read', () => {
    const path = file('huge.csv', text);
    truncateSync(path, 200_000_001);
    expect(() => readTrace(path)).toThrow(
      `${path}: more than 200 MB of text, which is the limit; keep fewer`,
    );
  });
});

describe('the files that an input names', () => {
  it('are those of a folder by name, or the file itself', () => {
    const folder = join(directory, 'folder');
    mkdirSync(join(folder, 'deeper.csv'), { recursive: true });
    for (const name of ['b.csv', 'a.csv.gz', 'LICENSE', 'c.csv.bak']) writeFileSync(join(folder, name), text);
    expect(traceFiles(folder)).toEqual([join(folder, 'a.csv.gz'), join(folder, 'b.csv')]);
    expect(traceFiles(join(folder, 'LICENSE'))).toEqual([join(folder, 'LICENSE')]);
  });

  it.each([
    [['README', 'data.tsv'], 'no .csv or .csv.gz file in this folder; found README, data.tsv'],
    [[], 'no .csv or .csv.gz file in this folder; found nothing'],
  ])('are missed in a folder with %j', (names, message) => {
    const folder = mkdtempSync(join(directory, 'none-'));
    for (const name of names) writeFileSync(join(folder, name), text);
    expect(() => traceFiles(folder)).toThrow(`${folder}: ${message}`);
  });

  it('are missed where nothing is', () => {
    expect(() => traceFiles('/nowhere')).toThrow('/nowhere: cannot be read: ENOENT');
  });
});
