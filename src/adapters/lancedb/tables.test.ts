import { mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { rewardFixture } from '../../../test/support/memory-fixtures.ts';
import { situationFixture } from '../../../test/support/situation-fixture.ts';
import { situationRow } from './memory-rows.ts';
import { rewardRow } from './reward-rows.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { batchOf as batchOfRows, changeOf, type RowBatch } from './row-batch.ts';
import { KnowledgeTables } from './tables.ts';

/** The fixtures' decisions are not yet too old. */
const NOW = Date.UTC(2026, 4, 5);

let uri: string;
let tables: KnowledgeTables;

beforeEach(async () => {
  uri = await mkdtemp(join(tmpdir(), 'knowledge-'));
  ({ tables } = await KnowledgeTables.repair({ uri }, 1));
});

afterEach(async () => {
  tables.close();
  await rm(uri, { recursive: true });
});

function batchOf(...records: JournalRecord[]): RowBatch {
  return batchOfRows(
    records.map((record) => {
      const change = changeOf(record);
      if (change === undefined || !('table' in change)) throw new Error(`no row: ${JSON.stringify(change)}`);
      return change;
    }),
  );
}

const idsOf = async (query: Parameters<KnowledgeTables['query']>[0]): Promise<string[]> =>
  (await tables.query(query)).decisions.map(({ decision }) => decision.decision_id);

describe('the tables', () => {
  test('give back what was written, field by field, with its outcome', async () => {
    const batch = batchOf(intentFixture('d1'), intentFixture('d2', { at: 5 }), closedFixture('d1'));
    await tables.append(batch, false);
    expect(await tables.query({ limit: 10 })).toEqual({
      decisions: [
        { decision: batch.decisions?.[0], outcome: batch.outcomes?.[0] },
        { decision: batch.decisions?.[1], outcome: null },
      ],
      corruptRows: 0,
    });
  });

  test('forty rows that know as little as rows can know go in and come out', async () => {
    const nothing = {
      measuredSeconds: 0,
      violatedSeconds: null,
      requests: null,
      badRequests: null,
      restarts: null,
      throttledShare: null,
      cost: null,
    };
    const times = Array.from({ length: 40 }, (_, index) => index);
    const situations = times.map((at) =>
      situationRow(situationFixture({ at, arms: [], succeeded: null, outcome: nothing })),
    );
    const rewards = times.map((at) =>
      rewardRow(
        rewardFixture(`d${at}`, {
          outcome: situationFixture({ outcome: nothing }).outcome,
          baseline: null,
          reward: null,
          advantage: null,
          succeeded: null,
        }),
      ),
    );
    await tables.append({ situations, rewards }, false);
    expect((await tables.situations(100)).count).toBe(40);
    const found = await tables.rows('rewards', { limit: 100 });
    expect(found.rows).toHaveLength(40);
    expect(found.rows[0]).toMatchObject({ reward: null, succeeded: null, baseline_arm: null });
    expect(await tables.verify()).toBe(0);
  });

  test('rows that are all null in a column go in and come out', async () => {
    const batch = batchOf({ ...intentFixture('d1'), decision: {} }, { ...closedFixture('d1'), outcome: {} });
    await tables.append(batch, false);
    expect((await tables.query({ limit: 1 })).decisions).toEqual([
      { decision: batch.decisions?.[0], outcome: batch.outcomes?.[0] },
    ]);
  });

  test('duplicates collapse, however many fill the first page', async () => {
    const newest = intentFixture('newest', { at: 1000 });
    for (let i = 0; i < 3; i += 1) {
      await tables.append(batchOf(...Array.from({ length: 10 }, () => newest)), false);
    }
    await tables.append(batchOf(intentFixture('older', { at: 1 })), false);
    expect(await idsOf({ limit: 2 })).toEqual(['newest', 'older']);
  });

  test('what is there already is left out when that is asked for', async () => {
    await tables.append(batchOf(intentFixture('d1'), closedFixture('d1')), false);
    await tables.append(batchOf(intentFixture('d1'), intentFixture('d2'), closedFixture('d1')), true);
    await tables.append(batchOf(intentFixture('d1')), true);
    expect(await idsOf({ limit: 10 })).toHaveLength(2);
    expect(await tables.fragments()).toBe(2);
  });

  test('filters by namespace and policy, newest first, at most limit', async () => {
    const policy = (namespace: string, name: string) => ({
      policy: { namespace, name, uid: 'u', generation: 1 },
    });
    await tables.append(
      batchOf(
        intentFixture('a', { at: 1, ...policy('shop', 'web') }),
        intentFixture('b', { at: 2, ...policy('shop', 'api') }),
        intentFixture('c', { at: 3, ...policy('bank', 'web') }),
        intentFixture('d', { at: 4, ...policy('shop', 'web') }),
      ),
      false,
    );
    expect(await idsOf({ limit: 10, namespace: 'shop' })).toEqual(['d', 'b', 'a']);
    expect(await idsOf({ limit: 1, namespace: 'shop', policy: 'web' })).toEqual(['d']);
    expect(await idsOf({ limit: 10, policy: 'web' })).toEqual(['d', 'c', 'a']);
    expect(await idsOf({ limit: 10, namespace: 'none' })).toEqual([]);
  });

  test('any text is stored and found again as it is: quotes, SQL, backslashes, NUL, emoji', async () => {
    const hostile = [
      "' OR 1=1 --",
      "'; DROP TABLE decisions; --",
      '\\',
      "\\'",
      '%_',
      '\u0000',
      '"`$(x)',
      '😀é',
      '--',
    ];
    const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 12 }));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(text, text, async (namespace, name) => {
        number += 1;
        const id = `${number}-${name}`;
        const record = intentFixture(id, { policy: { namespace, name, uid: 'u', generation: 1 } });
        await tables.append(batchOf(record, closedFixture(id)), true);
        const { decisions, corruptRows } = await tables.query({ limit: 1000, namespace, policy: name });
        expect(corruptRows).toBe(0);
        expect(decisions.every(({ decision }) => decision.namespace === namespace.toWellFormed())).toBe(true);
        expect(
          decisions.find(({ decision }) => decision.decision_id === id.toWellFormed())?.outcome,
        ).not.toBeNull();
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('a row whose values do not fit its checksum is left out and counted', async () => {
    const batch = batchOf(intentFixture('good'), intentFixture('bad'));
    const decisions = batch.decisions!.map((row) =>
      row.decision_id === 'bad' ? { ...row, to_replicas: 900 } : row,
    );
    await tables.append({ decisions }, false);
    expect(await tables.query({ limit: 10 })).toMatchObject({
      decisions: [{ decision: { decision_id: 'good' } }],
      corruptRows: 1,
    });
  });

  test('maintenance joins the files and loses nothing', async () => {
    for (let i = 0; i < 5; i += 1) await tables.append(batchOf(intentFixture(`d${i}`)), false);
    expect(await tables.fragments()).toBe(5);
    await tables.maintain(DEFAULT_LIMITS, NOW, 0);
    expect(await tables.fragments()).toBe(1);
    expect(await idsOf({ limit: 10 })).toHaveLength(5);
  });
});

describe('damaged tables', () => {
  const versions = (): string => join(uri, 'decisions.lance', '_versions');
  const newestManifest = async (): Promise<string> =>
    join(versions(), (await readdir(versions())).sort()[0]!);
  const dataFiles = async (): Promise<string[]> => {
    const directory = join(uri, 'decisions.lance', 'data');
    return (await readdir(directory)).map((name) => join(directory, name));
  };

  /** What is left of d1 and d2, written in this order, after the repair. */
  const DAMAGES: readonly [string, () => Promise<unknown>, string[]][] = [
    ['an empty newest manifest', async () => truncate(await newestManifest(), 0), ['d1']],
    ['half a newest manifest', async () => truncate(await newestManifest(), 150), ['d1']],
    [
      'rubbish in the newest manifest',
      async () => writeFile(await newestManifest(), 'x'.repeat(500)),
      ['d1'],
    ],
    ['no manifests', () => rm(versions(), { recursive: true }), []],
    ['no table', () => rm(join(uri, 'decisions.lance'), { recursive: true }), []],
  ];

  test.each(DAMAGES)('%s: opening asks for repair, and repair keeps what it can', async (_, damage, left) => {
    await tables.append(batchOf(intentFixture('d1', { at: 1 })), false);
    await tables.append(batchOf(intentFixture('d2', { at: 2 })), false);
    tables.close();
    await damage();
    await expect(KnowledgeTables.open({ uri })).rejects.toMatchObject({ reason: 'NeedsRepair' });
    ({ tables } = await KnowledgeTables.repair({ uri }, 2));
    expect(await idsOf({ limit: 10 })).toEqual(left);
    await tables.append(batchOf(intentFixture('d3')), true);
    expect(await idsOf({ limit: 10 })).toContain('d3');
  });

  test.each([
    ['missing', (path: string) => unlink(path)],
    ['empty', (path: string) => truncate(path, 0)],
    [
      'flipped in the middle',
      async (path: string) => {
        const bytes = await readFile(path);
        await writeFile(
          path,
          bytes.map((byte, i) => (i > 30 ? byte ^ 0xff : byte)),
        );
      },
    ],
  ])(
    'a data file that is %s is found by maintenance; repair puts the table away whole',
    async (_, damage) => {
      await tables.append(batchOf(intentFixture('d1')), false);
      await tables.append(batchOf(intentFixture('d2')), false);
      await damage((await dataFiles())[0]!);
      await expect(tables.query({ limit: 1000 })).rejects.toMatchObject({ reason: 'QueryFailed' });
      await expect(tables.maintain(DEFAULT_LIMITS, NOW, 0)).rejects.toMatchObject({ reason: 'NeedsRepair' });
      tables.close();
      ({ tables } = await KnowledgeTables.repair({ uri }, 7));
      expect(await idsOf({ limit: 10 })).toEqual([]);
      expect(await readdir(join(uri, 'quarantine'))).toEqual(['decisions-7.lance.bad']);
    },
  );

  test('a path that cannot be a store is an error about the path, and nothing is moved', async () => {
    const file = join(uri, 'file');
    await writeFile(file, '');
    await expect(KnowledgeTables.open({ uri: join(file, 'store') })).rejects.toMatchObject({
      reason: 'CannotOpen',
    });
  });
});
