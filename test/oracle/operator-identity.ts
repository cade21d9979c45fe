import type { AuditEvent } from './audit-log.ts';

export interface OperatorIdentity {
  /** User names; `*` stands for anything but a colon. */
  readonly usernames: readonly string[];
  readonly userAgentPrefix: string;
}

export const DEFAULT_IDENTITY: OperatorIdentity = {
  usernames: ['system:serviceaccount:*:autonomic*'],
  userAgentPrefix: 'autonomic-operator',
};

/** Whether the operator made the request: either sign is enough, so that neither a changed name nor another header hides it. */
export function isOperator(event: AuditEvent, identity: OperatorIdentity): boolean {
  const username = usernameOf(event);
  return (
    identity.usernames.some((pattern) => matches(username, pattern)) ||
    (event.userAgent?.startsWith(identity.userAgentPrefix) ?? false)
  );
}

/** On whose behalf the request was served. */
export function usernameOf(event: AuditEvent): string {
  return event.impersonatedUser?.username ?? event.user.username;
}

/** The namespace of a ServiceAccount's user name; undefined for other users. */
export function namespaceOfUser(username: string): string | undefined {
  return /^system:serviceaccount:([^:]+):[^:]+$/.exec(username)?.[1];
}

function matches(username: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^:]*')}$`).test(username);
}
