import type { AuditFact } from '../../loop/analyze/threat/audit-tally.ts';
import { BodyError, kindOf, objectAt, parseObject, textAt, type Json } from './body-error.ts';
import { boundedText } from './bounded-text.ts';

/** One event of the API server's audit log that says how a request went. */
export interface AuditEvent {
  /** The same for all stages of one request, and when the event is sent again. */
  readonly id: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly fact: AuditFact;
}

/** What has an answer. A refused log-in has only ResponseStarted; a command in a pod has it long before the end. */
const ANSWERED = new Set(['ResponseStarted', 'ResponseComplete', 'Panic']);

/**
 * The events of an `audit.k8s.io/v1` EventList, as the API server's webhook backend sends it; those of requests that have
 * no answer yet are left out.
 * @throws BodyError when it is something else: nothing of it is taken then
 */
export function parseAuditEvents(body: string): AuditEvent[] {
  const list = parseObject(body);
  const { apiVersion, kind, items } = list;
  if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'EventList') {
    const found = `${described(apiVersion)} ${described(kind)}`;
    throw new BodyError(`apiVersion and kind: found ${found}, wanted audit.k8s.io/v1 EventList`);
  }
  if (!Array.isArray(items)) throw new BodyError(`items: found ${kindOf(items)}, wanted a list`);
  return items.flatMap((item, index) => eventOf(objectAt(item, `items[${index}]`), `items[${index}]`));
}

function eventOf(event: Json, path: string): AuditEvent[] {
  const id = textAt(event['auditID'], `${path}.auditID`);
  const stage = textAt(event['stage'], `${path}.stage`);
  const verb = textAt(event['verb'], `${path}.verb`);
  const stamp = textAt(event['stageTimestamp'], `${path}.stageTimestamp`);
  const at = Date.parse(stamp);
  if (!Number.isFinite(at)) throw new BodyError(`${path}.stageTimestamp: not a time`);
  if (!ANSWERED.has(stage)) return [];
  const status = event['responseStatus'];
  const code = status === undefined ? 200 : objectAt(status, `${path}.responseStatus`)['code'];
  const target = event['objectRef'] === undefined ? {} : objectAt(event['objectRef'], `${path}.objectRef`);
  const user = event['user'] === undefined ? {} : objectAt(event['user'], `${path}.user`);
  return [
    {
      id: boundedText(id),
      at,
      fact: {
        verb: boundedText(verb),
        user: optional(user['username']),
        agent: optional(event['userAgent']),
        address: addressOf(event['sourceIPs']),
        namespace: optional(target['namespace']),
        resource: optional(target['resource']),
        subresource: optional(target['subresource']),
        code: typeof code === 'number' ? code : 0,
      },
    },
  ];
}

/** All but the last address are the client's own words (audit.k8s.io/v1, `sourceIPs`). */
function addressOf(value: unknown): string {
  return Array.isArray(value) ? optional(value.at(-1)) : '';
}

function optional(value: unknown): string {
  return typeof value === 'string' ? boundedText(value) : '';
}

function described(value: unknown): string {
  return typeof value === 'string' ? boundedText(value) : kindOf(value);
}
