import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { encodeFrame } from '../../adapters/journal/frame.ts';
import { Journal } from '../../adapters/journal/journal.ts';
import { segmentPath } from '../../adapters/journal/segment.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { run } from '../program.ts';

const minute = (n: number): number => Date.UTC(2026, 4, 4, 9, n);
const api = { namespace: 'bank', name: 'api', uid: 'p2', generation: 1 };

const RECORDS: readonly JournalRecord[] = [
  intentFixture('d1', { at: minute(0) }),
  { kind: 'Applied', decisionId: 'd1', at: minute(1) },
  intentFixture('d2', { at: minute(2), policy: api, message: 'demand fell \u001b[31mred' }),
  {
    kind: 'Aborted',
    decisionId: 'd2',
    at: minute(3),
    reason: 'TargetChanged',
    message: 'replicas are 7 now',
  },
  closedFixture('d1'),
  { kind: 'Exported', through: { segment: 1, offset: 0 } },
];

/** Of a later version: nothing here knows its fields. */
const LATER = {
  kind: 'Weather',
  weather: {
    at: minute(20),
    policy: { namespace: 'shop', name: 'web' },
    wind: 7,
    sky: 'grey',
    embedding: [1, 2],
  },
};

let folder: string;
let open: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump-'));
  open = await Journal.open({ directory: folder });
  for (const record of RECORDS) await open.append(record);
});

afterEach(async () => {
  await open.close();
  await rm(folder, { recursive: true });
});

async function dump(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await run(['journal', 'dump', ...args], terminal), out, err };
}

describe('the journal of a running operator', () => {
  test('is printed as a table, oldest first, with the policies of endings and no control characters', async () => {
    const { code, out, err } = await dump(folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [head = '', ...rows] = out.trimEnd().split('\n');
    expect(head.split(/ {3,}/)).toEqual(['PLACE', 'TIME', 'KIND', 'POLICY', 'DECISION', 'WHAT']);
    const cells = rows.map((row) => row.split(/ {3,}/).slice(1));
    const sentence = 'web 4→9: requests will peak at 412 within 60 s (95% sure), 9 replicas s…';
    expect(cells).toEqual([
      ['2026-05-04 09:00:00Z', 'Intent', 'shop/web', 'd1', sentence],
      ['2026-05-04 09:01:00Z', 'Applied', 'shop/web', 'd1'],
      ['2026-05-04 09:02:00Z', 'Intent', 'bank/api', 'd2', 'web 4→9: demand fell \ufffd[31mred'],
      ['2026-05-04 09:03:00Z', 'Aborted', 'bank/api', 'd2', 'TargetChanged: replicas are 7 now'],
      [
        '2026-05-04 09:10:00Z',
        'Closed',
        'shop/web',
        'd1',
        'Met: objective violated for 0 of 600 measured seconds',
      ],
      ['2026-05-04 09:10:00Z', 'Exported', 'everything before 1:0'],
    ]);
  });

  test.each([
    [
      ['--kind', 'Intent'],
      ['d1', 'd2'],
    ],
    [
      ['--kind', 'Applied', '--kind', 'Closed'],
      ['d1', 'd1'],
    ],
    [
      ['--decision', 'd2'],
      ['d2', 'd2'],
    ],
    [
      ['--policy', 'web'],
      ['d1', 'd1', 'd1'],
    ],
    [
      ['-n', 'bank'],
      ['d2', 'd2'],
    ],
    [
      ['--since', '2026-05-04T09:03:00Z'],
      ['d2', 'd1', undefined],
    ],
    [['--since', '2026-05-04T09:03:00Z', '-n', 'shop'], ['d1']],
  ])('%j chooses records', async (flags, ids) => {
    const { code, out } = await dump(folder, ...flags, '-o', 'jsonl');
    expect(code).toBe(0);
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { record: { decisionId?: string } });
    expect(found.map(({ record }) => record.decisionId)).toEqual(ids);
  });

  test('for programs has the records as they were written, whatever the format', async () => {
    const lines = (await dump(folder, '-o', 'jsonl')).out.trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as { record: unknown });
    expect(records.map(({ record }) => record)).toEqual(JSON.parse(JSON.stringify(RECORDS)));
    const json = JSON.parse((await dump(folder, '-o', 'json')).out) as { journal: object; records: unknown };
    expect(json.records).toEqual(records);
    expect(json.journal).toMatchObject({ segments: 1, damage: [], tails: [], unknownKinds: {} });
    expect(parse((await dump(folder, '-o', 'yaml')).out)).toEqual(json);
  });

  test('none that was asked for is said on standard error, and is an empty list for a program', async () => {
    const { code, out, err } = await dump(folder, '--decision', 'd9');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('None of the 6 records in 1 segments of ');
    const json = await dump(folder, '--decision', 'd9', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ records: [] });
  });

  test('goes on being written: nothing was locked, cut or changed', async () => {
    const before = await readFile(segmentPath(folder, 1));
    await dump(folder);
    expect(await readFile(segmentPath(folder, 1))).toEqual(before);
    await open.append(intentFixture('d3'));
    expect((await dump(folder, '--decision', 'd3')).out).toContain('d3');
  });
});

test('a record of a later version is printed as it is, and said to be unknown', async () => {
  await appendFile(segmentPath(folder, 1), encodeFrame(JSON.stringify(LATER)));
  const { code, out, err } = await dump(folder, '-n', 'shop', '--kind', 'Weather');
  expect(code).toBe(0);
  expect(err).toBe('note: 1 records of the kind "Weather", which this version does not know\n');
  expect(out).toMatch(/2026-05-04 09:20:00Z +Weather +shop\/web +wind=7 sky=grey\n$/);
});

