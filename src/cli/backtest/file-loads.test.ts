import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../verb.ts';
import { fileLoads } from './file-loads.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'loads-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, text = 'ts,value\n0,1\n60,2\n'): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function load(paths: readonly string[], options: { column?: string; skipBadRows?: boolean } = {}) {
  const warnings: string[] = [];
  const source = { kind: 'files', paths, skipBadRows: false, ...options } as const;
  return { loads: fileLoads(source, (message) => void warnings.push(message)), warnings };
}

describe('loads from files', () => {
  test('are named by file and grouped by folder, each once, in an order of their own', () => {
    const [b, a] = [file('pools/b.csv'), file('crane/a.csv')];
    const named = (paths: string[]): string[] =>
      load(paths).loads.map(({ name, group }) => `${group}: ${name}`);
    expect(named([b, a])).toEqual(['crane: a', 'pools: b']);
    expect(named([join(directory, 'crane'), join(directory, 'pools'), a, b])).toEqual([
      'crane: a',
      'pools: b',
    ]);
  });

  test('of the same name carry their folder', () => {
    const paths = [file('x/a.csv'), file('y/a.csv'), file('y/b.csv')];
    expect(load(paths).loads.map(({ name }) => name)).toEqual(['b', 'x/a', 'y/a']);
  });

  test('tell what was assumed and what was left out, in one line for all files', () => {
    const paths = [
      file('a.csv', 'ts,value\n2024-07-31T23:09,1\n2024-07-31T23:10,2\n2024-07-31T23:11,x\n'),
      file('b.csv', 'ts,value\n2024-07-31T23:09,1\n2024-07-31T23:10,-2\n2024-07-31T23:11,3\n'),
    ];
    const { loads, warnings } = load(paths, { skipBadRows: true });
    expect(loads.map(({ skippedRows }) => skippedRows)).toEqual([1, 1]);
    expect(warnings).toEqual([
      `times without a zone were read as UTC in ${paths[0] ?? ''} and 1 more`,
      `2 rows that cannot be used were left out of ${paths[0] ?? ''} and 1 more`,
    ]);
  });

  test.each([
    ['a bad row', 'ts,value\n0,1\n60,x\n', {}, "row 3: value 'x' is not a finite number"],
    [
      'an unknown column',
      'ts,value\n0,1\n60,2\n',
      { column: 'rps' },
      "row 1: no column 'rps'; say which of: value",
    ],
  ])('that cannot be used are a wrong input: %s', (_, text, options, message) => {
    const path = file('a.csv', text);
    expect(() => load([path], options)).toThrow(InputError);
    expect(() => load([path], options)).toThrow(`${path}: ${message}`);
  });
});
