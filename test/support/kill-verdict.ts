import type { History, PolicyVersion, TargetWrite } from '../oracle/history.ts';
import { annotationSet, PREVIOUS_ANNOTATION } from '../oracle/json-patch.ts';
import type { JournalEntry } from '../oracle/journal.ts';
import { decisionOf, replicasSent } from '../oracle/questions.ts';
import { formatTable } from '../../src/cli/table.ts';
import type { KillPoint } from './kill-points.ts';

/** A workload whose policy wants one change. */
export interface Wanted {
  readonly namespace: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What an audit log and a journal say of one action that was interrupted; the operator is not asked. */
export interface Verdict {
  /** Successful changes of the workload, in order. */
  readonly changes: readonly TargetWrite[];
  /** How each intent of the policy ended, in the order of the intents: one ending each when all is well. */
  readonly endings: readonly (readonly string[])[];
  /** Everything that is not as it should be; empty when all is well. */
  readonly problems: readonly string[];
}

/** Is there nothing left to do? */
export function isQuiet(history: History, { namespace, name, to }: Wanted): boolean {
  const last = newest(history, namespace, name);
  const changed = changesOf(history, { namespace, name }).at(-1);
  if (last === undefined || changed === undefined || last.pending !== undefined) return false;
  return replicasSent(changed).at(-1) === to && last.ended.some(({ id }) => id === decisionOf(changed));
}

/** Holds one action against the promises: one change, one ending for each intent, proof on the workload. */
export function judge(history: History, journal: readonly JournalEntry[], wanted: Wanted): Verdict {
  const { namespace, name, from, to } = wanted;
  const changes = changesOf(history, { namespace, name });
  const intents = journal.filter(
    ({ kind, policy }) => kind === 'Intent' && policy === `${namespace}/${name}`,
  );
  const changedBy = new Set(changes.map(decisionOf));
  const problems: string[] = [];
  const endings = intents.map(({ decisionId }) => {
    const kinds = journal
      .filter(
        (entry) => entry.decisionId === decisionId && (entry.kind === 'Aborted' || entry.kind === 'Closed'),
      )
      .map(({ kind }) => kind);
    const expected = changedBy.has(decisionId) ? 'Closed' : 'Aborted';
    if (kinds.length !== 1 || kinds[0] !== expected) {
      problems.push(`intent ${decisionId} should end as ${expected}, found [${kinds.join(', ')}]`);
    }
    return kinds;
  });
  if (changes.length !== 1) problems.push(`changed ${changes.length} times`);
  for (const change of changes) problems.push(...problemsOf(change, { from, to }));
  problems.push(...statusProblems(newest(history, namespace, name), [...changedBy]));
  return { changes, endings, problems };
}

interface Judged {
  readonly wanted: Wanted;
  readonly points: readonly KillPoint[];
  readonly verdict: Verdict;
}

/** Where each was killed, and what came of it. */
export function verdictTable(judged: readonly Judged[]): string {
  return formatTable(
    ['KILLED AT', 'WHEN', 'ACTION', 'CHANGES', 'INTENTS ENDED AS', 'PROBLEMS'],
    judged.map(({ wanted: { from, to }, points, verdict: { changes, endings, problems } }) => [
      points.map(({ step }) => step).join(', then '),
      points.map(({ phase }) => phase).join(', then '),
      `${from}→${to}`,
      String(changes.length),
      endings.map((kinds) => kinds.join('+') || 'none').join(', then '),
      problems.join('; '),
    ]),
  );
}

function problemsOf(change: TargetWrite, { from, to }: { from: number; to: number }): string[] {
  const previous = annotationSet(change.operations ?? [], PREVIOUS_ANNOTATION);
  const sent = replicasSent(change).at(-1);
  return [
    ...(sent === to ? [] : [`set to ${String(sent)}, wanted ${to}`]),
    ...(previous === String(from) ? [] : [`previous replicas ${String(previous)}, were ${from}`]),
  ];
}

function statusProblems(
  last: PolicyVersion | undefined,
  changedBy: readonly (string | undefined)[],
): string[] {
  if (last === undefined) return ['no status'];
  const shown = changedBy.map((id) => last.ended.filter((entry) => entry.id === id));
  return [
    ...(last.pending === undefined ? [] : [`decision ${last.pending.decisionId} is still pending`]),
    ...shown.flatMap((entries) =>
      entries.length === 1 && entries[0]?.result !== 'Aborted'
        ? []
        : [`the status shows ${entries.length} endings of the change: ${JSON.stringify(entries)}`],
    ),
  ];
}

/** Successful changes of the workload by the operator, in order. */
export function changesOf(
  history: History,
  { namespace, name }: Pick<Wanted, 'namespace' | 'name'>,
): TargetWrite[] {
  return history.targetWrites.filter(
    (write) => write.succeeded && write.namespace === namespace && write.name === name,
  );
}

function newest(history: History, namespace: string, name: string): PolicyVersion | undefined {
  return history.policies.findLast((version) => version.namespace === namespace && version.name === name);
}
