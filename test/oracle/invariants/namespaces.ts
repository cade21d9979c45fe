import type { History, TargetWrite, Write } from '../history.ts';
import { namespaceOfUser } from '../operator-identity.ts';
import { nameOf, policyOf, targets } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

/** I13: a policy has no effect outside its namespace or on another workload than the one it names. */
export const noEffectElsewhere: Invariant = (history) => [
  ...history.targetWrites.filter((write) => write.succeeded).flatMap((write) => strayTarget(history, write)),
  ...history.writes
    .filter((write) => write.byOperator && write.succeeded)
    .flatMap((write) => strayHelper(history, write)),
];

function strayTarget(history: History, write: TargetWrite): Violation[] {
  const policy = policyOf(history, write);
  if (policy === undefined)
    return [violation(write, `no policy targets ${nameOf(write)}, which was changed`)];
  if (targets(policy, write)) return [];
  return [
    violation(
      write,
      `policy ${policy.namespace}/${policy.name} changed ${nameOf(write)}, which it does not target`,
    ),
  ];
}

/** Leases belong where the operator lives; events there or where a policy is. */
function strayHelper(history: History, write: Write): Violation[] {
  const home = namespaceOfUser(write.actor);
  if (home === undefined || write.namespace === home) return [];
  const isEvent = write.resource === 'events';
  if (write.resource !== 'leases' && !isEvent) return [];
  if (isEvent && history.policies.some((policy) => policy.namespace === write.namespace)) return [];
  return [violation(write, `${write.actor} wrote ${nameOf(write)}, outside its own namespace`)];
}

function violation({ auditId }: Write, message: string): Violation {
  return { invariant: 'I13', auditId, message };
}
