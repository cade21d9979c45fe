// An operator-like process that records decisions, situations and documents as fast as the journal takes them, and
// prints each id after it was acknowledged. From time to time it kills its own store's process. It ends by being
// killed. Arguments: directory, prefix of the ids, how often to kill the store's process.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Journal } from '../../src/adapters/journal/journal.ts';
import { KnowledgeStore } from '../../src/adapters/lancedb/knowledge-store.ts';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';
import { documentRecord } from '../../src/loop/knowledge/document.ts';
import { situationRecord } from '../../src/loop/knowledge/situation-record.ts';
import { intentFixture } from './decision-fixtures.ts';
import { documentFixture } from './memory-fixtures.ts';
import { situationFixture } from './situation-fixture.ts';

const [directory = '', prefix = '', storeKills = '0'] = process.argv.slice(2);
const NOW = Date.UTC(2026, 4, 5);

/** Within these the store's process is killed: it starts, opens and writes in some 0.3 to 1.5 s. */
const KILL_AFTER_MS = { least: 300, spread: 1200 };

const journal = await Journal.open({ directory: join(directory, 'journal'), freeFloorBytes: 0 });
const store = new KnowledgeStore({
  location: { uri: join(directory, 'store') },
  journal,
  flushRows: 20,
  flushMs: 20,
  retryMs: 5,
  now: () => NOW,
});
store.start();

function recordOf(kind: number, id: string): JournalRecord {
  if (kind === 0) return intentFixture(id, { at: NOW });
  if (kind === 1) return situationRecord(situationFixture({ id, at: NOW }));
  return documentRecord(documentFixture(id, { at: NOW }));
}

async function write(kind: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const id = `${prefix}-${kind}-${i}`;
    await journal.append(recordOf(kind, id));
    writeSync(1, `${id}\n`);
    await sleep(4);
  }
}

async function killStore(times: number): Promise<void> {
  for (let kill = 0; kill < times; kill += 1) {
    await sleep(KILL_AFTER_MS.least + Math.random() * KILL_AFTER_MS.spread);
    while (store.childPid === undefined) await sleep(1);
    process.kill(store.childPid, 'SIGKILL');
    writeSync(1, 'killed\n');
  }
}

await Promise.all([write(0), write(1), write(2), killStore(Number.parseInt(storeKills, 10))]);
