import type { History, TargetWrite, Write } from '../history.ts';
import type { PatchOperation } from '../json-patch.ts';
import { actuations, directionOf, nameOf } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

const OWN_ANNOTATIONS = ['autonomic.dev/decision', 'autonomic.dev/previous-replicas'];
const ALLOWED_PATHS = new Set([
  '/spec/replicas',
  ...OWN_ANNOTATIONS.map((name) => `/metadata/annotations/${name.replaceAll('/', '~1')}`),
]);

/** What the operator writes besides workloads: `group/resource/subresource`. */
const OWN_WRITES = new Set([
  'autonomic.dev/autonomicpolicies/status',
  'coordination.k8s.io/leases/',
  'events.k8s.io/events/',
  '/events/',
]);
/** Questions in the form of a create; nothing is stored. */
const REVIEW_GROUPS = new Set(['authentication.k8s.io', 'authorization.k8s.io']);

const HOUR_MS = 3_600_000;
const REVERSALS_PER_HOUR = 3;

/** I12: only the allowed fields are written, and the direction turns at most three times in an hour. */
export const allowedFields: Invariant = (history) => [
  ...history.targetWrites.flatMap(foreignFields),
  ...history.writes
    .filter(isForeign)
    .map((write) => violation(write, `the operator must not ${write.verb} ${nameOf(write)}`)),
  ...reversals(history),
];

function foreignFields(write: TargetWrite): Violation[] {
  if (write.operations === null || write.subresource !== '' || write.verb !== 'patch') {
    const way = `${write.verb}${write.subresource === '' ? '' : ` of ${write.subresource}`}`;
    return [
      violation(write, `${nameOf(write)} was changed by a ${way} that is no JSON Patch of the workload`),
    ];
  }
  return write.operations
    .filter((operation) => !isAllowed(operation))
    .map(({ op, path }) => violation(write, `${nameOf(write)} was sent ${op} ${path}`));
}

function isAllowed({ op, path, value }: PatchOperation): boolean {
  if (op === 'test') return true;
  if (op !== 'add' && op !== 'replace') return false;
  if (path !== '/metadata/annotations') return ALLOWED_PATHS.has(path);
  // A workload without annotations has no map to add to. `add` would throw away a map that is there, which the test of
  // the resourceVersion excludes.
  return op === 'add' && Object.keys(value ?? {}).every((name) => OWN_ANNOTATIONS.includes(name));
}

function isForeign(write: Write): boolean {
  if (!write.byOperator || REVIEW_GROUPS.has(write.group) || write.group === 'apps') return false;
  return !OWN_WRITES.has(`${write.group}/${write.resource}/${write.subresource}`);
}

function reversals(history: History): Violation[] {
  const last = new Map<string, number>();
  const turns = new Map<string, number[]>();
  return actuations(history).flatMap((write) => {
    const key = nameOf(write);
    const direction = directionOf(history, write);
    if (direction === 0) return [];
    const before = last.get(key);
    last.set(key, direction);
    if (before === undefined || before === direction) return [];
    const recent = [...(turns.get(key) ?? []), write.at].filter((at) => at > write.at - HOUR_MS);
    turns.set(key, recent);
    if (recent.length <= REVERSALS_PER_HOUR) return [];
    return [violation(write, `${key} changed direction ${recent.length} times within an hour`)];
  });
}

function violation({ auditId }: Write, message: string): Violation {
  return { invariant: 'I12', auditId, message };
}
