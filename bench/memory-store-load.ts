import { monitorEventLoopDelay } from 'node:perf_hooks';

import { situationRow } from '../src/adapters/lancedb/memory-rows.ts';
import { situationAt } from '../src/adapters/lancedb/situation-columns.ts';
import { StoreChild } from '../src/adapters/lancedb/store-child.ts';
import { situationFixture } from '../test/support/situation-fixture.ts';
import { NOW } from './memory-store-features.ts';

const BATCH_ROWS = 1000;
const DEADLINE_MS = 120_000;

export interface LoadTimes {
  readonly count: number;
  /** Ms from the request until all columns are here. */
  readonly load: number;
  /** Ms in which this process could do nothing else, at most. */
  readonly stall: number;
  /** Ms until all are objects, too. */
  readonly objects: number;
}

/** What an operator waits for its index in memory when it starts. */
export async function loadSituations(uri: string, count: number): Promise<LoadTimes> {
  const child = new StoreChild({ uri }, { idleMs: DEADLINE_MS, maxResidentBytes: 1 << 30 });
  await child.request({ op: 'repair', now: NOW }, DEADLINE_MS);
  for (let from = 0; from < count; from += BATCH_ROWS) {
    const situations = Array.from({ length: BATCH_ROWS }, (_, i) =>
      situationRow(
        situationFixture({
          policyUid: `00000000-0000-4000-8000-${String((from + i) % 200).padStart(12, '0')}`,
          at: NOW + Math.floor((from + i) / 200) * 1_800_000,
          embedding: Float32Array.from({ length: 64 }, Math.random),
        }),
      ),
    );
    await child.request({ op: 'append', batch: { situations }, skipExisting: false }, DEADLINE_MS);
  }
  await child.stop(DEADLINE_MS);
  await child.request({ op: 'open', versions: {} }, DEADLINE_MS);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = performance.now();
  const columns = await child.request({ op: 'situations', limit: count }, DEADLINE_MS);
  const load = performance.now() - before;
  // The delay is seen by the next turn.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  const begun = performance.now();
  const all = Array.from({ length: columns.count }, (_, i) => situationAt(columns, i));
  const objects = performance.now() - begun;
  await child.stop(DEADLINE_MS);
  if (all.length !== count) throw new Error(`${all.length} of ${count} situations came back`);
  return { count, load, stall: delay.max / 1e6, objects };
}
