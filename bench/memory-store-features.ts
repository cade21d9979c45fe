import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FeatureRow } from '../src/adapters/lancedb/feature-batch.ts';
import type { KnowledgeStore } from '../src/adapters/lancedb/knowledge-store.ts';
import { DEFAULT_LIMITS } from '../src/adapters/lancedb/limits.ts';
import { StoreChild } from '../src/adapters/lancedb/store-child.ts';
import { FEATURE_COUNT } from '../src/loop/monitor/features/schema.ts';

export const MIB = 2 ** 20;
const MINUTE = 60_000;
export const NOW = Date.UTC(2026, 4, 5);

/** Resident memory of a process, MiB; NaN when it is gone. */
export function residentOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number.parseInt(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? '', 10) / 1024;
  } catch {
    return NaN;
  }
}

/** A row of a workload as it is in life: most values are known, none compresses away. */
export function featureRow(workload: number, at: number): FeatureRow {
  const values = new Float32Array(FEATURE_COUNT);
  for (let i = 0; i < FEATURE_COUNT; i += 1) values[i] = i === 6 ? NaN : Math.random();
  const uid = `00000000-0000-4000-8000-${String(workload).padStart(12, '0')}`;
  return { policy: { namespace: `team-${workload % 20}`, name: `web-${workload}`, uid }, at, values };
}

export interface Sustained {
  readonly rows: number;
  readonly seconds: number;
  /** MiB of the store's process, one for each second. */
  readonly resident: readonly number[];
  readonly dropped: number;
  readonly processStarts: number;
}

const WORKLOADS = 1000;
const START = NOW - 30 * 24 * 60 * MINUTE;

/** Event time runs a minute for each thousand rows; each workload has its own of the first 15 seconds, a tick. */
function timeOf(row: number): number {
  return START + Math.floor(row / WORKLOADS) * MINUTE + (row % 15) * 1000;
}

/** Rows at a fixed pace for some time, and then until all are stored. */
export async function sustain(
  store: KnowledgeStore,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Sustained> {
  const resident: number[] = [];
  let peak = 0;
  const watch = setInterval(() => {
    const now = residentOf(store.childPid);
    if (!Number.isNaN(now)) peak = Math.max(peak, now);
  }, 50);
  const startedAt = performance.now();
  const total = perSecond * seconds;
  for (let row = 0, second = 1; row < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    const rows: FeatureRow[] = [];
    for (; row < due; row += 1) rows.push(featureRow(row % WORKLOADS, timeOf(row)));
    store.appendFeatures(rows);
    if (performance.now() - startedAt >= second * 1000) {
      second += 1;
      resident.push(peak);
      peak = 0;
    }
    await sleep(20);
  }
  while (!(await store.drain(60_000)));
  resident.push(peak);
  clearInterval(watch);
  const { storedFeatures, droppedFeatures, processStarts } = store.statistics;
  return {
    rows: storedFeatures,
    seconds: (performance.now() - startedAt) / 1000,
    resident,
    dropped: droppedFeatures,
    processStarts,
  };
}

/** Ms of joins with 1,000 labels each, anywhere in what `sustain` was given; all are found where nothing was dropped. */
export async function joins(
  store: KnowledgeStore,
  { rows, dropped }: Sustained,
  count: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  const policyUids = Array.from({ length: WORKLOADS }, (_, i) => featureRow(i, 0).policy.uid);
  for (let i = 0; i < count; i += 1) {
    const labels = 1000;
    const minutes = (rows + dropped) / WORKLOADS;
    const policy = Uint32Array.from({ length: labels }, () => Math.floor(Math.random() * WORKLOADS));
    const at = Float64Array.from(
      { length: labels },
      // Not before the first row of all.
      () => START + Math.floor(MINUTE + Math.random() * (minutes - 1) * MINUTE),
    );
    const before = performance.now();
    const found = await store.featuresAsOf({ policyUids, policy, at, toleranceMs: 5 * MINUTE });
    times.push(performance.now() - before);
    const missing = found.at.filter(Number.isNaN).length;
    if ((missing > 0 && dropped === 0) || found.corruptRows > 0)
      throw new Error(`${missing} of ${labels} labels found nothing, ${found.corruptRows} rows are corrupt`);
  }
  return times;
}

/** Most MiB of the store's process while it deletes the oldest rows and writes the others anew. */
export async function deleteOldest(uri: string, maxRows: number): Promise<number> {
  const deadlineMs = 120_000;
  const child = new StoreChild({ uri }, { idleMs: deadlineMs, maxResidentBytes: 1 << 30 });
  let peak = 0;
  const watch = setInterval(() => {
    const now = residentOf(child.pid);
    if (!Number.isNaN(now)) peak = Math.max(peak, now);
  }, 20);
  try {
    const limits = { ...DEFAULT_LIMITS, features: { maxAgeMs: null, maxRows } };
    const request = { op: 'maintain', limits, now: NOW, keepVersionsMs: 0 } as const;
    const { features } = await child.request(request, deadlineMs);
    // Those of the same moment as the oldest that is kept are kept with it.
    if (features.rows < maxRows || features.rows > maxRows + WORKLOADS)
      throw new Error(`${features.rows} rows are left of ${maxRows}`);
    return peak;
  } finally {
    clearInterval(watch);
    await child.stop(deadlineMs);
  }
}
