import { precondition } from '../json-patch.ts';
import { nameOf } from '../questions.ts';
import type { Invariant } from '../violation.ts';

/** I11: every mutation of a workload names uid and resourceVersion as preconditions, accepted by the server or not. */
export const preconditionsTested: Invariant = (history) =>
  history.targetWrites.flatMap((write) => {
    const operations = write.operations ?? [];
    return ['/metadata/uid', '/metadata/resourceVersion']
      .filter((path) => !isIdentity(precondition(operations, path)))
      .map((path) => ({
        invariant: 'I11' as const,
        auditId: write.auditId,
        message: `${nameOf(write)} was sent a ${write.verb} that does not first test ${path}`,
      }));
  });

function isIdentity(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
