import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Journal } from '../../src/adapters/journal/journal.ts';
import { KnowledgeStore } from '../../src/adapters/lancedb/knowledge-store.ts';
import { situationAt } from '../../src/adapters/lancedb/situation-columns.ts';

const WRITER = fileURLToPath(new URL('./knowledge-writer.ts', import.meta.url));

/** After its last store kill a writer lives for up to so long. */
const LAST_MOMENTS_MS = 400;
const DRAIN_MS = 60_000;

export interface KillCount {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged, and not in the store when everything was drained. */
  readonly lost: readonly string[];
  /** Told to a reader twice. */
  readonly doubled: readonly string[];
}

/**
 * Lives of an operator that writes all the time: in each the store's process is killed some times and then the
 * operator itself, all at random moments. Then one that reads what there is.
 */
export async function killAndCount(
  directory: string,
  { lives, storeKills }: { readonly lives: number; readonly storeKills: number },
): Promise<KillCount> {
  const acknowledged: string[] = [];
  let kills = 0;
  for (let life = 0; life < lives; life += 1) {
    const lines = await liveAndDie(directory, `k${life}`, storeKills);
    acknowledged.push(...lines.filter((line) => line !== 'killed'));
    kills += storeKills + 1;
  }
  const told = await everythingStored(directory);
  const known = new Set(told);
  return {
    kills,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !known.has(id)),
    doubled: told.filter((id, i) => told.indexOf(id) !== i),
  };
}

async function liveAndDie(directory: string, prefix: string, storeKills: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', WRITER, directory, prefix, String(storeKills)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  let dying = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const done = text.split('killed\n').length > storeKills && text.split('\n').length > storeKills + 1;
    if (!done || dying) return;
    dying = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * LAST_MOMENTS_MS);
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}

/** Ids of all decisions, situations and documents, as readers are told of them. */
async function everythingStored(directory: string): Promise<string[]> {
  const journal = await Journal.open({ directory: join(directory, 'journal'), freeFloorBytes: 0 });
  const store = new KnowledgeStore({
    location: { uri: join(directory, 'store') },
    journal,
    now: () => Date.UTC(2026, 4, 5),
  });
  try {
    store.start();
    if (!(await store.drain(DRAIN_MS))) throw new Error(JSON.stringify(store.health));
    const { decisions } = await store.query({ limit: 1_000_000 });
    const situations = await store.situations(1_000_000);
    // Not as documents: of those no more are given out than their table holds in life.
    const documents = await store.rows('documents', { limit: 1_000_000 });
    return [
      ...decisions.map(({ decision }) => decision.decision_id),
      ...Array.from({ length: situations.count }, (_, i) => situationAt(situations, i).id),
      ...documents.rows.map(({ document_id }) => document_id),
    ];
  } finally {
    await store.close();
    await journal.close();
  }
}
