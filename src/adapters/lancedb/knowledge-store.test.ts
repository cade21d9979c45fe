import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { documentFixture, endedAnomalyFixture } from '../../../test/support/memory-fixtures.ts';
import { pointAt, situationFixture } from '../../../test/support/situation-fixture.ts';
import { documentRecord } from '../../loop/knowledge/document.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import { Journal } from '../journal/journal.ts';
import { KnowledgeStore, type KnowledgeStoreOptions, type StoreHealth } from './knowledge-store.ts';
import { situationAt } from './situation-columns.ts';

let root: string;
let uri: string;
let journal: Journal;
let stores: KnowledgeStore[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'knowledge-'));
  uri = join(root, 'store');
  journal = await Journal.open({ directory: join(root, 'journal') });
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await journal.close();
  await rm(root, { recursive: true });
});

/** A store that writes only when it is told to, unless the test says otherwise. */
function openStore(options: Partial<KnowledgeStoreOptions> = {}): KnowledgeStore {
  const store = new KnowledgeStore({
    location: { uri },
    journal,
    flushRows: 1_000_000,
    flushMs: 3_600_000,
    retryMs: 50,
    // The fixtures' decisions are not yet too old.
    now: () => Date.UTC(2026, 4, 5),
    ...options,
  });
  stores.push(store);
  return store;
}

const DRAIN = 20_000;

async function decide(...ids: string[]): Promise<void> {
  await Promise.all(ids.map((id) => journal.append(intentFixture(id))));
}

/** An export that fails because its process was killed is not the last word. */
async function drained(store: KnowledgeStore): Promise<void> {
  for (let attempt = 1; !(await store.drain(DRAIN)); attempt += 1) expect(attempt).toBeLessThan(10);
}

async function storedIds(store: KnowledgeStore): Promise<string[]> {
  const { decisions } = await store.query({ limit: 1000 });
  return decisions.map(({ decision }) => decision.decision_id).sort();
}

/** Generous: only a condition that never comes true takes so long. */
const PATIENCE = 100_000;
const LONG = 240_000;

