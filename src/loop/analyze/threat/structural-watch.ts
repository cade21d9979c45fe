import { severityByPrior, type OpenThreat, type ThreatObject } from './threat.ts';

/** Something that exists and by its nature gives power: a binding, or the pods of one workload. */
export interface StructuralItem {
  /** The same for as long as it is the same thing. */
  readonly key: string;
  readonly createdAt: number;
  /** A person has said that it is meant to be (annotation). */
  readonly acknowledged: boolean;
  /** What it gives, and the chance that a new one is an attack or a grave mistake. */
  readonly powers: ReadonlyMap<string, number>;
  readonly message: string;
  readonly namespaces: ReadonlyMap<string, number>;
  readonly elsewhere: number;
  readonly regarding?: ThreatObject;
}

interface Known {
  /** Powers that are no news any more. */
  powers: string[];
  seenAt: number;
}

/** What existed when somebody first looked, and what became open since. */
export interface StructuralState {
  /** Undefined until everything was seen once. */
  firstLookAt: number | undefined;
  readonly known: Map<string, Known>;
  readonly open: Map<string, { readonly since: number; readonly powers: string[] }>;
}

/**
 * What is gone is remembered for a week: a job that runs each night is no news each night. Far above what clusters have,
 * and about 10 MB: beyond, new ones are told of but not remembered.
 */
const FORGET_MS = 7 * 86_400_000;
const MAX_KNOWN = 50_000;

export function createStructuralState(): StructuralState {
  return { firstLookAt: undefined, known: new Map(), open: new Map() };
}

export interface StructuralTimes {
  readonly now: number;
  /** What is younger at the very first look is news all the same: it may have come while nobody looked. */
  readonly lookbackMs: number;
  /** An open one is over after so long, whatever became of it. */
  readonly expireMs: number;
}

/** Compares what exists with what is known. Call it only with a complete list. */
export function surveyItems(
  state: StructuralState,
  items: Iterable<StructuralItem>,
  times: StructuralTimes,
): OpenThreat[] {
  const { now, lookbackMs, expireMs } = times;
  const found: OpenThreat[] = [];
  const present = new Set<string>();
  for (const item of items) {
    present.add(item.key);
    const isBaseline = state.firstLookAt === undefined && item.createdAt <= now - lookbackMs;
    const news = remember(state, item, now);
    if (news.length > 0 && !isBaseline) open(state, item.key, news, now);
    const finding = stillOpen(state, item, now - expireMs);
    if (finding !== undefined) found.push(finding);
  }
  for (const key of state.open.keys()) if (!present.has(key)) state.open.delete(key);
  state.firstLookAt ??= now;
  forget(state, now);
  return found;
}

/** The powers that were not known of this item. */
function remember({ known }: StructuralState, { key, powers }: StructuralItem, now: number): string[] {
  const before = known.get(key);
  const news = [...powers.keys()].filter((power) => before?.powers.includes(power) !== true);
  if (before !== undefined) {
    before.seenAt = now;
    before.powers.push(...news);
  } else if (known.size < MAX_KNOWN) {
    known.set(key, { powers: news, seenAt: now });
  }
  return news;
}

function open(state: StructuralState, key: string, news: readonly string[], now: number): void {
  const before = state.open.get(key);
  if (before === undefined) state.open.set(key, { since: now, powers: [...news] });
  else before.powers.push(...news.filter((power) => !before.powers.includes(power)));
}

function stillOpen(
  state: StructuralState,
  item: StructuralItem,
  openedAfter: number,
): OpenThreat | undefined {
  const episode = state.open.get(item.key);
  if (episode === undefined) return undefined;
  const powers = episode.powers.filter((power) => item.powers.has(power));
  if (item.acknowledged || episode.since <= openedAfter || powers.length === 0) {
    state.open.delete(item.key);
    return undefined;
  }
  // They are powers of one thing: the greatest speaks for it.
  const probability = Math.max(...powers.map((power) => item.powers.get(power) ?? 0));
  return {
    id: item.key,
    kind: 'PrivilegeEscalation',
    severity: severityByPrior(probability),
    probability,
    since: episode.since,
    message: item.message,
    evidence: powers,
    namespaces: item.namespaces,
    elsewhere: item.elsewhere,
    ...(item.regarding === undefined ? {} : { regarding: item.regarding }),
  };
}

function forget({ known }: StructuralState, now: number): void {
  for (const [key, { seenAt }] of known) if (seenAt < now - FORGET_MS) known.delete(key);
}
