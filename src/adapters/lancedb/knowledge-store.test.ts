import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { Journal } from '../journal/journal.ts';
import { KnowledgeStore, type KnowledgeStoreOptions, type StoreHealth } from './knowledge-store.ts';

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
const PATIENCE = 20_000;
const LONG = 60_000;

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
        deadlineMs: 1_500,
        onHealth: (health) => changes.push(health),
      });
      store.start();
      await store.drain(DRAIN);
      await decide('d1');
      await store.drain(DRAIN);
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
      const store = openStore({ idleMs: 1 });
      store.start();
      for (const id of ['d1', 'd2', 'd3']) {
        await decide(id);
        await journal.append(closedFixture(id));
        await store.drain(DRAIN);
      }
      await until(() => store.childPid === undefined);
      await lose();
      await decide('d4');
      expect(await store.drain(DRAIN)).toBe(true);
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
