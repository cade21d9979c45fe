import { homeOf, SPREAD } from './threat.ts';
import { OTHER_SOURCES } from './rate-table.ts';

/** One finished request, as the API server's audit log tells it. Texts are bounded by whoever read them. */
export interface AuditFact {
  readonly verb: string;
  /** Empty when nobody was recognised. */
  readonly user: string;
  readonly agent: string;
  /** The nearest client address; that of a proxy, where one stands between. */
  readonly address: string;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** HTTP status. */
  readonly code: number;
}

/** What is counted, and by what. */
export const COUNTERS = [
  'refusedByUser',
  'refusedByAddress',
  'refusedByAgent',
  'execs',
  'secretLists',
  // Not from audit events but from the API server's own metrics: who was refused is not in them.
  'refusedAtServer',
] as const;
export type Counter = (typeof COUNTERS)[number];

export interface SourceCount {
  count: number;
  /** Where the requests went; only some of the places when there are many. */
  readonly namespaces: Map<string, number>;
}

/** What one interval brought. Bounded whatever comes. */
export interface AuditTally {
  /** Requests that were looked at, counted or not. */
  events: number;
  readonly counts: ReadonlyMap<Counter, Map<string, SourceCount>>;
}

/** Names in one interval; those beyond are counted together. */
const MAX_SOURCES = 1024;
const MAX_NAMESPACES = 32;

export function createAuditTally(): AuditTally {
  return { events: 0, counts: new Map(COUNTERS.map((counter) => [counter, new Map<string, SourceCount>()])) };
}

export function tallyAudit(tally: AuditTally, fact: AuditFact): void {
  tally.events += 1;
  const { code, user, address, agent, namespace } = fact;
  if (code === 401 || code === 403) {
    // A user who was not recognised is nobody: only his address and program say something.
    if (user !== '' && user !== 'system:anonymous') add(tally, 'refusedByUser', user, namespace);
    if (address !== '') add(tally, 'refusedByAddress', address, namespace);
    if (agent !== '') add(tally, 'refusedByAgent', agent, namespace);
  } else if (code < 400) {
    if (isExec(fact)) add(tally, 'execs', namespace, namespace);
    if (isSecretList(fact)) add(tally, 'secretLists', user === '' ? OTHER_SOURCES : user, namespace);
  }
}

function isExec({ resource, subresource }: AuditFact): boolean {
  return resource === 'pods' && (subresource === 'exec' || subresource === 'attach');
}

function isSecretList({ resource, subresource, verb }: AuditFact): boolean {
  return resource === 'secrets' && subresource === '' && verb === 'list';
}

function add(tally: AuditTally, counter: Counter, source: string, namespace: string): void {
  const sources = tally.counts.get(counter);
  if (sources === undefined) return;
  const place = sources.has(source) || sources.size < MAX_SOURCES ? source : OTHER_SOURCES;
  addCount(sources, place, { count: 1, namespaces: new Map([[namespace, 1]]) });
}

/** What the API server counted itself: requests that it could not authenticate, and those that it did not allow. */
export function tallyOfServer(counts: {
  readonly unauthenticated: number;
  readonly notAllowed: number;
}): AuditTally {
  const tally = createAuditTally();
  const sources = tally.counts.get('refusedAtServer');
  const everywhere = new Map<string, number>();
  sources?.set('not authenticated', { count: counts.unauthenticated, namespaces: everywhere });
  sources?.set('not allowed', { count: counts.notAllowed, namespaces: everywhere });
  return tally;
}

/** Adds what came from a source to what is there. */
export function addCount(sources: Map<string, SourceCount>, source: string, more: SourceCount): void {
  const seen = sources.get(source) ?? { count: 0, namespaces: new Map<string, number>() };
  seen.count += more.count;
  for (const [namespace, count] of more.namespaces) {
    const known = seen.namespaces.get(namespace);
    if (known !== undefined || seen.namespaces.size < MAX_NAMESPACES) {
      seen.namespaces.set(namespace, (known ?? 0) + count);
    }
  }
  sources.set(source, seen);
}

/** Where a burst belongs: fully to where its author lives, half to where it knocked. */
export function concerned(
  counter: Counter,
  source: string,
  { namespaces }: Pick<SourceCount, 'namespaces'>,
): Map<string, number> {
  const places = new Map<string, number>();
  for (const namespace of namespaces.keys()) {
    if (namespace !== '') places.set(namespace, counter === 'execs' ? 1 : SPREAD);
  }
  const home = counter === 'refusedByUser' || counter === 'secretLists' ? homeOf(source) : undefined;
  if (home !== undefined) places.set(home, 1);
  return places;
}
