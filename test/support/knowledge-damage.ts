import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { Journal } from '../../src/adapters/journal/journal.ts';
import { KnowledgeStore } from '../../src/adapters/lancedb/knowledge-store.ts';
import { documentRecord } from '../../src/loop/knowledge/document.ts';
import { anomalyRecord } from '../../src/loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../src/loop/knowledge/situation-record.ts';
import { closedFixture, intentFixture } from './decision-fixtures.ts';
import { documentFixture, endedAnomalyFixture } from './memory-fixtures.ts';
import { situationFixture } from './situation-fixture.ts';

const NOW = Date.UTC(2026, 4, 5);
const DRAIN_MS = 60_000;
const IDS = Array.from({ length: 40 }, (_, i) => `x${i}`);

export const DAMAGES = ['flipped bit', 'cut short', 'emptied', 'deleted'] as const;
export type Damage = (typeof DAMAGES)[number];

export interface DamageVerdict {
  readonly file: string;
  /** Something said so: an error, rows left out, or a repair. */
  readonly noticed: boolean;
  /** Values that were given out and are wrong. */
  readonly wrong: number;
  /** In the end everything was there again, and right. */
  readonly whole: boolean;
}

/** A journal and a store with rows in all tables that come from it, of several commits. */
export async function makeStore(directory: string): Promise<void> {
  await withStore(directory, async (store, journal) => {
    for (const [i, id] of IDS.entries()) {
      await journal.append(intentFixture(id, { at: NOW }));
      await journal.append(closedFixture(id));
      await journal.append(situationRecord(situationFixture({ id, at: NOW - i })));
      await journal.append(anomalyRecord(endedAnomalyFixture(id)));
      await journal.append(documentRecord(documentFixture(id)));
      if (i % 8 === 7) await store.drain(DRAIN_MS);
    }
    return undefined;
  });
}

/** Damages one file of a copy of the store, and looks at what readers are told then. `random` in [0, 1). */
export async function damageAndLook(
  original: string,
  damage: Damage,
  random: () => number,
): Promise<DamageVerdict> {
  const directory = await mkdtemp(join(tmpdir(), 'knowledge-damage-'));
  try {
    await cp(original, directory, { recursive: true });
    const path = await chooseFile(join(directory, 'store'), random);
    await harm(path, damage, random);
    return await withStore(directory, async (store) => {
      const expected = await toldOf(original);
      const first = await told(store).catch(() => undefined);
      await store.drain(DRAIN_MS);
      const last = await told(store).catch(() => []);
      return {
        file: path.slice(join(directory, 'store').length + 1),
        noticed: first === undefined || first.length < expected.length || store.statistics.rebuilds > 0,
        wrong: (first ?? []).filter((entry) => !expected.includes(entry)).length,
        whole: JSON.stringify(last) === JSON.stringify(expected),
      };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Half of the time a data file, a quarter a newest manifest: most files are of older versions, which nobody reads. */
async function chooseFile(store: string, random: () => number): Promise<string> {
  const files = (await readdir(store, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const kind = random();
  const newest = (path: string): boolean =>
    path.endsWith('.manifest') && path === files.find((other) => dirname(other) === dirname(path));
  const wanted =
    kind < 0.5 ? (path: string) => basename(dirname(path)) === 'data' : kind < 0.75 ? newest : () => true;
  const candidates = files.filter(wanted);
  return candidates[Math.floor(random() * candidates.length)] ?? '';
}

async function harm(path: string, damage: Damage, random: () => number): Promise<void> {
  const { size } = await stat(path);
  if (damage === 'deleted') return unlink(path);
  if (damage === 'emptied') return truncate(path, 0);
  if (damage === 'cut short') return truncate(path, Math.floor(random() * size));
  const bytes = await readFile(path);
  const at = Math.floor(random() * size);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return writeFile(path, bytes);
}

const expectedOf = new Map<string, readonly string[]>();

async function toldOf(original: string): Promise<readonly string[]> {
  const known = expectedOf.get(original) ?? (await withStore(original, told));
  expectedOf.set(original, known);
  return known;
}

/** Everything that a reader can see, as texts. */
async function told(store: KnowledgeStore): Promise<readonly string[]> {
  const { decisions } = await store.query({ limit: 1000 });
  const { rows: situations } = await store.rows('situations', { limit: 1000 });
  const anomalies = await store.anomalies({ limit: 1000 });
  const documents = await store.documents();
  return [...decisions, ...situations, ...anomalies, ...documents].map((each) => JSON.stringify(each)).sort();
}

async function withStore<Result>(
  directory: string,
  use: (store: KnowledgeStore, journal: Journal) => Promise<Result>,
): Promise<Result> {
  const journal = await Journal.open({ directory: join(directory, 'journal'), freeFloorBytes: 0 });
  const store = new KnowledgeStore({
    location: { uri: join(directory, 'store') },
    journal,
    flushRows: 1_000_000,
    flushMs: 3_600_000,
    retryMs: 20,
    now: () => NOW,
  });
  try {
    store.start();
    await store.drain(DRAIN_MS);
    return await use(store, journal);
  } finally {
    await store.close();
    await journal.close();
  }
}
