import type { JournalEntry } from '../../adapters/journal/read-journal.ts';

/** Which records are wanted; what is absent wants all. */
export interface EntryFilter {
  readonly kinds?: ReadonlySet<string>;
  readonly decision?: string;
  readonly policy?: string;
  readonly namespace?: string;
  /** ms since the epoch. */
  readonly since?: number;
}

export interface PolicyName {
  readonly namespace: string;
  /** Undefined where the record is about the whole namespace. */
  readonly name: string | undefined;
}

/** A record with what only the records before it tell. */
export interface SeenEntry extends JournalEntry {
  /** ms since the epoch; of a record without a time, that of the record before it. */
  readonly at: number | undefined;
  /** Of an ending, that of its Intent. */
  readonly policy: PolicyName | undefined;
}

/** Takes all records in order; returns those that are wanted, with their policy and time. */
export class EntryReader {
  readonly #wanted: EntryFilter;
  readonly #policies = new Map<string, PolicyName>();
  #at: number | undefined;

  constructor(wanted: EntryFilter) {
    this.#wanted = wanted;
  }

  take(entry: JournalEntry): SeenEntry | undefined {
    const { record } = entry;
    this.#at = timeOf(record) ?? this.#at;
    const id = record['decisionId'];
    const told = policyOf(record);
    if (typeof id === 'string' && told !== undefined) this.#policies.set(id, told);
    const policy = told ?? this.#policies.get(typeof id === 'string' ? id : '');
    const seen = { ...entry, at: this.#at, policy };
    return this.#isWanted(seen) ? seen : undefined;
  }

  #isWanted({ kind, record, at, policy }: SeenEntry): boolean {
    const { kinds, decision, since } = this.#wanted;
    return (
      kinds?.has(kind) !== false &&
      (decision === undefined || record['decisionId'] === decision) &&
      (since === undefined || (at ?? -Infinity) >= since) &&
      this.#isOf(policy)
    );
  }

  #isOf(policy: PolicyName | undefined): boolean {
    const { policy: name = policy?.name, namespace = policy?.namespace } = this.#wanted;
    return policy?.name === name && policy?.namespace === namespace;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The record's own fields, and those of the object that it carries: kinds of later versions have one. */
function* places(record: Fields): Generator<Fields> {
  yield record;
  for (const value of Object.values(record)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      yield value as Fields;
    }
  }
}

function timeOf(record: Fields): number | undefined {
  for (const { at, closedAt } of places(record)) {
    const time = at ?? closedAt;
    if (typeof time === 'number') return time;
  }
  return undefined;
}

function policyOf(record: Fields): PolicyName | undefined {
  for (const { policy } of places(record)) {
    const { namespace, name } = (policy ?? {}) as Fields;
    if (typeof namespace === 'string' && typeof name === 'string') return { namespace, name };
  }
  for (const { namespace } of places(record)) {
    if (typeof namespace === 'string') return { namespace, name: undefined };
  }
  return undefined;
}
