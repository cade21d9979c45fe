import { ellipsis, formatTable } from '../table.ts';
import type { SeenEntry } from './entry-filter.ts';

/** Of the last column: the record itself is in the other formats. */
const WHAT_LENGTH = 72;

export function dumpTable(entries: readonly SeenEntry[]): string {
  return formatTable(
    ['PLACE', 'TIME', 'KIND', 'POLICY', 'DECISION', 'WHAT'],
    entries.map((entry) => [
      `${entry.segment}:${entry.offset}`,
      entry.at === undefined ? '' : timeText(entry.at),
      entry.kind,
      entry.policy === undefined ? '' : `${entry.policy.namespace}/${entry.policy.name}`,
      textOf(entry.record['decisionId']),
      ellipsis(whatOf(entry), WHAT_LENGTH),
    ]),
  );
}

function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(0, 19).replace('T', ' ') + 'Z';
}

type Fields = Readonly<Record<string, unknown>>;

function whatOf({ kind, record }: SeenEntry): string {
  switch (kind) {
    case 'Intent':
    case 'Proposal': {
      const { name = '' } = fieldsOf(record['target']);
      const { message } = fieldsOf(record['decision']);
      const change = `${textOf(name)} ${textOf(record['previousReplicas'])}→${textOf(record['nextReplicas'])}`;
      return message === undefined ? change : `${change}: ${textOf(message)}`;
    }
    case 'Aborted':
      return `${textOf(record['reason'])}: ${textOf(record['message'])}`;
    case 'Closed': {
      const { result, message } = fieldsOf(record['outcome']);
      return message === undefined ? textOf(result) : `${textOf(result)}: ${textOf(message)}`;
    }
    case 'Exported': {
      const { segment, offset } = fieldsOf(record['through']);
      return `everything before ${textOf(segment)}:${textOf(offset)}`;
    }
    default:
      return scalars(record);
  }
}

const SHOWN_ELSEWHERE = new Set(['kind', 'at', 'decisionId']);

/** `name=value` of what is no object, the carried object's own too. */
function scalars(record: Fields): string {
  const own = Object.entries(record).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  const inner = own.flatMap(([, value]) => Object.entries(fieldsOf(value)));
  return [...own, ...inner.filter(([name]) => !SHOWN_ELSEWHERE.has(name))]
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(' ');
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
