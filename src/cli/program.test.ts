import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'yaml';

import { closedFixture, decisionFixture, intentFixture } from '../../test/support/decision-fixtures.ts';
import { batchOf, changeOf } from '../adapters/lancedb/row-batch.ts';
import { KnowledgeTables } from '../adapters/lancedb/tables.ts';
import { replicaCount } from '../api/replica-count.ts';
import { recordOf, type JournalRecord } from '../loop/execute/journal-record.ts';
import { run } from './program.ts';

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function autonomic(...args: string[]): Promise<Result> {
  let out = '';
  let err = '';
  const code = await run(args, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}

describe('kubectl autonomic', () => {
  test.each([[[]], [['--help']], [['help']]])('%j lists the commands', async (args) => {
    const { code, out, err } = await autonomic(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/decisions +Recorded decisions/);
  });

  test('decisions --help explains every flag and every outcome', async () => {
    const { code, out } = await autonomic('decisions', '--help');
    expect(code).toBe(0);
    for (const word of [
      '--store',
      '--namespace',
      '--policy',
      '--limit',
      '--output',
      'UndoneByPerson',
      'Pending',
    ]) {
      expect(out).toContain(word);
    }
  });

  test('a command under another has a help text of its own', async () => {
    const { code, out } = await autonomic('backtest', 'sizing', '--help');
    expect(code).toBe(0);
    expect(out).toContain('cpu_used,cpu_requested,memory_used,memory_requested');
  });

  test.each([
    [['decide'], 'unknown command "decide"; known are: backtest, evaluate, '],
    [['decisions', '--limit', 'many'], '--limit must be a whole number from 1 to 10000, found "many"'],
    [['decisions', '--limit', '0'], 'from 1 to 10000, found "0"'],
    [['decisions', '-o', 'xml'], '--output must be table, wide, json or yaml, found "xml"'],
    [['decisions', '--store', ''], '--store is empty'],
    [['decisions', '--stroe', 'x'], "Unknown option '--stroe'"],
    [['backtest', 'sizing'], '--input is missing: name a CSV file or a folder of them'],
    [['decisions', 'web'], "Unexpected argument 'web'"],
    [['decisions', '-n'], "Option '-n, --namespace <value>' argument missing"],
  ])('%j is refused with exit code 2 and one line', async (args, message) => {
    const { code, out, err } = await autonomic(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a store that is not there is exit code 1 and one line, and none is made', async () => {
    const { code, out, err } = await autonomic('decisions', '--store', '/nowhere/store');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('cannot read the store /nowhere/store: there is no directory /nowhere/store');
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('kubectl autonomic decisions', () => {
  let store: string;

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'knowledge-'));
    const minute = (n: number): number => Date.UTC(2026, 4, 4, 9, n);
    const api = { namespace: 'shop', name: 'api', uid: 'p2', generation: 1 };
    const bank = { namespace: 'bank', name: 'ledger', uid: 'p3', generation: 1 };
    const down = { action: 'ScaleDown', from: replicaCount(9), to: replicaCount(3) } as const;
    const records: JournalRecord[] = [
      intentFixture('d1', { at: minute(0) }),
      closedFixture('d1'),
      intentFixture('d2', { at: minute(1), policy: api, ...down, message: 'demand fell \u001b[31mred' }),
      {
        kind: 'Aborted',
        decisionId: 'd2',
        at: minute(2),
        reason: 'TargetChanged',
        message: 'replicas are 7 now',
      },
      recordOf('Proposal', decisionFixture('d3', { at: minute(3), policy: bank, mode: 'Preview' })),
      intentFixture('d4', { at: minute(4), message: 'a sentence that says very much. '.repeat(5) }),
    ];
    const { tables } = await KnowledgeTables.repair({ uri: store }, 1);
    for (const record of records) {
      const change = changeOf(record);
      if (change !== undefined && 'table' in change) await tables.append(batchOf([change]), false);
    }
    tables.close();
  });

  afterAll(() => rm(store, { recursive: true }));

  test('prints an aligned table, newest first, with no control characters and no cut columns', async () => {
    const { code, out, err } = await autonomic('decisions', '--store', store);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        'TIME                   POLICY        ACTION          WHY                                                                        OUTCOME',
        '2026-05-04 09:04:00Z   shop/web      ScaleUp 4→9     a sentence that says very much. a sentence that says very much. a sente…   Pending',
        '2026-05-04 09:03:00Z   bank/ledger   ScaleUp 4→9     requests will peak at 412 within 60 s (95% sure), 9 replicas serve 450.    NotCarriedOut',
        '2026-05-04 09:01:00Z   shop/api      ScaleDown 9→3   demand fell \ufffd[31mred                                                       Aborted: TargetChanged',
        '2026-05-04 09:00:00Z   shop/web      ScaleUp 4→9     requests will peak at 412 within 60 s (95% sure), 9 replicas serve 450.    Met',
        '',
      ].join('\n'),
    );
  });

  test('-o wide has what the table leaves out', async () => {
    const { out } = await autonomic('decisions', '--store', store, '-o', 'wide');
    expect(out).toMatch(/requests ≤ 412 \(95%\) +Met/);
    expect(out).toContain('0s of 600s');
    expect(out).toContain('replicas are 7 now');
    expect(out).toContain('a sentence that says very much. '.repeat(5).trimEnd());
  });

  test('-o json and -o yaml say the same, whole, and with times in ISO 8601', async () => {
    const json = await autonomic(
      'decisions',
      '--store',
      store,
      '-o',
      'json',
      '-n',
      'shop',
      '--policy',
      'web',
    );
    const document = JSON.parse(json.out) as { decisions: Record<string, unknown>[] };
    expect(document.decisions.map(({ id }) => id)).toEqual(['d4', 'd1']);
    expect(document.decisions[1]).toMatchObject({
      at: '2026-05-04T09:00:00.000Z',
      policy: { namespace: 'shop', name: 'web', generation: 3 },
      from: 4,
      to: 9,
      carriedOut: true,
      forecast: { metric: 'requests', upper: 412 },
      proposals: [{ source: 'Forecast', replicas: 9 }],
      outcome: { ending: 'Closed', result: 'Met', violatedSeconds: 0, at: '2026-05-04T09:10:00.000Z' },
    });
    const yaml = await autonomic(
      'decisions',
      '--store',
      store,
      '-o',
      'yaml',
      '-n',
      'shop',
      '--policy',
      'web',
    );
    expect(parse(yaml.out)).toEqual(document);
  });

  test.each([
    [['-n', 'bank'], ['bank/ledger']],
    [['--policy', 'api'], ['shop/api']],
    [['--limit', '1'], ['shop/web']],
  ])('%j restricts the list', async (flags, policies) => {
    const { out } = await autonomic('decisions', '--store', store, ...flags);
    const lines = out.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(/ {3}/)[1])).toEqual(policies);
  });

  test('an empty answer says so on standard error, and is an empty list for a program', async () => {
    const { code, out, err } = await autonomic(
      'decisions',
      '--store',
      store,
      '-n',
      "no'where",
      '--policy',
      'x',
    );
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain(`No decisions of policy "x" in namespace "no'where" in ${store} yet.`);
    const json = await autonomic('decisions', '--store', store, '-n', 'nowhere', '-o', 'json');
    expect(JSON.parse(json.out)).toEqual({ decisions: [] });
  });
});
