import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../../../adapters/log/logger.ts';
import {
  createTextIndex,
  putDocument,
  removeDocument,
  shelved,
  type TextBounds,
  type TextDocument,
  type TextIndex,
} from '../../../loop/knowledge/text/text-index.ts';
import { configMapKeyOf, type WrittenRunbooks } from './config-map.ts';
import type { PassageLedger } from './passage-ledger.ts';

export interface RunbookLibraryOptions {
  readonly ledger: Pick<PassageLedger, 'keep' | 'documentIds'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly bounds?: TextBounds;
  /** A document was taken in or changed. */
  readonly onDocument: (documentId: string) => void;
  /** Passages that are searched, and documents that are not for what is wrong with them. */
  readonly onSize: (passages: number, refused: number) => void;
}

/** Of one namespace, so that nobody's runbooks leave the others without room; the operator's own has no such bound. */
export const TENANT_BOUNDS = { documents: 200, passages: 1000 };

const NOTHING: WrittenRunbooks = { documents: [], refused: new Map() };

/** The runbooks that are searched, by the ConfigMap (`namespace/name`) that they are from. */
export class RunbookLibrary {
  readonly #options: RunbookLibraryOptions;
  readonly index: TextIndex;
  /** Of each document that is searched, as it was written. */
  readonly #digests = new Map<string, string>();
  /** Documents of a ConfigMap, searched or stored. */
  readonly #documents = new Map<string, Set<string>>();
  readonly #refused = new Map<string, string>();
  #version = 0;

  constructor(options: RunbookLibraryOptions) {
    this.#options = options;
    this.index = createTextIndex(options.bounds);
  }

  /** Moves with each change of what is found. */
  get version(): number {
    return this.#version;
  }

  changed(): void {
    this.#version += 1;
  }

  /** ConfigMaps of which something is stored from earlier. */
  stored(): readonly string[] {
    for (const id of this.#options.ledger.documentIds()) {
      const key = configMapKeyOf(id);
      if (key !== undefined) this.#documentsOf(key).add(id);
    }
    return [...this.#documents.keys()];
  }

  /** ConfigMaps with a document that was refused. */
  waiting(): ReadonlySet<string> {
    return new Set([...this.#refused.keys()].flatMap((id) => configMapKeyOf(id) ?? []));
  }

  /**
   * Makes a ConfigMap's documents these; undefined: it is gone. Returns whether there is more room than before.
   * @throws the journal's error: to be called again then
   */
  async put(key: string, { documents, refused }: WrittenRunbooks = NOTHING): Promise<boolean> {
    const before = this.index.passages;
    const present = new Set(documents.map(({ id }) => id));
    for (const id of this.#documentsOf(key)) {
      if (present.has(id)) continue;
      await this.#remove(id);
      if (!refused.has(id)) this.#refused.delete(id);
    }
    for (const document of documents) {
      await this.#put(key, document);
      // Between two documents everybody else has a turn.
      await setImmediate();
    }
    for (const [id, reason] of refused) this.#refuse(key, id, reason);
    if (this.#documentsOf(key).size === 0) this.#documents.delete(key);
    this.#options.onSize(this.index.passages, this.#refused.size);
    return this.index.passages < before;
  }

  async #put(key: string, document: TextDocument): Promise<void> {
    const { id, namespace } = document;
    const digest = hash('sha256', JSON.stringify(document), 'base64');
    this.#documentsOf(key).add(id);
    if (this.#digests.get(id) !== digest) {
      const result = putDocument(this.index, document);
      const message = result.accepted ? this.#beyondShare(document) : result.message;
      this.changed();
      if (message !== undefined) {
        // What was there before says something that is no longer written.
        await this.#remove(id);
        this.#refuse(key, id, message);
        return;
      }
      this.#refused.delete(id);
      this.#digests.set(id, digest);
      this.#options.onDocument(id);
    }
    const { shelf, places } = shelved(this.index, id) ?? { places: [] };
    const passages = places.flatMap((place) => shelf?.passages[place] ?? []);
    await this.#options.ledger.keep(id, { source: sourceOf(id), namespace }, passages);
  }

  /** Why a namespace has too much; undefined when it has not. */
  #beyondShare({ namespace }: TextDocument): string | undefined {
    const shelf = namespace === null ? undefined : this.index.shelves.get(namespace);
    if (shelf === undefined) return undefined;
    const documents = shelf.documents.size;
    const passages = shelf.passages.length - shelf.free.length;
    if (documents <= TENANT_BOUNDS.documents && passages <= TENANT_BOUNDS.passages) return undefined;
    return (
      `with it namespace ${namespace} would have ${documents} documents with ${passages} passages, ` +
      `allowed are ${TENANT_BOUNDS.documents} with ${TENANT_BOUNDS.passages}: remove others or make it shorter`
    );
  }

  #refuse(key: string, id: string, reason: string): void {
    this.#documentsOf(key).add(id);
    if (this.#refused.get(id) === reason) return;
    this.#refused.set(id, reason);
    this.#options.log.warn('Does not search a runbook', { document: id, reason });
  }

  async #remove(id: string): Promise<void> {
    if (removeDocument(this.index, id)) this.changed();
    this.#digests.delete(id);
    const key = configMapKeyOf(id) ?? '';
    await this.#options.ledger.keep(id, { source: sourceOf(id), namespace: null }, []);
    this.#documents.get(key)?.delete(id);
  }

  #documentsOf(key: string): Set<string> {
    const known = this.#documents.get(key) ?? new Set<string>();
    this.#documents.set(key, known);
    return known;
  }
}

/** Without the key: `ConfigMap/shop/runbook`. */
export function sourceOf(documentId: string): string {
  return documentId.split('/').slice(0, 3).join('/');
}
