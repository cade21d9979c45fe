import { parseAudit, type AuditEvent } from './audit-log.ts';
import { buildHistory, type History, type HistoryOptions } from './history.ts';
import type { PatchOperation } from './json-patch.ts';

export const OPERATOR = 'system:serviceaccount:autonomic-system:autonomic-operator';
const GROUPS: Readonly<Record<string, string>> = {
  deployments: 'apps',
  statefulsets: 'apps',
  autonomicpolicies: 'autonomic.dev',
  leases: 'coordination.k8s.io',
};

type Body = Readonly<Record<string, unknown>>;

/** One request as a test tells it; what is left out is as in the ordinary case. */
export interface Told {
  readonly by?: string;
  readonly userAgent?: string;
  readonly verb?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly request?: unknown;
  readonly response?: Body;
  readonly code?: number;
  readonly query?: string;
}

export interface ToldDecision {
  readonly id: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * An audit log made by hand. It keeps a clock and a revision, as a server does, and knows one policy (web, 2 to 10
 * replicas, in namespace shop) and one workload, so that a test tells only what is special about it.
 */
export class Story {
  readonly #events: AuditEvent[] = [];
  #now = Date.UTC(2026, 4, 4, 9, 0);
  #revision = 100;
  #replicas = 4;
  #ended: Body[] = [];
  /** Of the policy; a test may change it before it tells more. */
  spec: Body = {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    horizontal: { minReplicas: 2, maxReplicas: 10 },
    scaleUpCooldownSeconds: 15,
    scaleDownCooldownSeconds: 60,
  };

  /** The log begins with an administrator who makes workload and policy. */
  static begin(): Story {
    const story = new Story();
    story.tell({ by: 'admin', verb: 'create', resource: 'deployments', response: story.#workload(4) });
    story.tell({
      by: 'admin',
      verb: 'create',
      resource: 'autonomicpolicies',
      response: story.#policy(undefined),
    });
    return story;
  }

  after(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  tell(told: Told): this {
    const { namespace = 'shop', name = 'web', resource, code = 200 } = told;
    const subresource = told.subresource ?? '';
    const time = new Date(this.#now).toISOString().replace('Z', '000Z');
    if (code < 300) this.#revision++;
    const response = told.response ?? {};
    const metadata = {
      ...(response['metadata'] as Body | undefined),
      resourceVersion: String(this.#revision),
    };
    this.#events.push({
      auditID: `audit-${this.#events.length}`,
      stage: 'ResponseComplete',
      requestURI: `/apis/…/${resource}/${name}${told.query ?? ''}`,
      verb: told.verb ?? 'patch',
      user: { username: told.by ?? OPERATOR },
      userAgent: told.userAgent ?? 'test',
      objectRef: { resource, subresource, namespace, name, apiGroup: GROUPS[resource] ?? '' },
      responseStatus: { code },
      requestObject: told.request,
      responseObject: { ...response, metadata },
      requestReceivedTimestamp: time,
      stageTimestamp: time,
    });
    return this;
  }

  /** The operator makes an intent durable, due in five minutes. */
  intends(decision: ToldDecision, namespace = 'shop'): this {
    const pending = this.#pending(decision);
    return this.tell({
      resource: 'autonomicpolicies',
      subresource: 'status',
      namespace,
      request: { metadata: { resourceVersion: String(this.#revision) }, status: { pending } },
      response: this.#policy(pending),
    });
  }

  /** The operator changes the workload as it should; `change` replaces operations by path, null takes one away. */
  patches(
    { id, from, to }: ToldDecision,
    change: Readonly<Record<string, unknown>> = {},
    told: Partial<Told> = {},
  ): this {
    const ordinary: [string, string, unknown][] = [
      ['test', '/metadata/uid', 'web-uid'],
      ['test', '/metadata/resourceVersion', String(this.#revision)],
      ['replace', '/spec/replicas', to],
      ['add', '/metadata/annotations/autonomic.dev~1decision', id],
      ['add', '/metadata/annotations/autonomic.dev~1previous-replicas', String(from)],
    ];
    const known = new Set(ordinary.map(([, path]) => path));
    const request: PatchOperation[] = [
      ...ordinary.map(([op, path, value]) => ({ op, path, value: path in change ? change[path] : value })),
      ...Object.entries(change)
        .filter(([path]) => !known.has(path))
        .map(([path, value]) => ({ op: 'replace', path, value })),
    ].filter(({ value }) => value !== REMOVED);
    if (typeof to === 'number' && (told.code ?? 200) < 300) this.#replicas = to;
    return this.tell({ resource: 'deployments', request, response: this.#workload(this.#replicas), ...told });
  }

  /** The operator writes the ending of a decision and withdraws its intent. */
  ends(id: string, result = 'Met'): this {
    this.#ended = [...this.#ended, { id, outcome: { result, endTime: new Date(this.#now).toISOString() } }];
    return this.statusNow(null);
  }

  /** The operator writes the status; `ended` replaces the list of decisions with an ending. */
  statusNow(pending: ToldDecision | null, ended: readonly Body[] = this.#ended): this {
    this.#ended = [...ended];
    const body = pending === null ? null : this.#pending(pending);
    return this.tell({
      resource: 'autonomicpolicies',
      subresource: 'status',
      request: { status: { pending: body, decisions: ended } },
      response: this.#policy(body ?? undefined),
    });
  }

  /** The whole protocol once. */
  acts(decision: ToldDecision): this {
    return this.intends(decision).patches(decision).ends(decision.id);
  }

  /** The operator shows that it is still there. */
  renewsLease(): this {
    return this.tell({
      verb: 'update',
      resource: 'leases',
      namespace: 'autonomic-system',
      name: 'autonomic-operator',
    });
  }

  /** What the oracle makes of the log, by way of its text. */
  history(options?: HistoryOptions): History {
    const text = this.#events.map((event) => `${JSON.stringify(event)}\n`).join('');
    return buildHistory(parseAudit(text), options);
  }

  #pending({ id, from, to }: ToldDecision): Body {
    return {
      decisionId: id,
      targetUid: 'web-uid',
      previousReplicas: from,
      nextReplicas: to,
      startTime: new Date(this.#now).toISOString(),
      deadlineTime: new Date(this.#now + 300_000).toISOString(),
    };
  }

  #policy(pending: Body | undefined): Body {
    return {
      metadata: { name: 'web', uid: 'policy-uid' },
      spec: this.spec,
      status: { pending, decisions: this.#ended },
    };
  }

  #workload(replicas: number): Body {
    return {
      metadata: { name: 'web', uid: 'web-uid', generation: 1 },
      spec: { replicas },
      status: {
        observedGeneration: 1,
        replicas,
        updatedReplicas: replicas,
        availableReplicas: replicas,
      },
    };
  }
}

/** In `patches`: the operation is not sent. */
export const REMOVED = Symbol('not sent');
