import type { History, TargetWrite } from '../history.ts';
import { annotationSet, precondition, PREVIOUS_ANNOTATION } from '../json-patch.ts';
import { decisionOf, intentOf, nameOf, replicasSent } from '../questions.ts';
import type { Invariant } from '../violation.ts';

/**
 * I8: every mutation of a workload has an intent with the same decision that was durable before: in `status.pending` of
 * its policy, and in an operator's journal where the run has them.
 */
export const intentBeforeEffect: Invariant = (history) =>
  history.targetWrites
    .filter((write) => write.succeeded)
    .flatMap((write) => {
      const problem = problemOf(history, write);
      if (problem === undefined) return [];
      return [{ invariant: 'I8' as const, auditId: write.auditId, message: `${nameOf(write)} ${problem}` }];
    });

function problemOf(history: History, write: TargetWrite): string | undefined {
  const decisionId = decisionOf(write);
  if (decisionId === undefined || write.operations === null) return 'was changed without naming a decision';
  const intent = intentOf(history, decisionId, write.order);
  if (intent === undefined) return `was changed by decision ${decisionId}, which no policy intended before`;
  const newest = history.policies.findLast(
    (version) => version.uid === intent.uid && version.write.order < write.order,
  );
  const pending = newest?.pending;
  if (pending?.decisionId !== decisionId)
    return `was changed by decision ${decisionId} after its intent was withdrawn`;
  const sent: readonly (readonly [string, unknown, unknown])[] = [
    ['uid', precondition(write.operations, '/metadata/uid'), pending.targetUid],
    ['replicas', replicasSent(write).at(-1), pending.nextReplicas],
    [
      'previous replicas',
      annotationSet(write.operations, PREVIOUS_ANNOTATION),
      String(pending.previousReplicas),
    ],
  ];
  for (const [what, found, intended] of sent) {
    if (found !== intended)
      return `was sent ${what} ${String(found)}, decision ${decisionId} intended ${String(intended)}`;
  }
  return journalProblem(history, decisionId);
}

function journalProblem({ journals }: History, decisionId: string): string | undefined {
  if (journals === undefined) return undefined;
  const known = journals.flat().some((entry) => entry.kind === 'Intent' && entry.decisionId === decisionId);
  return known ? undefined : `was changed by decision ${decisionId}, whose intent is in no journal`;
}
