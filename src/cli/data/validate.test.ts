import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { parse } from 'yaml';
import { run } from '../program.ts';

const MONDAY = Date.UTC(2026, 4, 4) / 1000;
const DAY = 1440;

let folder: string;

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'validate-'))));
afterAll(() => rm(folder, { recursive: true }));

async function validate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await run(['data', 'validate', ...args], terminal), out, err };
}

/** A file with a row for each minute of some days; `cells` makes what stands after the time, undefined leaves the row out. */
async function csv(
  name: string,
  header: string,
  cells: (minute: number) => string | undefined,
  days = 2,
): Promise<string> {
  const rows = Array.from({ length: days * DAY }, (_, minute) => [minute, cells(minute)] as const);
  const lines = rows.flatMap(([minute, text]) =>
    text === undefined ? [] : [`${MONDAY + 60 * minute},${text}`],
  );
  const file = join(folder, name);
  await writeFile(file, `timestamp,${header}\n${lines.join('\n')}\n`);
  return file;
}

const load = (minute: number): string =>
  (100 + 50 * Math.sin((2 * Math.PI * (minute % DAY)) / DAY)).toFixed(3);

test('a good file is usable: exit code 0, a line for each feature, and the gap with its times', async () => {
  const file = await csv('good.csv', 'requestRate,errorShare', (minute) =>
    minute >= 600 && minute < 690 ? undefined : `${load(minute)},${minute % 2 === 0 ? '0' : '0.01'}`,
  );
  const { code, out, err } = await validate('--input', file);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(
    'good: 2026-05-04 00:00 to 2026-05-05 23:59 UTC (2d), 96.8 % of what is measured is known',
  );
  expect(out).toContain('nothing was measured once, longest from 2026-05-04 10:00 to 2026-05-04 11:30 UTC');
  expect(out).toMatch(/^requestRate +1\/s +96\.8 % +1m +1 +1h 30m +0 +0 +0 +0\.\d\d$/m);
  expect(out).toMatch(/^unknown: cpuUtilization, .*costRate: no such column$/m);
  expect(out).toMatch(/\nUsable for training\.\n$/);
});

test('a bad file is exit code 2, after the report that says why and what to do', async () => {
  const file = await csv('bad.csv', 'requestRate,errorShare', (minute) => `${load(minute)},${minute % 9}`);
  const { code, out, err } = await validate('--input', file);
  expect({ code, err }).toEqual({
    code: 2,
    err: 'error: not usable for training: bad; the report says why\n',
  });
  expect(out).toMatch(
    /Not usable for training:\n {2}2240 of 2880 values of errorShare are outside of 0 to 1 \(unit 1\): correct the unit or the query\n/,
  );
});

test('for programs everything is there, the same in JSON and YAML', async () => {
  const file = await csv(
    'twice.csv',
    'value',
    (minute) => `${load(minute)}\n${MONDAY + 60 * minute},${load(minute)}`,
  );
  const json = await validate('--input', file, '--map', 'value=requestRate', '-o', 'json');
  expect(json).toMatchObject({ code: 0, err: '' });
  const document = JSON.parse(json.out) as { workloads: { features: { feature: string }[] }[] };
  expect(document).toMatchObject({
    usable: true,
    featureSchema: { version: 1 },
    stepSeconds: 60,
    workloads: [
      {
        policy: 'twice',
        from: '2026-05-04T00:00:00Z',
        rows: 2 * DAY,
        verdict: { usable: true, warnings: [{ code: 'Duplicates', feature: 'requestRate' }] },
      },
    ],
  });
  const measured = document.workloads[0]?.features.find(({ feature }) => feature === 'requestRate');
  expect(measured).toMatchObject({
    state: 'Measured',
    source: 'column value',
    counts: { samples: 4 * DAY, duplicates: 2 * DAY, conflicts: 0, late: 0 },
    cadence: { seconds: 60, irregularShare: 0 },
    coverage: 1,
    drift: { psi: expect.any(Number) as number },
  });
  const yaml = await validate('--input', file, '--map', 'value=requestRate', '-o', 'yaml');
  expect(parse(yaml.out)).toEqual(document);
});

