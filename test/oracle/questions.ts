import { numberField, textField, field } from './body.ts';
import {
  isPolicy,
  isTarget,
  type History,
  type PolicyVersion,
  type TargetWrite,
  type Write,
} from './history.ts';
import { annotationSet, DECISION_ANNOTATION, PREVIOUS_ANNOTATION } from './json-patch.ts';

const KIND_OF: Readonly<Record<string, string>> = { deployments: 'Deployment', statefulsets: 'StatefulSet' };

/** The decision that a write says it carries out. */
export function decisionOf(write: TargetWrite): string | undefined {
  const id = write.operations === null ? undefined : annotationSet(write.operations, DECISION_ANNOTATION);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Every value that the body puts into spec.replicas, exactly as sent. */
export function replicasSent(write: TargetWrite): readonly unknown[] {
  if (write.operations === null) {
    const spec = field(write.request, 'spec');
    return typeof spec === 'object' && spec !== null && 'replicas' in spec ? [spec.replicas] : [];
  }
  return write.operations
    .filter((one) => one.op !== 'test' && one.path === '/spec/replicas')
    .map((one) => one.value);
}

/** The version of a policy that made the intent of `decisionId` durable, among writes before `order`. */
export function intentOf(history: History, decisionId: string, order = Infinity): PolicyVersion | undefined {
  return history.policies.find(
    (version) => version.write.order < order && version.pending?.decisionId === decisionId,
  );
}

/** The policy that the write acts for: the one with its intent, otherwise the newest that targets the workload. */
export function policyOf(history: History, write: TargetWrite): PolicyVersion | undefined {
  const decisionId = decisionOf(write);
  const intent = decisionId === undefined ? undefined : intentOf(history, decisionId, write.order);
  return (
    intent ??
    history.policies.findLast((version) => version.write.order < write.order && targets(version, write))
  );
}

/** Whether the policy names this workload, in its own namespace. */
export function targets({ namespace, spec }: PolicyVersion, write: Write): boolean {
  return (
    namespace === write.namespace &&
    textField(spec, 'targetRef', 'kind') === KIND_OF[write.resource] &&
    textField(spec, 'targetRef', 'name') === write.name
  );
}

/** The write that ended the policy's life: its own deletion or that of all policies of its namespace. */
export function deletionOf(history: History, policy: PolicyVersion): Write | undefined {
  return history.writes.find(
    (write) =>
      isPolicy(write) &&
      write.succeeded &&
      write.verb.startsWith('delete') &&
      write.order >= policy.write.order &&
      write.namespace === policy.namespace &&
      (write.name === policy.name || write.name === ''),
  );
}

/** The workload as the last successful write of anybody before `order` left it. */
export function targetBefore(history: History, write: TargetWrite): unknown {
  return history.writes.findLast(
    (one) => one.order < write.order && one.subresource !== 'scale' && isWriteOf(one, write),
  )?.response;
}

function isWriteOf(one: Write, write: TargetWrite): boolean {
  return (
    isTarget(one) &&
    one.succeeded &&
    one.resource === write.resource &&
    one.namespace === write.namespace &&
    one.name === write.name
  );
}

/** +1 or -1; 0 when the write changes no replicas or nobody knows what was before. */
export function directionOf(history: History, write: TargetWrite): -1 | 0 | 1 {
  const next = replicasSent(write).at(-1);
  const before = replicasBefore(history, write);
  if (typeof next !== 'number' || before === undefined) return 0;
  return Math.sign(next - before) as -1 | 0 | 1;
}

function replicasBefore(history: History, write: TargetWrite): number | undefined {
  const last = history.writes.findLast((one) => one.order < write.order && isWriteOf(one, write));
  const known = numberField(last?.response, 'spec', 'replicas');
  if (known !== undefined) return known;
  const said = write.operations === null ? undefined : annotationSet(write.operations, PREVIOUS_ANNOTATION);
  return typeof said === 'string' && /^\d+$/.test(said) ? Number(said) : undefined;
}

/** Successful changes of replicas by the operator. */
export function actuations(history: History): TargetWrite[] {
  return history.targetWrites.filter((write) => write.succeeded && replicasSent(write).length > 0);
}

/** How messages name a workload. */
export function nameOf(write: Write): string {
  return `${write.resource}/${write.name} in ${write.namespace}`;
}
