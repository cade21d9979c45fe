import { attentionOf } from './attention.ts';
import type { ExplainedPolicy } from './explained-policy.ts';
import { wrap, wrappedTable } from './layout.ts';
import { agoText } from './phrases.ts';

const HEADER = ['POLICY', 'MODE', 'REPLICAS', 'WANTED', 'LAST DECISION', 'NOT AS IT SHOULD BE'];

/** A line for each policy of a namespace, and how to ask further. */
export function listView(policies: readonly ExplainedPolicy[], now: number, width: number): string {
  const [first] = policies;
  if (first === undefined) return '';
  const rows = policies.map((policy) => [
    policy.name,
    policy.spec.mode,
    policy.status.workloads?.map(({ currentReplicas }) => currentReplicas).join(', ') ?? '?',
    policy.status.workloads?.map(({ recommendedReplicas }) => recommendedReplicas ?? '?').join(', ') ?? '?',
    lastDecisionText(policy, now),
    troubleText(policy),
  ]);
  const hint = `One of them: kubectl autonomic explain ${first.name} -n ${first.namespace}`;
  return `${[...wrappedTable(HEADER, rows, width), '', ...wrap(hint, { width })].join('\n')}\n`;
}

function lastDecisionText({ status: { decisions } }: ExplainedPolicy, now: number): string {
  const [last] = decisions ?? [];
  if (last === undefined) return 'none yet';
  return `${last.from}→${last.to} ${agoText(last.time, now)}: ${last.outcome?.result ?? last.state}`;
}

function troubleText({ status, leftOut }: ExplainedPolicy): string {
  if (status.conditions === undefined) return 'Not looked at yet';
  const anomalies = status.workloads?.flatMap((workload) => workload.anomalies ?? []) ?? [];
  const told = [
    ...attentionOf(status.conditions).map(({ type, reason }) => `${type}: ${reason}`),
    ...anomalies.map(({ kind, signal }) => `${kind} of ${signal}`),
    ...(leftOut.length === 0 ? [] : ['parts of the status cannot be understood']),
  ];
  return told.length === 0 ? 'nothing' : told.join(', ');
}
