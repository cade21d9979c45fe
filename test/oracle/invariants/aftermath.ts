import { isTarget, type History, type PolicyVersion, type Write } from '../history.ts';
import { decisionOf, deletionOf, intentOf, nameOf, targets } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

const GARBAGE_COLLECTOR = 'system:serviceaccount:kube-system:generic-garbage-collector';

/**
 * I17: when the policy or the operator's account is gone, workloads keep what they have: the operator writes nothing
 * more, and nothing that it left behind (an owner reference) makes the garbage collector take the workload away.
 */
export const nothingAfterwards: Invariant = (history) => [
  ...afterPolicy(history),
  ...afterAccount(history),
  ...collected(history),
];

function afterPolicy(history: History): Violation[] {
  return history.targetWrites
    .filter((write) => write.succeeded)
    .flatMap((write) => {
      const id = decisionOf(write);
      const intent = id === undefined ? undefined : intentOf(history, id);
      const deletion = intent === undefined ? undefined : deletionOf(history, intent);
      if (deletion === undefined || deletion.order >= write.order) return [];
      return [violation(write, `${nameOf(write)} was changed after its policy was deleted`)];
    });
}

function afterAccount(history: History): Violation[] {
  return history.writes
    .filter((write) => write.resource === 'serviceaccounts' && write.verb === 'delete' && write.succeeded)
    .flatMap((deletion) => {
      const account = `system:serviceaccount:${deletion.namespace}:${deletion.name}`;
      return history.targetWrites
        .filter((write) => write.succeeded && write.actor === account && write.order > deletion.order)
        .map((write) =>
          violation(write, `${nameOf(write)} was changed by ${account} after that account was deleted`),
        );
    });
}

function collected(history: History): Violation[] {
  const governed = (write: Write): PolicyVersion | undefined =>
    history.policies.find((policy) => targets(policy, write));
  return history.writes
    .filter(
      (write) =>
        isTarget(write) && write.succeeded && write.verb === 'delete' && write.actor === GARBAGE_COLLECTOR,
    )
    .filter((write) => governed(write) !== undefined)
    .map((write) => violation(write, `${nameOf(write)} was taken away by the garbage collector`));
}

function violation({ auditId }: Write, message: string): Violation {
  return { invariant: 'I17', auditId, message };
}
