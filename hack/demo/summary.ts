import type { Accounts } from '../world/workload.ts';
import type { Judged } from './forecast-log.ts';

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

/** How often the bounds held, and how far off the medians were. */
export function forecastSummary(judged: readonly Judged[]): string {
  if (judged.length === 0) return '  no forecast has come due';
  const held = judged.filter((each) => each.held).length;
  const off = judged.reduce((sum, { median, came }) => sum + Math.abs(median - came), 0);
  const total = judged.reduce((sum, { came }) => sum + came, 0);
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return (
    `  What came stayed within the 95 % bound ${held} times of ${judged.length} (${percent(held / judged.length)}); ` +
    `the medians were off by ${percent(off / Math.max(1, total))}.`
  );
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
