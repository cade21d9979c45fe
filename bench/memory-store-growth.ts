import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Journal } from '../src/adapters/journal/journal.ts';
import type { KnowledgeStore } from '../src/adapters/lancedb/knowledge-store.ts';
import { DEFAULT_LIMITS, type StoreLimits } from '../src/adapters/lancedb/limits.ts';
import { situationRecord } from '../src/loop/knowledge/situation-record.ts';
import { situationFixture } from '../test/support/situation-fixture.ts';
import { featureRow, MIB, residentOf } from './memory-store-features.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WORKLOADS = 200;

/** A store that is full after a quarter of a day, so that the rest shows whether it stays as it is. */
export const SIX_HOURS: StoreLimits = {
  ...DEFAULT_LIMITS,
  features: { maxAgeMs: 6 * HOUR, maxRows: 2_000_000 },
  situations: { maxAgeMs: null, maxRows: 6 * 2 * WORKLOADS },
};

export interface HourOfGrowth {
  readonly hour: number;
  /** MiB of all files. */
  readonly size: number;
  readonly files: number;
  readonly resident: number;
}

/** A day of 200 workloads: features each minute, written twelve times an hour, and two situations an hour. */
export async function growForADay(
  store: KnowledgeStore,
  journal: Journal,
  { directory, clock }: { readonly directory: string; readonly clock: { now: number } },
): Promise<readonly HourOfGrowth[]> {
  const hours: HourOfGrowth[] = [];
  for (let hour = 1; hour <= 24; hour += 1) {
    for (let part = 0; part < 12; part += 1) {
      for (let minute = 0; minute < 5; minute += 1) {
        clock.now += MINUTE;
        store.appendFeatures(Array.from({ length: WORKLOADS }, (_, i) => featureRow(i, clock.now)));
      }
      if (part % 6 === 0) await recordSituations(journal, clock.now);
      if (!(await store.drain(60_000))) throw new Error(JSON.stringify(store.health));
    }
    const files = filesIn(directory);
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    hours.push({ hour, size: bytes / MIB, files: files.length, resident: residentOf(store.childPid) });
  }
  return hours;
}

async function recordSituations(journal: Journal, at: number): Promise<void> {
  const embedding = (): Float32Array => Float32Array.from({ length: 64 }, Math.random);
  await Promise.all(
    Array.from({ length: WORKLOADS }, (_, i) =>
      journal.append(situationRecord(situationFixture({ policyUid: `u${i}`, at, embedding: embedding() }))),
    ),
  );
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
