import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { intentFixture } from '../../../test/support/decision-fixtures.ts';
import { DAMAGES, damageAndLook, makeStore } from '../../../test/support/knowledge-damage.ts';
import { killAndCount } from '../../../test/support/knowledge-kills.ts';
import {
  documentFixture,
  endedAnomalyFixture,
  rewardFixture,
} from '../../../test/support/memory-fixtures.ts';
import { rewardRecord } from '../../loop/knowledge/reward/decision-reward.ts';
import { situationFixture } from '../../../test/support/situation-fixture.ts';
import { smallDisk, type SmallDisk } from '../../../test/support/small-disk.ts';
import { documentRecord } from '../../loop/knowledge/document.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import { Journal } from '../journal/journal.ts';
import { KnowledgeStore, type StoreHealth } from './knowledge-store.ts';
import type { FeatureRow } from './feature-batch.ts';
import type { TableName } from './table-definitions.ts';

const NOW = Date.UTC(2026, 4, 5);
const DRAIN = 30_000;
const LONG = 120_000;

let root: string;
let journal: Journal;
let store: KnowledgeStore | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'knowledge-'));
  journal = await Journal.open({ directory: join(root, 'journal') });
  store = undefined;
});

afterEach(async () => {
  await store?.close();
  await journal.close();
  await rm(root, { recursive: true });
});

function featureRows(count: number): FeatureRow[] {
  const policy = { namespace: 'shop', name: 'web', uid: 'uid-web' };
  // Random bits, so that they are not compressed away.
  const values = (): Float32Array => Float32Array.from({ length: FEATURE_COUNT }, Math.random);
  return Array.from({ length: count }, (_, i) => ({ policy, at: NOW + i * 60_000, values: values() }));
}

/** Numbers from 0 to 1, the same at each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(
  'an operator and its store that are killed again and again lose nothing that was acknowledged, and tell nothing twice',
  async () => {
    const count = await killAndCount(join(root, 'killed'), { lives: 2, storeKills: 5 });
    expect(count).toMatchObject({ kills: 12, lost: [], doubled: [] });
    expect(count.acknowledged).toBeGreaterThan(100);
  },
  LONG,
);

describe('a store whose files are damaged', () => {
  let original: string;
  beforeAll(async () => {
    original = await mkdtemp(join(tmpdir(), 'knowledge-'));
    await makeStore(original);
  }, LONG);
  afterAll(() => rm(original, { recursive: true }));

  const CASES = DAMAGES.flatMap((damage) => [1, 2, 3, 4].map((seed) => [damage, seed] as const));

  test.each(CASES)(
    'by a file that is %s (%i) tells nothing wrong, and is whole again',
    async (damage, seed) => {
      const verdict = await damageAndLook(original, damage, randomFrom(seed * 7919));
      expect(verdict).toMatchObject({ wrong: 0, whole: true });
    },
    LONG,
  );
});

test(
  'a store whose folder is deleted while it is open comes back with all tables; of features those not yet stored',
  async () => {
    const uri = join(root, 'store');
    const emptied: (readonly TableName[])[] = [];
    const open = new KnowledgeStore({
      location: { uri },
      journal,
      flushRows: 1_000_000,
      flushMs: 3_600_000,
      retryMs: 20,
      now: () => NOW,
      onEmptied: (tables) => emptied.push(tables),
    });
    store = open;
    open.start();
    await open.drain(DRAIN);
    await journal.append(intentFixture('d1', { at: NOW }));
    await journal.append(rewardRecord(rewardFixture('d1', { at: NOW })));
    await journal.append(situationRecord(situationFixture({ at: NOW })));
    await journal.append(anomalyRecord(endedAnomalyFixture('a1')));
    await journal.append(documentRecord(documentFixture('r1')));
    const [first, second] = featureRows(2);
    open.appendFeatures([first!]);
    expect(await open.drain(DRAIN)).toBe(true);
    const pid = open.childPid;
    await rm(uri, { recursive: true });
    await journal.append(intentFixture('d2', { at: NOW }));
    open.appendFeatures([second!]);
    expect(await open.drain(DRAIN)).toBe(true);
    expect(open.childPid).toBe(pid);
    const sizes = Object.entries(await open.sizes()).map(([name, { rows }]) => [name, rows]);
    expect(Object.fromEntries(sizes)).toEqual({
      decisions: 2,
      outcomes: 0,
      rewards: 1,
      situations: 1,
      anomalies: 1,
      documents: 1,
      features: 1,
    });
    expect(emptied.at(-1)).toHaveLength(7);
    expect(open.health).toEqual({ state: 'Available' });
  },
  LONG,
);

describe('a tenant who is forgotten', () => {
  test(
    'stays forgotten when the store is rebuilt from a journal that still has the rows',
    async () => {
      const uri = join(root, 'store');
      const open = new KnowledgeStore({ location: { uri }, journal, flushMs: 3_600_000, now: () => NOW });
      store = open;
      open.start();
      await journal.append(situationRecord(situationFixture({ at: NOW - 1 })));
      await journal.append(
        situationRecord(situationFixture({ at: NOW - 1, policyUid: 'u2', namespace: 'bank' })),
      );
      open.appendFeatures(featureRows(1).map((row) => ({ ...row, at: NOW - 1 })));
      expect(await open.deleteTenant({ namespace: 'shop' }, DRAIN)).toBe(true);
      await journal.append(situationRecord(situationFixture({ at: NOW + 1 })));
      await rm(uri, { recursive: true });
      expect(await open.drain(DRAIN)).toBe(true);
      expect((await open.situations(10)).ids).toEqual([`uid-web/${NOW + 1}`, `u2/${NOW - 1}`]);
      expect((await open.sizes()).features.rows).toBe(0);
    },
    LONG,
  );

  test('must be named', async () => {
    store = new KnowledgeStore({ location: { uri: join(root, 'store') }, journal });
    await expect(store.deleteTenant({ namespace: '' }, DRAIN)).rejects.toThrow(
      'give a namespace or a policy uid',
    );
  });
});

/** Only who may mount one has a disk that can be filled. */
const probe = await smallDisk(1 << 16);
await probe?.remove();
const onSmallDisk = probe === undefined ? test.skip : test;

