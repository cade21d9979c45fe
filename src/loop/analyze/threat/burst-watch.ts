import { addCount, COUNTERS, type AuditTally, type Counter, type SourceCount } from './audit-tally.ts';
import type { Burst, BurstState } from './burst-state.ts';
import {
  countPValue,
  createCountRate,
  expectedCount,
  kept,
  learnCount,
  type CountRate,
} from './count-rate.ts';
import { createRateTable, placeOf, rateOf, touch, type RateTable } from './rate-table.ts';
import { WATCHED } from './watched-counters.ts';

/** Sources of each counter that have a rate of their own: counters of 512, some 100 bytes each. */
const MAX_SOURCES = 512;
/** Twenty intervals (five minutes at the usual fifteen seconds) in which what is there is taken for usual. */
const LEARNING_INTERVALS = 20;
/**
 * Chance by which an interval alone is enough, and one by which two in a row are. With six counters and 5,760 intervals a
 * day each of them makes one false alarm in ten years, where counts scatter as they did before.
 */
const AT_ONCE = 1e-8;
const TWICE = 1e-4;
/** Above this chance an interval is as usual: an open burst is on its way to be over. */
const USUAL = 1e-2;

/** From the third burst of a source within a week each is taken in as it is: people have been told, and jobs that fail each hour are usual. */
const FAMILIAR = 2.5;
const FAMILIAR_DAYS = 7;
/** What has gone on for six hours is how things are now: it is learnt anew, and so comes to its end. */
const NEW_USUAL_MS = 6 * 3_600_000;

export function createBurstState(): BurstState {
  const tables = COUNTERS.map((counter): [Counter, RateTable] => [counter, createRateTable(MAX_SOURCES)]);
  return { intervals: 0, tables: new Map(tables), suspects: new Map(), open: new Map() };
}

/** Still learning what is usual: nothing is found yet. */
export function isLearning({ intervals }: BurstState): boolean {
  return intervals < LEARNING_INTERVALS;
}

export interface Interval {
  readonly now: number;
  /** Length of what was counted. */
  readonly seconds: number;
  /** An open burst without evidence for so long is over. */
  readonly quietMs: number;
}

/** Takes in what one interval brought, and opens and closes bursts by it. */
export function surveyBursts(state: BurstState, tally: AuditTally, interval: Interval): void {
  const learning = isLearning(state);
  const suspects = new Map<string, number>();
  for (const counter of COUNTERS) {
    const table = state.tables.get(counter);
    if (table === undefined) continue;
    const counted = placed(table, tally.counts.get(counter) ?? new Map<string, SourceCount>(), interval.now);
    // As many questions are asked as there are sources: each answer must be that much rarer (Bonferroni).
    const questions = Math.max(1, table.sources.size, counted.size);
    for (const [source, seen] of counted) {
      const p = learning ? 1 : Math.min(1, questions * chance(counter, table, { source, seen, interval }));
      judge(state, suspects, { counter, source, seen, p, interval, table });
    }
    learn(state, counter, { table, counted, suspects, interval, learning });
  }
  state.suspects = suspects;
  state.intervals += 1;
  for (const [key, burst] of state.open) {
    if (interval.now - burst.seenAt >= interval.quietMs) state.open.delete(key);
  }
}

/** What came, under the names by which it is counted. */
function placed(
  table: RateTable,
  counted: ReadonlyMap<string, SourceCount>,
  now: number,
): Map<string, SourceCount> {
  const merged = new Map<string, SourceCount>();
  for (const [source, seen] of counted) {
    const place = placeOf(table, source, now);
    rateOf(table, place);
    touch(table, place, now);
    addCount(merged, place, seen);
  }
  return merged;
}

interface Question {
  readonly source: string;
  readonly seen: SourceCount;
  readonly interval: Interval;
}

function chance(counter: Counter, table: RateTable, { source, seen, interval }: Question): number {
  const { prior, least } = WATCHED[counter];
  if (seen.count < least) return 1;
  return countPValue(rateOf(table, source), prior, seen.count, interval.seconds);
}

function judge(
  state: BurstState,
  suspects: Map<string, number>,
  {
    counter,
    source,
    seen,
    p,
    interval,
    table,
  }: Question & { readonly counter: Counter; readonly p: number; readonly table: RateTable },
): void {
  const key = `${counter}/${source}`;
  const open = state.open.get(key);
  const { now, seconds } = interval;
  if (open !== undefined) {
    if (p > USUAL) return;
    open.seenAt = now;
    addCount(new Map([[source, open.seen]]), source, seen);
    if (p < open.p) {
      open.p = p;
      open.count = seen.count;
    }
    return;
  }
  const before = state.suspects.get(key);
  if (p <= TWICE) suspects.set(key, p);
  if (p > AT_ONCE && (p > TWICE || before === undefined)) return;
  const expected = expectedCount(rateOf(table, source), WATCHED[counter].prior, seconds);
  const rated = table.sources.get(source);
  if (rated !== undefined) rated.bursts += 1;
  state.open.set(key, {
    counter,
    source,
    since: now,
    seenAt: now,
    isUsual: false,
    p,
    count: seen.count,
    expected,
    seen,
  });
}

function learn(
  state: BurstState,
  counter: Counter,
  {
    table,
    counted,
    suspects,
    interval: { now, seconds },
    learning,
  }: {
    readonly table: RateTable;
    readonly counted: ReadonlyMap<string, SourceCount>;
    readonly suspects: ReadonlyMap<string, number>;
    readonly interval: Interval;
    readonly learning: boolean;
  },
): void {
  const { prior, least } = WATCHED[counter];
  for (const [source, rated] of table.sources) {
    const { rate } = rated;
    rated.bursts *= kept(seconds / FAMILIAR_DAYS);
    const key = `${counter}/${source}`;
    const burst = state.open.get(key);
    if (burst !== undefined) settle(burst, rate, now);
    // An attack teaches a little when it begins, and nothing later.
    if (burst?.isUsual === false && burst.since < now) continue;
    const baseline = learning || burst?.isUsual === true || rated.bursts > FAMILIAR;
    const count = counted.get(source)?.count ?? 0;
    learnCount(rate, prior, { count, seconds, baseline, harmless: suspects.has(key) ? 0 : least });
  }
}

function settle(burst: Burst, rate: CountRate, now: number): void {
  if (burst.isUsual || now - burst.since < NEW_USUAL_MS) return;
  burst.isUsual = true;
  Object.assign(rate, createCountRate());
}
