import { numberField } from '../body.ts';
import { actuations, nameOf, policyOf, replicasSent } from '../questions.ts';
import type { Invariant } from '../violation.ts';

/** I1: replicas that were applied lie within the policy's bounds, on the exact bytes sent. */
export const withinBounds: Invariant = (history) =>
  actuations(history).flatMap((write) => {
    const spec = policyOf(history, write)?.spec;
    const lowest = numberField(spec, 'horizontal', 'minReplicas');
    const highest = numberField(spec, 'horizontal', 'maxReplicas');
    return replicasSent(write).flatMap((replicas) => {
      const allowed =
        typeof replicas === 'number' &&
        lowest !== undefined &&
        highest !== undefined &&
        replicas >= lowest &&
        replicas <= highest;
      if (allowed) return [];
      const bounds = `${lowest ?? 'unknown'} to ${highest ?? 'unknown'}`;
      const message = `${nameOf(write)} was set to ${JSON.stringify(replicas)}, allowed are ${bounds}`;
      return [{ invariant: 'I1' as const, auditId: write.auditId, message }];
    });
  });