async function until(condition: () => boolean): Promise<void> {
  const giveUp = Date.now() + PATIENCE;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error(`never came true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the knowledge store', () => {
  test(
    'carries decisions and outcomes from the journal to LanceDB, each once',
    async () => {
      const store = openStore();
      store.start();
      await decide('d1', 'd2');
      await journal.append(closedFixture('d1'));
      expect(await store.drain(DRAIN)).toBe(true);
      const { decisions } = await store.query({ limit: 10 });
      expect(decisions.map(({ decision, outcome }) => [decision.decision_id, outcome?.result])).toEqual([
        ['d1', 'Met'],
        ['d2', undefined],
      ]);
      expect(store.health).toEqual({ state: 'Available' });
      expect(store.statistics).toMatchObject({ storedRows: 3, waitingRows: 0, commits: 1, failures: 0 });
    },
    LONG,
  );

  test(
    'writes by itself when enough rows wait',
    async () => {
      const store = openStore({ flushRows: 5 });
      store.start();
      await store.drain(DRAIN);
      await decide('d1', 'd2', 'd3', 'd4', 'd5');
      await until(() => store.statistics.storedRows === 5);
    },
    LONG,
  );

  test(
    'writes by itself when the time is up, and the process ends when there is nothing to do',
    async () => {
      const store = openStore({ flushMs: 20, idleMs: 20 });
      store.start();
      await decide('d1');
      await until(() => store.statistics.storedRows === 1);
      await until(() => store.childPid === undefined);
      await decide('d2');
      await until(() => store.statistics.storedRows === 2);
    },
    LONG,
  );

  test(
    'goes on where an earlier process stopped',
    async () => {
      const first = openStore();
      first.start();
      await decide('d1');
      await first.drain(DRAIN);
      await first.close();
      await decide('d2');
      const second = openStore();
      second.start();
      await second.drain(DRAIN);
      expect(await storedIds(second)).toEqual(['d1', 'd2']);
      expect(second.statistics.storedRows).toBe(1);
    },
    LONG,
  );

  test(
    'replaces its process after some commits',
    async () => {
      const store = openStore({ recycleCommits: 2 });
      store.start();
      for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) {
        await decide(id);
        await store.drain(DRAIN);
      }
      expect(store.statistics.processStarts).toBe(3);
      expect(await storedIds(store)).toHaveLength(5);
    },
    LONG,
  );
});

describe('what was learned', () => {
  test(
    'comes back through the store: situations in columns, anomalies, documents as they now are',
    async () => {
      const store = openStore();
      store.start();
      const situation = situationFixture({ embedding: pointAt(0.1, -7) });
      await journal.append(situationRecord(situation));
      await journal.append(situationRecord(situation));
      await journal.append(anomalyRecord(endedAnomalyFixture('a1')));
      for (const [at, title] of [
        [1, 'first'],
        [2, 'second'],
      ] as const) {
        await journal.append(documentRecord(documentFixture('r1', { at, title })));
      }
      await journal.append(documentRecord(documentFixture('r2', { at: 1 })));
      await journal.append(documentRecord(documentFixture('r2', { at: 2, removed: true })));
      expect(await store.drain(DRAIN)).toBe(true);
      const situations = await store.situations(10);
      expect(Array.from({ length: situations.count }, (_, i) => situationAt(situations, i))).toEqual([
        situation,
      ]);
      expect(await store.anomalies({ limit: 10, namespace: 'shop' })).toEqual([endedAnomalyFixture('a1')]);
      expect(await store.anomalies({ limit: 10, since: Date.UTC(2026, 4, 4, 9, 11) })).toEqual([]);
      expect(await store.documents()).toEqual([documentFixture('r1', { at: 2, title: 'second' })]);
    },
    LONG,
  );

  test(
    'and is no row is left out and named; what follows it is stored',
    async () => {
      const refused: string[] = [];
      const store = openStore({ onRefused: (message) => refused.push(message) });
      store.start();
      await journal.append({ kind: 'Situation', situation: { ...situationFixture(), embedding: [1, 2, 3] } });
      await decide('d1');
      expect(await store.drain(DRAIN)).toBe(true);
      expect(refused).toEqual([
        expect.stringMatching(/uid-web\/\d+: the embedding has 3 numbers; it must have 64/),
      ]);
      expect(store.statistics).toMatchObject({ refusedRows: 1, storedRows: 1, waitingRows: 0 });
      expect(await storedIds(store)).toEqual(['d1']);
    },
    LONG,
  );

  test(
    'of features goes from memory, each once, and is found as of a time',
    async () => {
      const policy = { namespace: 'shop', name: 'web', uid: 'uid-web' };
      const START = Date.UTC(2026, 4, 4, 9);
      const row = (minute: number) => ({
        policy,
        at: START + minute * 60_000,
        values: new Float32Array(FEATURE_COUNT).fill(minute),
      });
      const first = openStore({ flushMs: 20 });
      first.start();
      first.appendFeatures([row(1), row(2)]);
      await until(() => first.statistics.storedFeatures === 2);
      await first.close();
      const second = openStore();
      second.start();
      second.appendFeatures([row(2), row(3)]);
      expect(await second.drain(DRAIN)).toBe(true);
      expect((await second.sizes()).features.rows).toBe(3);
      const found = await second.featuresAsOf({
        policyUids: ['uid-web'],
        policy: Uint32Array.of(0, 0, 0),
        at: Float64Array.of(START + 59_999, START + 130_000, START + 900_000),
        toleranceMs: 60_000,
      });
      expect([...found.at]).toEqual([NaN, START + 120_000, NaN]);
      expect(found.values.subarray(FEATURE_COUNT, 2 * FEATURE_COUNT)).toEqual(row(2).values);
    },
    LONG,
  );
});

describe('a process that fails', () => {
  test(
    'killed again and again in mid-write costs no row and gives none twice',
    async () => {
      const store = openStore({ flushRows: 1, retryMs: 1 });
      store.start();
      const kill = (): boolean => store.childPid !== undefined && process.kill(store.childPid, 'SIGKILL');
      // Some milliseconds after a batch was taken, different ones each time, the next is being written.
      let kills = 0;
      journal.subscribe((record) => {
        if (record.kind === 'Exported' && kills < 10) setTimeout(kill, (kills += 1));
      });
      const ids = Array.from({ length: 60 }, (_, i) => `d${i + 100}`);
      for (const id of ids) {
        await decide(id);
        await until(() => store.statistics.waitingRows < 3);
      }
      await drained(store);
      expect(kills).toBe(10);
      expect(store.statistics.failures).toBeGreaterThan(0);
      expect(await storedIds(store)).toEqual(ids);
    },
    LONG,
  );

  test(
    'stopped, it delays no append; it is killed at the deadline, and another takes over',
    async () => {
      const changes: StoreHealth[] = [];
      const store = openStore({
        flushRows: 1,
        deadlineMs: 5_000,
        onHealth: (health) => changes.push(health),
      });
      store.start();
      await decide('d1');
      await drained(store);
      await until(() => store.childPid !== undefined);
      const stopped = store.childPid!;
      process.kill(stopped, 'SIGSTOP');
      const ids = Array.from({ length: 300 }, (_, i) => `e${i}`);
      await decide(...ids);
      // All three hundred were acknowledged while the stopped process had not even been given up.
      expect(store.childPid).toBe(stopped);
      expect(store.statistics.waitingRows).toBe(300);
      await until(() => store.health.state === 'Unavailable');
      expect(store.health).toMatchObject({ reason: 'TimedOut' });
      await drained(store);
      expect(await storedIds(store)).toHaveLength(301);
      // On a busy machine the first process may take longer to start than it is given.
      const states = changes.map((health) => health.state);
      expect(states.slice(states.indexOf('Available'))).toEqual(['Available', 'Unavailable', 'Available']);
    },
    LONG,
  );

  test(
    'a store that cannot be made is said to be unavailable, and decisions stay in the journal',
    async () => {
      const store = openStore({ location: { uri: '/dev/null/store' } });
      store.start();
      await decide('d1');
      expect(await store.drain(DRAIN)).toBe(false);
      expect(store.health).toMatchObject({ state: 'Unavailable', reason: 'CannotOpen' });
      expect(journal.exportedThrough).toEqual({ segment: 0, offset: 0 });
      await store.close();
      const mended = openStore();
      mended.start();
      await mended.drain(DRAIN);
      expect(await storedIds(mended)).toEqual(['d1']);
    },
    LONG,
  );
});

describe('a store that is lost', () => {
  const LOSSES: readonly [string, () => Promise<unknown>][] = [
    ['deleted', () => rm(uri, { recursive: true })],
    ['cut in its newest manifest', () => forNewest('_versions', (path) => truncate(path, 0))],
    ['without one table', () => rm(join(uri, 'outcomes.lance'), { recursive: true })],
  ];

  test.each(LOSSES)(
    '%s is rebuilt from the journal, each row once',
    async (_, lose) => {
      const store = openStore({ idleMs: 50 });
      store.start();
      for (const id of ['d1', 'd2', 'd3']) {
        await decide(id);
        await journal.append(closedFixture(id));
        // Until it is done: in the middle of an export there may be no process for a moment, too.
        await drained(store);
      }
      await until(() => store.childPid === undefined);
      await lose();
      await decide('d4');
      await drained(store);
      const { decisions } = await store.query({ limit: 10 });
      expect(
        decisions.map(({ decision, outcome }) => [decision.decision_id, outcome?.result]).sort(),
      ).toEqual([
        ['d1', 'Met'],
        ['d2', 'Met'],
        ['d3', 'Met'],
        ['d4', undefined],
      ]);
      expect(store.statistics.rebuilds).toBe(2);
    },
    LONG,
  );

  async function forNewest(part: string, change: (path: string) => Promise<unknown>): Promise<void> {
    const directory = join(uri, 'decisions.lance', part);
    await change(join(directory, (await readdir(directory)).sort()[0]!));
  }
});
