import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../verb.ts';
import { labelledRows, readLabels } from './read-labels.ts';
import type { Rows } from './read-rows.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'read-labels-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function labels(content: string): string {
  const path = join(directory, 'labels.json');
  writeFileSync(path, content);
  return path;
}

const START = Date.UTC(2014, 1, 14, 14, 30);

/** Five minutes apart, of a file of this name. */
function rows(file = '/data/web.csv'): Rows {
  return {
    name: 'web',
    file,
    times: Float64Array.from({ length: 4 }, (_, i) => START + i * 300_000),
    timeTexts: [],
    names: ['value'],
    columns: [],
    stepSeconds: 300,
  };
}

const of = (times: readonly string[]) => new Map([['web.csv', times]]);

describe('labels', () => {
  it('are by the name of the file, whatever the folder', () => {
    const read = readLabels(
      labels('{"realAWSCloudwatch/web.csv": ["2014-02-14 14:30:00"], "other.csv": []}'),
    );
    expect([...read]).toEqual([
      ['web.csv', ['2014-02-14 14:30:00']],
      ['other.csv', []],
    ]);
  });

  it.each([
    ['no JSON', 'web.csv: now', /--labels .*labels\.json: .*JSON/],
    ['a list', '[]', /it must be \{"file\.csv": \["2014-02-14 14:30:00"\]\}/],
    ['a time alone', '{"web.csv": "2014-02-14 14:30:00"}', /labels\.json: web\.csv: .*array/],
    ['numbers', '{"web.csv": [1392388200]}', /web\.csv\.0: .*string/],
  ])('that are %s are refused', (_, content, message) => {
    const read = (): unknown => readLabels(labels(content));
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  it('that are not there are refused by the name of their file', () => {
    expect(() => readLabels(join(directory, 'none.json'))).toThrow(/--labels .*none\.json: ENOENT/);
  });
});

describe('the rows that labels are about', () => {
  it.each<[string, readonly string[], readonly number[]]>([
    ['none', [], []],
    ['in the order of the rows', ['2014-02-14 14:45:00', '2014-02-14 14:30:00'], [0, 3]],
    ["with fractions of seconds, as the benchmark's windows", ['2014-02-14 14:35:00.000000'], [1]],
    ['in another way of writing it', ['2014-02-14T14:40:00Z'], [2]],
  ])('are %s', (_, times, found) => {
    expect(labelledRows(of(times), rows())).toEqual(found);
  });

  it('are those of a compressed file as well', () => {
    expect(labelledRows(of(['2014-02-14 14:30:00']), rows('/data/web.csv.gz'))).toEqual([0]);
  });

  it('are unknown where no label is about the file', () => {
    expect(labelledRows(of([]), rows('/data/api.csv'))).toBeUndefined();
  });

  it.each(['2014-02-14 14:31:00', 'yesterday', ''])(
    "are refused at '%s', which is the time of no row",
    (time) => {
      expect(() => labelledRows(of([time]), rows())).toThrow(
        `--labels: '${time}' of web.csv is the time of none of its rows`,
      );
    },
  );
});