describe('a disk that is full', () => {
  let disk: SmallDisk | undefined;
  afterEach(async () => {
    await store?.close();
    await disk?.remove();
  });

  onSmallDisk(
    'is said so, with nothing lost: rows stay in the journal and in memory until there is room again',
    async () => {
      disk = await smallDisk(8 << 20);
      if (disk === undefined) throw new Error('a disk could be mounted, and now it cannot');
      const healths: StoreHealth[] = [];
      const open = new KnowledgeStore({
        location: { uri: join(disk.path, 'store') },
        journal,
        flushRows: 1_000_000,
        flushMs: 3_600_000,
        retryMs: 20,
        now: () => NOW,
        onHealth: (health) => healths.push(health),
      });
      store = open;
      open.start();
      expect(await open.drain(DRAIN)).toBe(true);
      // A quarter is free, so writing begins; 2.4 MB of features do not fit.
      const filler = join(disk.path, 'filler');
      await writeFile(filler, Buffer.alloc(6 << 20));
      open.appendFeatures(featureRows(32_000));
      await journal.append(intentFixture('d1', { at: NOW }));
      expect(await open.drain(DRAIN)).toBe(false);
      expect(open.health).toMatchObject({ state: 'Unavailable', reason: 'DiskFull' });
      expect(open.statistics.waitingFeatures).toBe(32_000);
      // Now there is hardly anything left: not even begun.
      await writeFile(filler, Buffer.alloc((7 << 20) + (1 << 19)));
      await journal.append(intentFixture('d2', { at: NOW }));
      expect(await open.drain(DRAIN)).toBe(false);
      await rm(filler);
      // By itself: nobody asks for it.
      while (open.health.state !== 'Available') await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await open.drain(DRAIN)).toBe(true);
      expect((await open.query({ limit: 10 })).decisions).toHaveLength(2);
      expect((await open.sizes()).features.rows).toBe(32_000);
      expect(open.statistics.droppedFeatures).toBe(0);
      expect(healths.map(({ state }) => state)).toEqual(['Available', 'Unavailable', 'Available']);
    },
    LONG,
  );
});
