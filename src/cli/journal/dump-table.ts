import { ellipsis, formatTable } from '../table.ts';
import type { PolicyName, SeenEntry } from './entry-filter.ts';
import { recordText, textOf } from './record-text.ts';

/** Of the last column: the record itself is in the other formats. */
const WHAT_LENGTH = 72;

export function dumpTable(entries: readonly SeenEntry[]): string {
  return formatTable(
    ['PLACE', 'TIME', 'KIND', 'POLICY', 'DECISION', 'WHAT'],
    entries.map(({ segment, offset, at, kind, policy, record }) => [
      `${segment}:${offset}`,
      at === undefined ? '' : timeText(at),
      kind,
      policyText(policy),
      textOf(record['decisionId']),
      ellipsis(recordText(kind, record), WHAT_LENGTH),
    ]),
  );
}

function policyText(policy: PolicyName | undefined): string {
  if (policy === undefined) return '';
  return policy.name === undefined ? policy.namespace : `${policy.namespace}/${policy.name}`;
}

function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ') + 'Z';
}
