import { severityOf } from '../anomaly/surprise/p-value.ts';
import {
  addCount,
  concerned,
  COUNTERS,
  type AuditTally,
  type Counter,
  type SourceCount,
} from './audit-tally.ts';
import { countPValue, expectedCount, learnCount, type RatePrior } from './count-rate.ts';
import { posteriorOf } from './posterior.ts';
import { createRateTable, placeOf, rateOf, touch, type RateTable } from './rate-table.ts';
import { SPREAD, type OpenThreat, type ThreatKind } from './threat.ts';

interface Watched {
  readonly kind: ThreatKind;
  /** Of a source that was never heard of. */
  readonly prior: RatePrior;
  /** Fewer in one interval are nobody's burst, however seldom they are. */
  readonly least: number;
  /** Share of such bursts that are no mishap, such as a program with an expired token. */
  readonly ceiling: number;
  /** `{source}` is replaced. */
  readonly what: string;
}

const REFUSED = { kind: 'BruteForce', prior: { count: 0.5, seconds: 30 }, least: 10 } as const;
const DATA = { kind: 'Exfiltration', least: 10, ceiling: 0.7 } as const;

/** Priors and ceilings are judgements; docs/threats.md gives the table and the reasons. */
const WATCHED: Readonly<Record<Counter, Watched>> = {
  refusedByUser: { ...REFUSED, ceiling: 0.75, what: 'refused requests of user {source}' },
  refusedByAddress: { ...REFUSED, ceiling: 0.6, what: 'refused requests from {source}' },
  refusedByAgent: { ...REFUSED, ceiling: 0.6, what: 'refused requests by program {source}' },
  execs: { ...DATA, prior: { count: 0.5, seconds: 300 }, what: 'commands run in pods of {source}' },
  refusedAtServer: {
    kind: 'BruteForce',
    prior: { count: 0.5, seconds: 5 },
    least: 30,
    ceiling: 0.5,
    what: 'requests {source} by the API server',
  },
  secretLists: { ...DATA, prior: { count: 0.5, seconds: 60 }, what: 'lists of Secrets read by {source}' },
};

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

interface Burst {
  readonly counter: Counter;
  readonly source: string;
  readonly since: number;
  seenAt: number;
  /** The smallest chance, and what was counted then. */
  p: number;
  count: number;
  readonly expected: number;
  readonly seen: SourceCount;
}

export interface BurstState {
  intervals: number;
  readonly tables: Map<Counter, RateTable>;
  /** Sources that were strange in the last interval. */
  suspects: Map<string, number>;
  readonly open: Map<string, Burst>;
}

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
    learn(table, { prior: WATCHED[counter].prior, counted, interval, baseline: learning });
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
  state.open.set(key, { counter, source, since: now, seenAt: now, p, count: seen.count, expected, seen });
}

function learn(
  table: RateTable,
  {
    prior,
    counted,
    interval: { seconds },
    baseline,
  }: {
    readonly prior: RatePrior;
    readonly counted: ReadonlyMap<string, SourceCount>;
    readonly interval: Interval;
    readonly baseline: boolean;
  },
): void {
  for (const [source, { rate }] of table.sources) {
    learnCount(rate, prior, { count: counted.get(source)?.count ?? 0, seconds, baseline });
  }
}

/**
 * The open bursts as findings: those of refused requests as one, for user, address and program are views of the
 * same requests.
 * @param name of the state, for the ids
 */
export function openBursts({ open }: BurstState, name: string): OpenThreat[] {
  const bursts = [...open.entries()];
  const refused = bursts.filter(([, { counter }]) => WATCHED[counter].kind === 'BruteForce');
  const others = bursts.filter(([, { counter }]) => WATCHED[counter].kind !== 'BruteForce');
  return [
    ...(refused.length === 0
      ? []
      : [
          finding(
            `${name}/refused`,
            refused.map(([, burst]) => burst),
          ),
        ]),
    ...others.map(([key, burst]) => finding(`${name}/${key}`, [burst])),
  ];
}

/** So many of the sources are named. */
const MAX_NAMED = 6;

function finding(id: string, bursts: readonly Burst[]): OpenThreat {
  const ranked = [...bursts].sort((a, b) => probabilityOf(b) - probabilityOf(a) || a.p - b.p);
  const [worst] = ranked;
  if (worst === undefined) throw new Error('a finding needs a burst');
  const namespaces = new Map<string, number>();
  for (const { counter, source, seen } of bursts) {
    for (const [namespace, weight] of concerned(counter, source, seen)) {
      namespaces.set(namespace, Math.max(weight, namespaces.get(namespace) ?? 0));
    }
  }
  const isOfAll = bursts.some(
    ({ counter, seen }) => counter === 'refusedAtServer' || seen.namespaces.has(''),
  );
  const { counter, p } = worst;
  return {
    id,
    kind: WATCHED[counter].kind,
    severity: severityOf(p) ?? 'Low',
    probability: probabilityOf(worst),
    p,
    since: Math.min(...bursts.map(({ since }) => since)),
    message: describe(worst),
    evidence: ranked.slice(0, MAX_NAMED).map(describe),
    namespaces,
    elsewhere: isOfAll ? SPREAD : 0,
  };
}

function probabilityOf({ counter, p }: Burst): number {
  return WATCHED[counter].ceiling * posteriorOf(p);
}

function describe({ counter, source, count, expected }: Burst): string {
  const usual = expected < 0.1 ? 'less than 0.1' : expected.toPrecision(2);
  return `${count} ${WATCHED[counter].what.replace('{source}', () => source)} in one interval, usual is ${usual}`;
}
