import { field } from '../body.ts';
import { isPolicy, type History, type Write } from '../history.ts';
import { annotationSet, PREVIOUS_ANNOTATION } from '../json-patch.ts';
import { nameOf, replicasSent } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

/** Largest value of the API's int32. */
const MAX_INT32 = 2_147_483_647;

/**
 * I2: no null, NaN, fraction or overflow leaves the process. Requests that the server refused count as well: it was luck
 * that it looked.
 */
export const soundNumbers: Invariant = (history) => [...unsoundReplicas(history), ...unsoundStatus(history)];

function unsoundReplicas(history: History): Violation[] {
  return history.targetWrites.flatMap((write) => {
    const bad = replicasSent(write).filter((value) => !isCount(value));
    const previous =
      write.operations === null ? undefined : annotationSet(write.operations, PREVIOUS_ANNOTATION);
    if (previous !== undefined && !isCountText(previous)) bad.push(previous);
    return bad.map((value) =>
      violation(write, `${nameOf(write)} was sent ${JSON.stringify(value)} as replicas`),
    );
  });
}

/** JSON has no NaN: it leaves as null, and `pending` is the only member that is ever taken away by a null. */
function unsoundStatus(history: History): Violation[] {
  return history.writes
    .filter((write) => write.byOperator && isPolicy(write))
    .flatMap((write) => {
      const nulls = nullPaths(write.request, '').filter((path) => path !== '/status/pending');
      const counts = ['previousReplicas', 'nextReplicas']
        .map((name) => field(write.request, 'status', 'pending', name))
        .filter((value) => value !== undefined && !isCount(value));
      return [
        ...nulls.map((path) => violation(write, `${nameOf(write)} was sent null at ${path}`)),
        ...counts.map((value) =>
          violation(write, `${nameOf(write)} was sent ${JSON.stringify(value)} in its intent`),
        ),
      ];
    });
}

function nullPaths(value: unknown, path: string): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => nullPaths(inner, `${path}/${key}`));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT32;
}

/** Annotations hold text. */
function isCountText(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) && isCount(Number(value));
}

function violation({ auditId }: Write, message: string): Violation {
  return { invariant: 'I2', auditId, message };
}