test('a counter is read as what it rises by, and its reset is counted', async () => {
  const file = await csv('counter.csv', 'networkReceive,requestRate', (minute) => {
    const total = 600 * (minute < 1000 ? minute : minute - 1000);
    return `${total},${load(minute)}`;
  });
  const emit = join(folder, 'counter.arrow');
  const { code, out, err } = await validate('--input', file, '--counter', 'networkReceive', '--emit', emit);
  expect({ code, err }).toEqual({ code: 0, err: `2880 rows in ${emit}\n` });
  expect(out).toMatch(/^networkReceive +B\/s .* 1 +0\.\d\d$/m);
  const table = tableFromIPC(await readFile(emit));
  const rate = table.getChild('networkReceive');
  expect([rate?.get(0), rate?.get(1), rate?.get(999), rate?.get(1001)]).toEqual([null, 10, 10, 10]);
});

test('a folder is one line for each file, and usable only when all are', async () => {
  const several = await mkdtemp(join(folder, 'several-'));
  const name = several.slice(folder.length + 1);
  for (const each of ['a', 'b', 'c']) {
    await csv(join(name, `${each}.csv`), 'requestRate', (minute) => (each === 'b' ? '5' : load(minute)));
  }
  const { code, out, err } = await validate('--input', several);
  expect({ code, err }).toEqual({ code: 2, err: 'error: not usable for training: b; the report says why\n' });
  expect(out).toMatch(/^a +2026-05-04 00:00 +2d +100 % +usable +\d+$/m);
  expect(out).toMatch(/^b +2026-05-04 00:00 +2d +100 % +not usable +\d+ +requestRate never changes: /m);
});

test.each<readonly [readonly string[], number, string]>([
  [[], 2, 'nothing to look at: name a policy and --prometheus, or CSV files with --input'],
  [['web'], 2, 'nothing to look at'],
  [['--input', ''], 2, '--input is empty'],
  [['web', '--input', 'a.csv'], 2, 'unexpected argument "web" beside --input'],
  [['--input', 'a.csv', '--prometheus', 'http://x'], 2, 'two sources of samples'],
  [['--input', 'a.csv', '--since', '3d'], 2, '--since goes with --prometheus'],
  [['--input', 'a.csv', '--map', 'requestRate'], 2, '--map must be COLUMN=FEATURE such as value=requestRate'],
  [
    ['--input', 'a.csv', '--counter', 'rps'],
    2,
    '--counter: "rps" is no feature; known are: cpuUtilization, ',
  ],
  [['--input', '/nowhere.csv'], 2, '/nowhere.csv'],
  [['--prometheus', 'http://localhost:9'], 2, 'name an AutonomicPolicy, or its manifest with --policy'],
  [['web', 'shop', '--prometheus', 'http://x'], 2, 'unexpected argument "shop" after the name'],
  [['web', '--policy', 'p.yaml', '--prometheus', 'http://x'], 2, 'use one of them'],
  [['web', '--prometheus', 'localhost'], 2, '--prometheus must be a URL'],
  [['web', '--prometheus', 'http://x', '--map', 'a=restarts'], 2, '--map goes with --input'],
  [['web', '--prometheus', 'http://x', '--since', '1s'], 2, '--since must be a duration from 1h to 366d'],
  [
    ['web', '--prometheus', 'http://x', '-o', 'wide'],
    2,
    '--output must be table, json or yaml, found "wide"',
  ],
  [['--policy', 'docs/examples/minimal-cpu.yaml', '--prometheus', 'http://127.0.0.1:9'], 1, '127.0.0.1:9'],
])('%j is refused in one line with exit code %d', async (args, expected, message) => {
  const { code, out, err } = await validate(...args);
  expect({ code, out }).toEqual({ code: expected, out: '' });
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test.each<readonly [string, string, readonly string[], string]>([
  [
    'no column is a feature',
    'value',
    [],
    'none of its columns (value) is a feature; say which one is, such as --map value=requestRate',
  ],
  ['two columns are one', 'requestRate,rps', ['--map', 'rps=requestRate'], 'two columns are requestRate'],
])('a file of which %s is refused', async (name, header, flags, message) => {
  const file = await csv(`${name}.csv`, header, (minute) => header.replaceAll(/\w+/g, String(minute)), 1);
  const { code, err } = await validate('--input', file, ...flags);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('one wrong time is said instead of a file of years', async () => {
  const file = await csv('years.csv', 'requestRate', (minute) => (minute === 9 ? `1\n9999999999,1` : '1'), 1);
  const { code, err } = await validate('--input', file);
  expect(code).toBe(2);
  expect(err).toContain('years: the samples go from 2026-05-04T00:00:00.000Z to 2286-11-20T17:46:39.000Z');
});
