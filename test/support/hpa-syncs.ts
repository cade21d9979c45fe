import type { AuditEvent } from '../oracle/audit-log.ts';
import { field, numberField } from '../oracle/body.ts';
import type { HpaCase } from './hpa-cases.ts';
import type { ServedMetrics } from './hpa-metrics-server.ts';

/** One turn of the real HPA: what it saw and what it made of it. */
export interface HpaSync {
  /** Ms since the epoch of its first write; of the answer if it wrote nothing, not even its status. */
  readonly at: number;
  /** `spec.replicas` that it found. */
  readonly current: number;
  /** The same after it: its own write's value, or `current`. */
  readonly decided: number;
  /** Absent when the replicas were out of bounds: it does not ask then. */
  readonly metrics?: ServedMetrics;
  /** Time from `at` until the write was done; the HPA dates its events by that. 0 without a write. */
  readonly writeMs: number;
  /** `status.replicas` of the target, which External metrics are compared with. */
  readonly statusReplicas: number;
}

/** A finished request; ms since the epoch. */
interface Finished {
  readonly received: number;
  readonly done: number;
}

interface ReplicasAt extends Finished {
  readonly replicas: number;
  readonly byHpa: boolean;
}

const HPA_USER = 'system:serviceaccount:kube-system:horizontal-pod-autoscaler';

/** The turns of one HPA in order, from the answers that it was given and the audit log of its namespace. */
export function hpaSyncs(
  { name, metrics: { length } }: HpaCase,
  served: readonly ServedMetrics[],
  audit: readonly AuditEvent[],
): HpaSync[] {
  const target = audit.filter(isWriteOf(name));
  const spec = replicasIn(
    target.filter(({ objectRef }) => objectRef?.subresource !== 'status'),
    'spec',
  );
  const status = replicasIn(
    target.filter(({ objectRef }) => objectRef?.subresource === 'status'),
    'status',
  );
  const answers = turns(
    served.filter(({ app }) => app === name),
    length,
  );
  const writes = spec.filter(({ byHpa }) => byHpa);
  const causes = writes.map((write) => causeOf(write, spec, answers));
  const said = statusWrites(name, audit);
  const sayings = said.map((write) => causeOf(write, spec, answers));
  const asked = answers.map((metrics): HpaSync => {
    const current = replicasBefore(spec, metrics.at);
    const write = writes[causes.indexOf(metrics)];
    // An HPA decides right before it writes; its answer may have waited for it on a busy machine.
    const at = write?.received ?? said[sayings.indexOf(metrics)]?.received ?? metrics.at;
    return {
      at,
      current,
      decided: write?.replicas ?? current,
      metrics,
      writeMs: write === undefined ? 0 : write.done - at,
      statusReplicas: replicasBefore(status, metrics.at),
    };
  });
  const unasked = writes.flatMap(({ received, done, replicas }, index): HpaSync[] => {
    if (causes[index] !== undefined) return [];
    const current = replicasBefore(spec, received);
    return [{ at: received, current, decided: replicas, writeMs: done - received, statusReplicas: current }];
  });
  return [...asked, ...unasked].sort((a, b) => a.at - b.at);
}

/** The answers of one turn as one: an HPA asks for its metrics in the order of its spec, the last one is the newest. */
function turns(answers: readonly ServedMetrics[], perTurn: number): readonly ServedMetrics[] {
  return answers.flatMap((answer, index) => {
    const turn = answers.slice(index + 1 - perTurn, index + 1);
    return (index + 1) % perTurn === 0
      ? [turn.reduce((joined, one) => ({ ...joined, ...one, pods: [...joined.pods, ...one.pods] }))]
      : [];
  });
}

/** The answer that led to a write; none where somebody else had moved the replicas out of bounds since it. */
function causeOf(
  write: Finished,
  spec: readonly ReplicasAt[],
  answers: readonly ServedMetrics[],
): ServedMetrics | undefined {
  const last = answers.findLast(({ at }) => at <= write.received);
  if (last === undefined) return undefined;
  return spec.some(({ received }) => received > last.at && received < write.received) ? undefined : last;
}

function replicasBefore(log: readonly ReplicasAt[], at: number): number {
  return log.findLast(({ done }) => done <= at)?.replicas ?? 0;
}

/** The HPA's own status, which it writes at the end of a turn if anything in it is new. */
function statusWrites(name: string, audit: readonly AuditEvent[]): Finished[] {
  return audit
    .filter(({ objectRef }) => objectRef?.resource === 'horizontalpodautoscalers' && objectRef.name === name)
    .filter(({ user }) => user.username === HPA_USER)
    .map(finished)
    .sort((a, b) => a.done - b.done);
}

function finished(event: AuditEvent): Finished {
  return {
    received: Date.parse(event.requestReceivedTimestamp),
    done: Date.parse(event.stageTimestamp),
  };
}

function isWriteOf(name: string): (event: AuditEvent) => boolean {
  return ({ objectRef, responseStatus }) =>
    objectRef?.resource === 'deployments' && objectRef.name === name && (responseStatus?.code ?? 500) < 300;
}

function replicasIn(events: readonly AuditEvent[], part: 'spec' | 'status'): ReplicasAt[] {
  return events
    .flatMap((event): ReplicasAt[] => {
      const replicas = numberField(event.responseObject, part, 'replicas');
      if (replicas === undefined) return [];
      return [
        {
          ...finished(event),
          replicas,
          byHpa: event.user.username === HPA_USER && field(event.responseObject, 'kind') === 'Scale',
        },
      ];
    })
    .sort((a, b) => a.done - b.done);
}