test('what was learned is said in the words of its kind', async () => {
  const shop = { namespace: 'shop', name: 'web', uid: 'p1' };
  const at = minute(30);
  const learned = [
    {
      kind: 'Situation',
      situation: {
        at,
        policy: shop,
        workload: { name: 'web' },
        action: { from: 4, to: 6, peak: 7, arm: 'forecast' },
        summary: 'weekday morning, load rises',
      },
    },
    {
      kind: 'Anomaly',
      anomaly: {
        policy: shop,
        kind: 'Spike',
        signal: 'latency',
        severity: 'Warning',
        openedAt: at,
        closedAt: at + 60_000,
        message: 'higher than ever',
      },
    },
    {
      kind: 'Document',
      document: { id: 'x', at, namespace: 'shop', title: 'Restart', source: 'ConfigMap/shop/runbook' },
    },
    { kind: 'Forget', at, namespace: 'shop' },
  ];
  for (const record of learned) {
    await appendFile(segmentPath(folder, 1), encodeFrame(JSON.stringify(record)));
  }
  const { code, out, err } = await dump(folder, '-n', 'shop', '--since', '2026-05-04T09:30:00Z');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const rows = out.trimEnd().split('\n').slice(1);
  expect(rows.map((row) => row.split(/ {3,}/).slice(1))).toEqual([
    ['2026-05-04 09:30:00Z', 'Situation', 'shop/web', 'web 4→6 by forecast: weekday morning, load rises'],
    ['2026-05-04 09:31:00Z', 'Anomaly', 'shop/web', 'Warning Spike of latency: higher than ever'],
    ['2026-05-04 09:30:00Z', 'Document', 'shop', 'Restart (ConfigMap/shop/runbook)'],
    ['2026-05-04 09:30:00Z', 'Forget', 'shop', 'namespace=shop'],
  ]);
});

test('a torn tail is a note with its bytes, and stays', async () => {
  const path = segmentPath(folder, 1);
  const whole = await readFile(path);
  const torn = encodeFrame('{"kind":"Applied"}').subarray(0, 20);
  await appendFile(path, torn);
  const { code, err } = await dump(folder);
  expect(code).toBe(0);
  expect(err).toBe(
    `note: ${path}: bytes ${whole.length} to ${whole.length + 20} are no whole record: one is being written, or a crash cut it short\n`,
  );
  expect(await readFile(path)).toEqual(Buffer.concat([whole, torn]));
});

describe('a damaged journal', () => {
  test.each<readonly [string, (bytes: Buffer, applied: number) => Buffer, RegExp]>([
    [
      'a flipped byte in the middle',
      (bytes, applied) => {
        bytes[applied + 20] = 0;
        return bytes;
      },
      /the journal is damaged: .*000000000001\.journal: bytes \d+ to \d+ are bad\n/,
    ],
    [
      'a record that says less than its kind must',
      (bytes) => Buffer.concat([bytes, encodeFrame('{"kind":"Applied","at":1}')]),
      /bytes \d+ to \d+ lack a field that a record Applied has\n/,
    ],
    [
      'a right checksum over something else',
      (bytes) => Buffer.concat([bytes, encodeFrame('[1]')]),
      /bytes \d+ to \d+ hold a right checksum and no record\n/,
    ],
  ])('%s is exit code 2 with file and bytes, and the rest is printed', async (_, damaged, message) => {
    const path = segmentPath(folder, 1);
    const bytes = await readFile(path);
    await writeFile(path, damaged(bytes, bytes.indexOf('{"kind":"Applied"')));
    const { code, out, err } = await dump(folder, '-o', 'json');
    expect(code).toBe(2);
    expect(err).toMatch(message);
    const { journal, records } = JSON.parse(out) as { journal: { damage: unknown }; records: unknown[] };
    expect(journal.damage).toEqual([
      {
        file: path,
        start: expect.any(Number) as number,
        end: expect.any(Number) as number,
        message: expect.any(String) as string,
      },
    ]);
    expect(records.length).toBeGreaterThanOrEqual(5);
  });

  test('of a newer version is exit code 1', async () => {
    await writeFile(segmentPath(folder, 2), encodeFrame('{"journal":99}'));
    const { code, err } = await dump(folder);
    expect(code).toBe(1);
    expect(err).toContain('was written by a newer version of the operator');
  });
});

test.each([
  [[], 2, 'name the folder of a journal'],
  [['a', 'b'], 2, 'unexpected argument "b" after the folder'],
  [['a', '--kind', ''], 2, '--kind is empty'],
  [['a', '-o', 'wide'], 2, '--output must be table, json, jsonl or yaml, found "wide"'],
  [['a', '--since', 'yesterday'], 2, '--since must be a time such as 2026-05-04T09:00:00Z'],
  [['a', '--since', '2parsecs'], 2, '--since must be a duration from 1s to 3660d'],
  [['a', '--since', '2999-01-01'], 2, '--since must not be in the future'],
  [['/nowhere/journal'], 1, 'cannot read /nowhere/journal: ENOENT'],
  [['/dev/null'], 1, '/dev/null is no folder, and a journal is one'],
])('%j is refused in one line with exit code %d', async (args, expected, message) => {
  const { code, out, err } = await dump(...args);
  expect({ code, out }).toEqual({ code: expected, out: '' });
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('a folder without a journal is said to be one', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'dump-empty-'));
  const { code, err } = await dump(empty);
  expect({ code, err }).toEqual({
    code: 0,
    err: `No segment of a journal (000000000001.journal, …) in ${empty}.\n`,
  });
  await rm(empty, { recursive: true });
});
