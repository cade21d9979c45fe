import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { JournalError } from './journal-error.ts';

/**
 * A record as JSON text.
 * @throws JournalError InvalidRecord, naming the field, for what JSON would silently change: NaN and the
 * infinities become null, functions vanish, a bigint throws without a name.
 */
export function serializeRecord(record: JournalRecord): string {
  const found = notJson(record, record.kind);
  if (found !== undefined) {
    throw new JournalError('InvalidRecord', `${found}; a journal record is JSON: use null or leave it out`);
  }
  return JSON.stringify(record);
}

/** The path and value of the first thing that is not JSON. */
function notJson(value: unknown, path: string): string | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case 'bigint':
    case 'function':
    case 'symbol':
      return `${path} is a ${typeof value}`;
    case 'object':
      return value === null ? undefined : notJsonInside(value, path);
    default:
      return undefined;
  }
}

function notJsonInside(value: object, path: string): string | undefined {
  for (const [key, inner] of Object.entries(value)) {
    const found = notJson(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const TEXT = (value: unknown): boolean => typeof value === 'string';
const NUMBER = (value: unknown): boolean => typeof value === 'number';
const OBJECT = (value: unknown): boolean => typeof value === 'object' && value !== null;

const DECISION = {
  decisionId: TEXT,
  at: NUMBER,
  policy: OBJECT,
  target: OBJECT,
  previousReplicas: NUMBER,
  nextReplicas: NUMBER,
  decision: OBJECT,
};

/** What each kind must have to be folded; a record that lacks one was not written by this program. */
const SHAPES: Readonly<Record<JournalRecord['kind'], Readonly<Record<string, (value: unknown) => boolean>>>> =
  {
    Intent: DECISION,
    Proposal: DECISION,
    Applied: { decisionId: TEXT, at: NUMBER },
    Aborted: { decisionId: TEXT, at: NUMBER, reason: TEXT, message: TEXT },
    Closed: { decisionId: TEXT, at: NUMBER, outcome: OBJECT },
    Exported: { through: OBJECT },
    Situation: { situation: OBJECT },
    Anomaly: { anomaly: OBJECT },
    Rewarded: { reward: OBJECT },
    Document: { document: OBJECT },
    Forget: { at: NUMBER },
  };

/** Is this kind of record one that this version writes and reads? */
export function isKnownKind(kind: string): boolean {
  return Object.hasOwn(SHAPES, kind);
}

/** The record in a payload whose checksum was right; undefined when it is none that this version knows. */
export function parseRecord(payload: string): JournalRecord | undefined {
  const value = parseObject(payload);
  const kind = value?.['kind'];
  if (value === undefined || typeof kind !== 'string' || !isKnownKind(kind)) return undefined;
  const shape = SHAPES[kind as JournalRecord['kind']];
  const fits = Object.entries(shape).every(([field, check]) => check(value[field]));
  return fits ? (value as unknown as JournalRecord) : undefined;
}

/** A JSON object, or undefined for anything else. */
export function parseObject(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
