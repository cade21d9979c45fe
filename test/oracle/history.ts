import type { AuditEvent } from './audit-log.ts';
import { field, listField, numberField, textField } from './body.ts';
import { patchOperations, type PatchOperation } from './json-patch.ts';
import type { Journal } from './journal.ts';
import { DEFAULT_IDENTITY, isOperator, usernameOf, type OperatorIdentity } from './operator-identity.ts';

/** A write request. `at` is when the server received it, in ms since the epoch. */
export interface Write {
  readonly auditId: string;
  readonly at: number;
  /** Revision of etcd after the write, so one order over all objects; for other requests, the one before. */
  readonly order: number;
  readonly actor: string;
  readonly byOperator: boolean;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  /** Empty when a whole collection is meant. */
  readonly name: string;
  /** The server accepted it and it was no dry run. */
  readonly succeeded: boolean;
  readonly request: unknown;
  readonly response: unknown;
}

/** A write of the operator to a workload, whether it succeeded or not. */
export interface TargetWrite extends Write {
  /** null when the body is no JSON Patch. */
  readonly operations: readonly PatchOperation[] | null;
}

interface Pending {
  readonly decisionId: string;
  readonly targetUid: string;
  readonly previousReplicas: unknown;
  readonly nextReplicas: unknown;
  /** ms since the epoch; NaN when it cannot be read. */
  readonly deadline: number;
}

/** A policy as one write left it. */
export interface PolicyVersion {
  readonly write: Write;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly spec: unknown;
  readonly pending: Pending | undefined;
  /** Entries of `status.decisions` that have an outcome. */
  readonly ended: readonly { readonly id: string; readonly result: string; readonly endTime: string }[];
}

/** Everything that the invariants look at, in the order of the writes. */
export interface History {
  readonly writes: readonly Write[];
  readonly targetWrites: readonly TargetWrite[];
  readonly policies: readonly PolicyVersion[];
  /** Time of the operator's last request of any kind; -Infinity when it never made one. */
  readonly operatorLastSeen: number;
  /** One for each operator; undefined when the run has none to look at. */
  readonly journals: readonly Journal[] | undefined;
}

export interface HistoryOptions {
  readonly identity?: OperatorIdentity;
  /** The operators' journals, where the run has them. */
  readonly journals?: readonly Journal[];
}

const WRITE_VERBS = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
const TARGET_RESOURCES = new Set(['deployments', 'statefulsets']);

export function buildHistory(events: readonly AuditEvent[], options: HistoryOptions = {}): History {
  const identity = options.identity ?? DEFAULT_IDENTITY;
  const writes = inOrder(
    events.filter((event) => event.stage === 'ResponseComplete').filter(isWrite),
    identity,
  );
  const seen = events
    .filter((event) => isOperator(event, identity))
    .map((event) => Date.parse(event.stageTimestamp));
  return {
    writes,
    targetWrites: writes
      .filter((write) => write.byOperator && isTarget(write))
      .map((write) => ({ ...write, operations: patchOperations(write.request) })),
    policies: writes.flatMap(policyVersion),
    operatorLastSeen: seen.reduce((latest, time) => Math.max(latest, time), -Infinity),
    journals: options.journals,
  };
}

export function isTarget(write: Write): boolean {
  return write.group === 'apps' && TARGET_RESOURCES.has(write.resource);
}

export function isPolicy(write: Write): boolean {
  return write.group === 'autonomic.dev' && write.resource === 'autonomicpolicies';
}

function isWrite(event: AuditEvent): boolean {
  return WRITE_VERBS.has(event.verb) && event.objectRef?.resource !== undefined;
}

/** Requests are logged after they were answered, so two lines may be swapped; revisions cannot. */
function inOrder(events: readonly AuditEvent[], identity: OperatorIdentity): Write[] {
  let revision = 0;
  const writes = events.map((event) => {
    const write = toWrite(event, identity);
    const own = write.succeeded ? Number(textField(write.response, 'metadata', 'resourceVersion')) : NaN;
    const order = Number.isNaN(own) ? revision : own;
    revision = Math.max(revision, order);
    return { ...write, order };
  });
  return writes.sort((a, b) => a.order - b.order);
}

function toWrite(event: AuditEvent, identity: OperatorIdentity): Omit<Write, 'order'> {
  const { resource = '', subresource = '', namespace = '', name, apiGroup = '' } = event.objectRef ?? {};
  const code = event.responseStatus?.code ?? 0;
  return {
    auditId: event.auditID,
    at: Date.parse(event.requestReceivedTimestamp),
    actor: usernameOf(event),
    byOperator: isOperator(event, identity),
    verb: event.verb,
    group: apiGroup,
    resource,
    subresource,
    namespace,
    // The name of a created object stands only in its body.
    name: name ?? textField(event.requestObject, 'metadata', 'name') ?? '',
    succeeded: code >= 200 && code < 300 && !/[?&]dryRun=/.test(event.requestURI),
    request: event.requestObject,
    response: event.responseObject,
  };
}

function policyVersion(write: Write): PolicyVersion[] {
  const { response } = write;
  if (!isPolicy(write) || !write.succeeded || write.verb.startsWith('delete')) return [];
  return [
    {
      write,
      namespace: write.namespace,
      name: textField(response, 'metadata', 'name') ?? write.name,
      uid: textField(response, 'metadata', 'uid') ?? '',
      spec: field(response, 'spec'),
      pending: pendingOf(field(response, 'status', 'pending')),
      ended: listField(response, 'status', 'decisions').flatMap((decision) => {
        const result = textField(decision, 'outcome', 'result');
        const id = textField(decision, 'id') ?? '';
        return result === undefined
          ? []
          : [{ id, result, endTime: textField(decision, 'outcome', 'endTime') ?? '' }];
      }),
    },
  ];
}

function pendingOf(value: unknown): Pending | undefined {
  const decisionId = textField(value, 'decisionId');
  if (decisionId === undefined) return undefined;
  return {
    decisionId,
    targetUid: textField(value, 'targetUid') ?? '',
    previousReplicas: numberField(value, 'previousReplicas'),
    nextReplicas: numberField(value, 'nextReplicas'),
    deadline: Date.parse(textField(value, 'deadlineTime') ?? ''),
  };
}
