import type { Accounts } from '../world/workload.ts';

/** The comparison that the demonstration ends with. */
export function summary(ours: Accounts, twin: Accounts): string {
  const rows: [string, (accounts: Accounts) => string][] = [
    ['replica-minutes', ({ replicaSeconds }) => (replicaSeconds / 60).toFixed(0)],
    ['minutes with more than 1 % slow requests', ({ violatedSeconds }) => (violatedSeconds / 60).toFixed(1)],
    [
      'slow requests',
      ({ slowRequests, requests }) => `${((100 * slowRequests) / Math.max(1, requests)).toFixed(2)} %`,
    ],
    ['changes of the replica count', ({ actions }) => String(actions)],
  ];
  const lines = rows.map(
    ([name, value]) => `  ${name.padEnd(44)}${value(ours).padStart(11)}${value(twin).padStart(11)}`,
  );
  return [`  ${''.padEnd(44)}${'Autonomic'.padStart(11)}${'HPA'.padStart(11)}`, ...lines].join('\n');
}

/** What was added between two looks. */
export function accountsSince(before: Accounts | undefined, now: Accounts | undefined): Accounts | undefined {
  if (before === undefined || now === undefined) return now;
  return {
    replicaSeconds: now.replicaSeconds - before.replicaSeconds,
    violatedSeconds: now.violatedSeconds - before.violatedSeconds,
    requests: now.requests - before.requests,
    slowRequests: now.slowRequests - before.slowRequests,
    actions: now.actions - before.actions,
  };
}
