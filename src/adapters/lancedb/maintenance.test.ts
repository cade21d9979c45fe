import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import {
  documentFixture,
  endedAnomalyFixture,
  rewardFixture,
} from '../../../test/support/memory-fixtures.ts';
import { rewardRecord } from '../../loop/knowledge/reward/decision-reward.ts';
import { situationFixture } from '../../../test/support/situation-fixture.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { documentRecord } from '../../loop/knowledge/document.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import { FeatureBatchBuilder } from './feature-batch.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { batchOf, changeOf } from './row-batch.ts';
import { KnowledgeTables } from './tables.ts';

const NOW = Date.UTC(2026, 4, 5);
const DAY = 86_400_000;

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

async function store(...records: readonly JournalRecord[]): Promise<void> {
  const rows = records.map(changeOf).flatMap((change) => (change && 'table' in change ? [change] : []));
  expect(rows).toHaveLength(records.length);
  await tables.append(batchOf(rows), false);
}

async function storeFeatures(namespace: string, uid: string, times: readonly number[]): Promise<void> {
  const builder = new FeatureBatchBuilder(times.length);
  const values = new Float32Array(FEATURE_COUNT);
  for (const at of times) builder.add({ policy: { namespace, name: uid, uid }, at, values });
  await tables.appendFeatures([builder.batch()]);
}

/** The files of the store that have the text in them. */
async function holding(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(uri, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text))
      found.push(entry.parentPath + '/' + entry.name);
  }
  return found;
}

const rowCounts = async (): Promise<number[]> => Object.values(await tables.sizes()).map(({ rows }) => rows);

describe('maintenance', () => {
  test('deletes what is older than the limit of its table', async () => {
    await store(
      intentFixture('old', { at: NOW - 91 * DAY }),
      intentFixture('young', { at: NOW - 89 * DAY }),
      situationRecord(situationFixture({ at: NOW - 900 * DAY })),
      anomalyRecord(endedAnomalyFixture('a1', { closedAt: NOW - 366 * DAY })),
    );
    await tables.maintain(DEFAULT_LIMITS, NOW, 0);
    const { decisions } = await tables.query({ limit: 10 });
    expect(decisions.map(({ decision }) => decision.decision_id)).toEqual(['young']);
    expect(await rowCounts()).toEqual([1, 0, 0, 1, 0, 0, 0]);
  });

  test('keeps the newest of too many', async () => {
    const situations = Array.from({ length: 30 }, (_, i) =>
      situationRecord(situationFixture({ at: NOW + i })),
    );
    await store(...situations);
    const limits = { ...DEFAULT_LIMITS, situations: { maxAgeMs: null, maxRows: 10 } };
    await tables.maintain(limits, NOW, 0);
    const { rows } = await tables.rows('situations', { limit: 100 });
    expect(rows.map(({ at }) => at - NOW)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
  });

  test('keeps the newest revision of each document', async () => {
    await store(
      documentRecord(documentFixture('r1', { at: 1 })),
      documentRecord(documentFixture('r1', { at: 3, title: 'newest' })),
      documentRecord(documentFixture('r2', { at: 2 })),
      documentRecord(documentFixture('r1', { at: 2 })),
    );
    await tables.maintain(DEFAULT_LIMITS, NOW, 0);
    const { rows } = await tables.rows('documents', { limit: 10 });
    expect(rows.map((row) => row.revision_id)).toEqual(['r1@3', 'r2@2']);
  });
});

describe('a tenant who is forgotten', () => {
  const policy = (namespace: string, uid: string) => ({ namespace, name: uid, uid, generation: 1 });

  beforeEach(async () => {
    for (const [namespace, uid] of [
      ['shop', 'uid-web'],
      ['shop', 'uid-api'],
      ["o'shop", 'uid-other'],
    ] as const) {
      await store(
        intentFixture(`d-${uid}`, { policy: policy(namespace, uid) }),
        closedFixture(`d-${uid}`),
        rewardRecord(rewardFixture(`d-${uid}`, { policy: policy(namespace, uid) })),
        situationRecord(situationFixture({ policyUid: uid, namespace })),
        anomalyRecord(endedAnomalyFixture(`a-${uid}`, { policy: policy(namespace, uid) })),
        documentRecord(documentFixture(`r-${uid}`, { namespace, text: `secret of ${uid}` })),
      );
      await storeFeatures(namespace, uid, [NOW - DAY]);
    }
    await store(documentRecord(documentFixture('everybody', { namespace: null })));
  });

  test('as a namespace leaves no row and no byte, and nothing else goes', async () => {
    expect(await holding('uid-web')).not.toEqual([]);
    await tables.forget({ at: NOW, namespace: 'shop' });
    expect(await rowCounts()).toEqual([1, 1, 1, 1, 1, 2, 1]);
    expect(await holding('uid-web')).toEqual([]);
    expect(await holding('uid-api')).toEqual([]);
    expect(await holding('uid-other')).not.toEqual([]);
  });

  test('as a policy leaves its namespace and its documents alone', async () => {
    await tables.forget({ at: NOW, policyUid: 'uid-api' });
    expect(await rowCounts()).toEqual([2, 2, 2, 2, 2, 4, 2]);
  });

  test('may have a quote in the name, and is forgotten once more without harm', async () => {
    for (let i = 0; i < 2; i += 1) await tables.forget({ at: NOW, namespace: "o'shop" });
    expect(await rowCounts()).toEqual([2, 2, 2, 2, 2, 3, 2]);
  });

  test('keeps what came after that', async () => {
    await store(situationRecord(situationFixture({ at: NOW + 1 })));
    await tables.forget({ at: NOW, namespace: 'shop' });
    expect(await rowCounts()).toEqual([1, 1, 1, 2, 1, 2, 1]);
  });
});
