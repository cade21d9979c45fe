import type { History, PolicyVersion } from '../history.ts';
import type { Journal } from '../journal.ts';
import { decisionOf, deletionOf } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

/** After its due time an operator that is there has this long to write the ending, restart and failover included. */
const SETTLE_MS = 60_000;

/**
 * I9: every intent ends in exactly one terminal record, after any crash. An intent that is not due yet, whose policy is
 * gone, or whose operator has not been there since, is not judged.
 */
export const oneEnding: Invariant = (history) => {
  const intents = new Map<string, PolicyVersion>();
  for (const version of history.policies) {
    if (version.pending !== undefined && !intents.has(version.pending.decisionId)) {
      intents.set(version.pending.decisionId, version);
    }
  }
  return [
    ...[...intents].flatMap(([id, intent]) => endingOf(history, id, intent)),
    ...abortedButDone(history),
    ...(history.journals ?? []).flatMap((journal) => journalEndings(journal, intents)),
  ];
};

function endingOf(history: History, id: string, intent: PolicyVersion): Violation[] {
  const versions = history.policies.filter((version) => version.uid === intent.uid);
  let first: string | undefined;
  for (const version of versions) {
    const endings = version.ended
      .filter((entry) => entry.id === id)
      .map(({ result, endTime }) => `${result} at ${endTime}`);
    const problem = problemOf(endings, first, version.pending?.decisionId === id);
    if (problem !== undefined) return [violation(version, `decision ${id} ${problem}`)];
    first ??= endings[0];
  }
  if (first === undefined && isOverdue(history, id, intent, versions)) {
    return [violation(intent, `decision ${id} has no ending`)];
  }
  return [];
}

/** @param first the ending that an earlier version showed. */
function problemOf(
  endings: readonly string[],
  first: string | undefined,
  intended: boolean,
): string | undefined {
  if (endings.length > 1) return `stands ${endings.length} times with an ending`;
  const [now] = endings;
  if (first === undefined) return undefined;
  if (now !== undefined && now !== first) return `ended as ${first} and again as ${now}`;
  return now === undefined && intended ? 'is intended again after its ending' : undefined;
}

function isOverdue(
  history: History,
  id: string,
  intent: PolicyVersion,
  versions: readonly PolicyVersion[],
): boolean {
  if (deletionOf(history, intent) !== undefined) return false;
  const withdrawn = versions.find(
    (version) => version.write.order > intent.write.order && version.pending?.decisionId !== id,
  );
  const deadline = intent.pending?.deadline ?? NaN;
  // An unreadable deadline is no excuse to wait for ever.
  const due = Math.min(withdrawn?.write.at ?? Infinity, Number.isNaN(deadline) ? intent.write.at : deadline);
  return history.operatorLastSeen > due + SETTLE_MS;
}

/** Aborted says that nothing was written. */
function abortedButDone(history: History): Violation[] {
  const done = new Set(
    history.targetWrites.filter((write) => write.succeeded).flatMap((write) => decisionOf(write) ?? []),
  );
  const accused = new Set<string>();
  return history.policies.flatMap((version) =>
    version.ended
      .filter(({ id, result }) => result === 'Aborted' && done.has(id) && !accused.has(id))
      .map(({ id }) => {
        accused.add(id);
        return violation(version, `decision ${id} ended as Aborted, and changed the workload all the same`);
      }),
  );
}

/** One journal: a leader that takes a decision over has a record of its own for it. */
function journalEndings(journal: Journal, intents: ReadonlyMap<string, PolicyVersion>): Violation[] {
  const endings = new Map<string, number>();
  for (const { kind, decisionId } of journal) {
    if (kind === 'Aborted' || kind === 'Closed') endings.set(decisionId, (endings.get(decisionId) ?? 0) + 1);
  }
  return [...endings]
    .filter(([, count]) => count > 1)
    .map(([id, count]) => ({
      invariant: 'I9',
      auditId: intents.get(id)?.write.auditId ?? 'journal',
      message: `decision ${id} ended ${count} times in the journal`,
    }));
}

function violation({ write, namespace, name }: PolicyVersion, problem: string): Violation {
  return { invariant: 'I9', auditId: write.auditId, message: `policy ${namespace}/${name}: ${problem}` };
}
