import type { Resources, Sizer, SizingContender } from './sizing-contender.ts';
import type { SizingContenderResult } from './sizing-result.ts';
import type { SizingRow } from './sizing-series.ts';

const HOUR_SECONDS = 3600;
const GIB = 1024 ** 3;
/** The longest that the kubelet waits before it starts a container again (CrashLoopBackOff). */
const RESTART_MS = 300_000;

/** What is counted of one contender, and of what was provisioned. */
class SizingScore {
  #seconds = 0;
  #cpuSlackSeconds = 0;
  #memorySlackSeconds = 0;
  #throttledSeconds = 0;
  #outOfMemorySeconds = 0;
  #kills = 0;
  #mayRunAt = -Infinity;
  #coreSeconds = 0;
  #byteSeconds = 0;
  changes = 0;

  /** @returns whether the container is killed. */
  count({ at, seconds, used }: SizingRow, request: Resources): boolean {
    this.#seconds += seconds;
    this.#coreSeconds += seconds * request.cpu;
    this.#byteSeconds += seconds * request.memory;
    this.#cpuSlackSeconds += seconds * Math.max(0, 1 - used.cpu / request.cpu);
    this.#memorySlackSeconds += seconds * Math.max(0, 1 - used.memory / request.memory);
    if (used.cpu >= request.cpu) this.#throttledSeconds += seconds;
    if (used.memory <= request.memory) return false;
    this.#outOfMemorySeconds += seconds;
    if (at < this.#mayRunAt) return false;
    this.#kills += 1;
    this.#mayRunAt = at + RESTART_MS;
    return true;
  }

  result(name: string, provisioned: SizingScore): SizingContenderResult {
    return {
      name,
      cpuSlack: this.#cpuSlackSeconds / this.#seconds,
      memorySlack: this.#memorySlackSeconds / this.#seconds,
      throttledTimeShare: this.#throttledSeconds / this.#seconds,
      outOfMemoryEvents: this.#kills,
      outOfMemoryTimeShare: this.#outOfMemorySeconds / this.#seconds,
      changes: this.changes,
      coreHours: this.#coreSeconds / HOUR_SECONDS,
      gibHours: this.#byteSeconds / HOUR_SECONDS / GIB,
      cpuOverProvisioned: this.#coreSeconds / provisioned.#coreSeconds,
      memoryOverProvisioned: this.#byteSeconds / provisioned.#byteSeconds,
    };
  }
}

/** The requests as they were. */
export function scoreProvisioned(rows: readonly SizingRow[], scoredFrom: number): SizingScore {
  const score = new SizingScore();
  let before: Resources | undefined;
  for (const row of rows) {
    const { at, provisioned } = row;
    if (at >= scoredFrom) {
      score.count(row, provisioned);
      if (before !== undefined && differ(before, provisioned)) score.changes += 1;
    }
    before = provisioned;
  }
  return score;
}

/** @param scoredFrom ms since the epoch: until then requests stay as provisioned, and the contender measures. */
export function scoreContender(
  rows: readonly SizingRow[],
  contender: SizingContender,
  scoredFrom: number,
): SizingScore {
  const score = new SizingScore();
  const sizer = contender.create();
  let request: Resources | undefined;
  let decideAt = scoredFrom;
  for (const row of rows) {
    if (row.at < scoredFrom) {
      measure(sizer, row, { cpu: Infinity, memory: Infinity });
      continue;
    }
    request ??= row.provisioned;
    if (row.at >= decideAt) {
      const chosen = sizer.recommend(row.at, request);
      if (differ(chosen, request)) score.changes += 1;
      request = chosen;
      const decisionMs = contender.decisionSeconds * 1000;
      decideAt += (Math.floor((row.at - decideAt) / decisionMs) + 1) * decisionMs;
    }
    const killed = score.count(row, request);
    measure(sizer, row, { cpu: contender.limitsCpu ? request.cpu : Infinity, memory: request.memory });
    if (killed) sizer.outOfMemory(row.at, request);
  }
  return score;
}

function measure(sizer: Sizer, { at, seconds, used }: SizingRow, limit: Resources): void {
  sizer.observe({
    at,
    seconds,
    cpu: Math.min(used.cpu, limit.cpu),
    memory: Math.min(used.memory, limit.memory),
  });
}

function differ(one: Resources, other: Resources): boolean {
  return one.cpu !== other.cpu || one.memory !== other.memory;
}
