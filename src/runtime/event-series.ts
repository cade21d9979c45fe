import { createHash } from 'node:crypto';
import { TokenBucket } from '../adapters/kubernetes/token-bucket.ts';
import { microTime } from './micro-time.ts';

/** `v1.ObjectReference`, as far as an Event needs it. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** Something that happened to an object, for people. */
export interface EventOccurrence {
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  /** Why, machine-readable CamelCase with few values, such as `ScaledUp`. */
  readonly reason: string;
  /** What was attempted, CamelCase with few values, such as `Scale`. */
  readonly action: string;
  /** For people; cut at 1024 bytes, the API's limit. */
  readonly note: string;
}

interface Series {
  readonly count: number;
  readonly lastObservedTime: string;
}

/** An `events.k8s.io/v1` Event as it is sent. */
export interface EventObject {
  readonly apiVersion: 'events.k8s.io/v1';
  readonly kind: 'Event';
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  /** Present from the second occurrence on. */
  readonly series?: Series;
}

interface Entry {
  readonly event: EventObject;
  count: number;
  writtenCount: number;
  lastObservedTime: string;
  /** Steady ms. */
  lastAt: number;
}

export const REPORTING_CONTROLLER = 'autonomic.dev/operator';

/** What is told again within this time is the same story (Karpenter's recorder has the same). */
const TTL_MS = 120_000;
/** Bounds memory: the longest-known key is forgotten first, which costs at most one Event too many. */
const MAX_KEYS = 4096;
/** For each object 25 at once, then one in five minutes: client-go's EventSourceObjectSpamFilter. */
const BURST = 25;
const PER_SECOND = 1 / 300;
const MAX_NOTE_BYTES = 1024;
/** An Event's name must be a DNS subdomain; it ends in a dot and 16 hexadecimal digits. */
const MAX_OBJECT_NAME = 253 - 17;

/**
 * Which Events to write. The first occurrence makes one; others with the same object, type, reason and note only
 * count, and the count is written now and then. Pure: time is an argument.
 */
export class EventSeries {
  readonly #reportingInstance: string;
  readonly #entries = new Map<string, Entry>();
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(reportingInstance: string) {
    this.#reportingInstance = reportingInstance;
  }

  /** The Event to create; undefined when it was only counted, `limited` when the object has had too many. */
  add(occurrence: EventOccurrence, time: EventTime): EventObject | 'limited' | undefined {
    const { regarding, type, reason, note } = occurrence;
    const key = JSON.stringify([regarding.uid, type, reason, note]);
    const known = this.#entries.get(key);
    if (known !== undefined && time.steady - known.lastAt < TTL_MS) {
      known.count += 1;
      known.lastObservedTime = microTime(time.wall);
      known.lastAt = time.steady;
      return undefined;
    }
    if (!this.#bucket(regarding.uid, time.steady).tryTake(time.steady)) return 'limited';
    const event = this.#event(occurrence, key, time);
    this.#entries.delete(key);
    this.#entries.set(key, {
      event,
      count: 1,
      writtenCount: 1,
      lastObservedTime: event.eventTime,
      lastAt: time.steady,
    });
    trim(this.#entries);
    return event;
  }

  /** The Events whose count has changed since it was last returned. What is over by `steady` ms is forgotten. */
  changed(steady: number): EventObject[] {
    const changed: EventObject[] = [];
    for (const [key, entry] of this.#entries) {
      const { event, count, lastObservedTime } = entry;
      if (count > entry.writtenCount) changed.push({ ...event, series: { count, lastObservedTime } });
      entry.writtenCount = count;
      if (steady - entry.lastAt >= TTL_MS) this.#entries.delete(key);
    }
    return changed;
  }

  #bucket(uid: string, steady: number): TokenBucket {
    const bucket = this.#buckets.get(uid) ?? new TokenBucket(PER_SECOND, BURST, steady);
    this.#buckets.set(uid, bucket);
    trim(this.#buckets);
    return bucket;
  }

  #event(occurrence: EventOccurrence, key: string, time: EventTime): EventObject {
    const { regarding, note } = occurrence;
    const eventTime = microTime(time.wall);
    const digest = createHash('sha256').update(`${key}${eventTime}`).digest('hex').slice(0, 16);
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: {
        // An object without a namespace has its events in `default`, as everywhere in Kubernetes.
        namespace: regarding.namespace ?? 'default',
        name: `${eventName(regarding.name)}.${digest}`,
      },
      eventTime,
      reportingController: REPORTING_CONTROLLER,
      reportingInstance: this.#reportingInstance,
      ...occurrence,
      note: truncate(note),
    };
  }
}

/** The object's name where it can be a part of an Event's: those of RBAC may have colons and capitals. */
function eventName(name: string): string {
  const isSubdomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
  const fit = isSubdomain
    ? name
    : name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '');
  return fit.slice(0, MAX_OBJECT_NAME);
}

interface EventTime {
  /** ms since the epoch. */
  readonly wall: number;
  /** Steady ms. */
  readonly steady: number;
}

function trim(map: Map<string, unknown>): void {
  if (map.size <= MAX_KEYS) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

/** At most 1024 bytes of UTF-8, cut between characters. */
function truncate(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= MAX_NOTE_BYTES) return note;
  const ellipsis = '…';
  let end = MAX_NOTE_BYTES - Buffer.byteLength(ellipsis);
  // Continuation bytes look like 10xxxxxx.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ellipsis;
}
