import { hash } from 'node:crypto';
import type { JournalRecord } from '../../../loop/execute/journal-record.ts';
import { documentRecord, type KnowledgeDocument } from '../../../loop/knowledge/document.ts';
import type { ShelvedPassage } from '../../../loop/knowledge/text/text-index.ts';

export interface PassageLedgerOptions {
  readonly store: { readonly documents: () => Promise<readonly KnowledgeDocument[]> };
  readonly journal: {
    readonly records: () => AsyncIterable<{ readonly record: JournalRecord }>;
    readonly append: (record: JournalRecord) => Promise<void>;
  };
  /** ms since the epoch. */
  readonly now: () => number;
  /** Told of what could not be read, in words. */
  readonly onProblem: (problem: string) => void;
}

/** Of one document: where it is from, and who may see it. */
export interface Origin {
  readonly source: string;
  readonly namespace: string | null;
}

interface Entry {
  readonly digest: string;
  readonly at: number;
  readonly origin: Origin;
  readonly title: string;
}

/** What of the runbooks is stored, passage by passage, so that only what changed is written. */
export class PassageLedger {
  readonly #options: PassageLedgerOptions;
  /** By document and by passage. */
  readonly #stored = new Map<string, Map<string, Entry>>();

  constructor(options: PassageLedgerOptions) {
    this.#options = options;
  }

  /** Reads what is stored, then what is not stored yet. Never rejects: what it does not find is written once more. */
  async load(): Promise<void> {
    const { store, journal, onProblem } = this.#options;
    try {
      for (const document of await store.documents()) this.#note(document);
    } catch (error) {
      onProblem(`stored runbooks could not be read from the store: ${String(error)}`);
    }
    try {
      for await (const { record } of journal.records()) {
        if (record.kind === 'Document') this.#note(record.document as KnowledgeDocument);
      }
    } catch (error) {
      onProblem(`stored runbooks could not be read from the journal: ${String(error)}`);
    }
  }

  /** Documents of which something is stored. */
  documentIds(): Iterable<string> {
    return this.#stored.keys();
  }

  /** Writes what differs from what is stored: nothing is left of a document without passages. @throws the journal's error */
  async keep(documentId: string, origin: Origin, passages: readonly ShelvedPassage[]): Promise<void> {
    const old = this.#stored.get(documentId) ?? new Map<string, Entry>();
    const changes: KnowledgeDocument[] = [];
    const now = this.#options.now();
    const ids = new Set<string>();
    for (const { number, headings, text } of passages) {
      const id = `${documentId}#${number}`;
      ids.add(id);
      const known = old.get(id);
      const document = { id, ...origin, title: headings.join(' / '), text, removed: false };
      if (known?.digest !== digestOf(document)) changes.push({ ...document, at: later(now, known) });
    }
    for (const [id, known] of old) {
      if (ids.has(id)) continue;
      const { origin: from, title } = known;
      changes.push({ id, ...from, title, text: '', at: later(now, known), removed: true });
    }
    await Promise.all(changes.map((document) => this.#options.journal.append(documentRecord(document))));
    for (const document of changes) this.#note(document);
  }

  #note(document: KnowledgeDocument): void {
    const { id, at, removed, source, namespace, title } = document;
    const end = id.lastIndexOf('#');
    if (end < 0) return;
    const documentId = id.slice(0, end);
    const passages = this.#stored.get(documentId) ?? new Map<string, Entry>();
    if ((passages.get(id)?.at ?? -Infinity) > at) return;
    if (removed) passages.delete(id);
    else passages.set(id, { digest: digestOf(document), at, origin: { source, namespace }, title });
    if (passages.size === 0) this.#stored.delete(documentId);
    else this.#stored.set(documentId, passages);
  }
}

/** A revision counts when it is newer, also where the clock was set back. */
function later(now: number, known: Entry | undefined): number {
  return Math.max(now, (known?.at ?? -Infinity) + 1);
}

function digestOf({ source, namespace, title, text }: Omit<KnowledgeDocument, 'at'>): string {
  return hash('sha256', JSON.stringify([source, namespace, title, text]), 'base64');
}
