/** How a file writes its times; one file writes them all alike. */
export type TimeForm =
  | 'ISO 8601 with a zone'
  | 'ISO 8601 without a zone'
  | 'seconds since the epoch'
  | 'milliseconds since the epoch';

export interface Timestamp {
  /** ms since the epoch. */
  readonly at: number;
  readonly form: TimeForm;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const EPOCH = /^(\d+\.?\d*|\.\d+)([eE]\+?\d+)?$/;
/** Epoch numbers from here on are milliseconds: as seconds this is the year 5138. */
const MILLISECONDS_FROM = 1e11;
/** 9999-12-31: what lies beyond is a mistake, and ISO 8601 has no common spelling for it. */
const LATEST = Date.UTC(9999, 11, 31);

/** A time as CSV files have it; UTC when it names no zone. Undefined when it is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const stamp = EPOCH.test(text) ? parseEpoch(Number.parseFloat(text)) : parseIso(text);
  return stamp !== undefined && stamp.at <= LATEST ? stamp : undefined;
}

function parseEpoch(epoch: number): Timestamp {
  return epoch >= MILLISECONDS_FROM
    ? { at: Math.round(epoch), form: 'milliseconds since the epoch' }
    : { at: Math.round(epoch * 1000), form: 'seconds since the epoch' };
}

function parseIso(text: string): Timestamp | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', time = '00:00', zone] = match;
  const date = `${year}-${month}-${day}`;
  // Date.parse takes 30 February for 1 March.
  const midnight = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const at = Date.parse(`${date}T${time}${zone?.replace(/(\d{2}):?(\d{2})$/, '$1:$2') ?? 'Z'}`);
  if (Number.isNaN(at)) return undefined;
  return { at, form: zone === undefined ? 'ISO 8601 without a zone' : 'ISO 8601 with a zone' };
}
