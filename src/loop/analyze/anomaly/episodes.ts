import type { Anomaly, AnomalyEnding, AnomalyKind, Evidence, Severity } from './anomaly.ts';
import { severityOf } from './surprise/p-value.ts';

/** What is open of one workload. Replaced as a whole, for few things change in most minutes. */
export interface Episodes {
  readonly open: readonly Anomaly[];
}

export interface EpisodeFacts {
  /** End of the minute that the evidence is of, ms since the epoch. */
  readonly now: number;
  /** The tick that looks at it; later than `now`. */
  readonly noticedAt: number;
  /** Pods are being replaced, or somebody announced that something would be unusual: nothing begins. */
  readonly suppressed: boolean;
  /** The objective of the policy suffers now. */
  readonly suffering: boolean;
  /** The policy wants decreases held because of anomalies. */
  readonly holds: boolean;
  /** −log10 of the largest p-value that is a discovery among all of the fleet's; left out where there is no fleet. */
  readonly discovery?: number | undefined;
}

export interface EpisodeChanges {
  readonly episodes: Episodes;
  readonly opened: readonly Anomaly[];
  readonly closed: readonly { readonly anomaly: Anomaly; readonly ending: AnomalyEnding }[];
}

/** Without evidence for so long, it is over. */
export const QUIET_MS = 2 * 60_000;

/** A spike that has not come back by then is a shift of the level. */
export const SHIFT_AFTER_MS = 15 * 60_000;

/** What has lasted for so long is how the workload is now, and holding on to it helps nobody. */
export const NEW_NORMAL_AFTER_MS = 60 * 60_000;

/** Kinds of which a long time says nothing: they are over when their cause is. */
const LASTING: ReadonlySet<AnomalyKind> = new Set(['Leak', 'Missing', 'FlatLine', 'Cost']);

/**
 * A leak is no reason to keep replicas, and a cost that is too high is one to give some back. What has lasted for a quarter of
 * an hour is believed, and followed as any other load. How one that falls is followed, the guards SuddenDrop and
 * CorrelatedDrop know better.
 */
const HOLDING: ReadonlySet<AnomalyKind> = new Set([
  'Spike',
  'FlatLine',
  'Missing',
  'Degradation',
  'Behaviour',
]);

export const NO_EPISODES: Episodes = { open: [] };

/**
 * Joins the evidence of one minute with what is open: begins, goes on with, turns and ends anomalies. There is at most one
 * of a signal and family of kinds, whatever the number of detectors that see it.
 */
export function observeEpisodes(
  episodes: Episodes,
  evidence: readonly Evidence[],
  facts: EpisodeFacts,
): EpisodeChanges {
  const strongest = strongestOfEach(evidence);
  if (episodes.open.length === 0 && strongest.size === 0) return { episodes, opened: [], closed: [] };
  const open: Anomaly[] = [];
  const closed: { anomaly: Anomaly; ending: AnomalyEnding }[] = [];
  for (const anomaly of episodes.open) {
    const key = keyOf(anomaly);
    const next = goOn(anomaly, strongest.get(key), facts);
    strongest.delete(key);
    const ending = endingOf(next, facts.now);
    if (ending === undefined) open.push(next);
    else closed.push({ anomaly: next, ending });
  }
  const opened: Anomaly[] = [];
  for (const found of strongest.values()) {
    if (!found.onset || facts.suppressed) continue;
    opened.push(begin(found, facts));
  }
  return { episodes: { open: [...open, ...opened] }, opened, closed };
}

/** However rare it is, what harms nobody is no more than Medium. */
function severityWith(surprise: number, harm: boolean): Severity {
  const severity = severityOf(surprise);
  return severity === 'High' && !harm ? 'Medium' : severity;
}

/** Spike and level shift of a signal are one anomaly at two ages. */
function keyOf({ kind, signal }: Pick<Evidence, 'kind' | 'signal'>): string {
  return `${kind === 'LevelShift' ? 'Spike' : kind} ${signal}`;
}

function strongestOfEach(evidence: readonly Evidence[]): Map<string, Evidence> {
  const strongest = new Map<string, Evidence>();
  for (const found of evidence) {
    const key = keyOf(found);
    const known = strongest.get(key);
    if (known === undefined || isStronger(found, known)) strongest.set(key, found);
  }
  return strongest;
}

function isStronger(a: Evidence, b: Evidence): boolean {
  return a.onset === b.onset ? a.surprise > b.surprise : a.onset;
}

function begin(found: Evidence, { now, noticedAt, suffering, holds }: EpisodeFacts): Anomaly {
  const { kind, signal, surprise, expected, actual, message } = found;
  return {
    kind,
    signal,
    severity: severityWith(surprise, suffering || HARMING.has(kind)),
    since: Math.min(found.since ?? now, now),
    seenAt: now,
    surprise,
    expected,
    actual,
    message,
    holds: holds && HOLDING.has(kind) && found.mayHold !== false && !falls(found),
    openedAt: noticedAt,
    told: false,
    fleetWide: false,
  };
}

function falls({ actual = NaN, expected = NaN }: Pick<Evidence, 'actual' | 'expected'>): boolean {
  return actual < expected;
}

/** These are harm by themselves. */
const HARMING: ReadonlySet<AnomalyKind> = new Set(['Degradation', 'Leak']);

function goOn(
  anomaly: Anomaly,
  found: Evidence | undefined,
  { now, suffering, holds, discovery = 0 }: EpisodeFacts,
): Anomaly {
  const kind =
    anomaly.kind === 'Spike' && now - anomaly.since >= SHIFT_AFTER_MS ? 'LevelShift' : anomaly.kind;
  const still = { ...anomaly, kind, holds: holds && anomaly.holds && HOLDING.has(kind) } as const;
  if (found === undefined) return still;
  const surprise = Math.max(anomaly.surprise, found.surprise);
  const harm = (suffering || HARMING.has(kind)) && found.surprise >= discovery;
  return {
    ...still,
    seenAt: now,
    surprise,
    severity: gravest(anomaly.severity, severityWith(surprise, harm)),
    actual: found.actual ?? anomaly.actual,
    message: found.message,
  };
}

const RANK: Readonly<Record<Severity, number>> = { Low: 0, Medium: 1, High: 2 };

export function gravest(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

function endingOf({ kind, since, seenAt }: Anomaly, now: number): AnomalyEnding | undefined {
  if (now - seenAt >= QUIET_MS) return 'Over';
  if (!LASTING.has(kind) && now - since >= NEW_NORMAL_AFTER_MS) return 'NewNormal';
  return undefined;
}

/** The gravest first, then the newest: what people should read first. */
export function byGravity(a: Anomaly, b: Anomaly): number {
  return RANK[b.severity] - RANK[a.severity] || b.since - a.since;
}
