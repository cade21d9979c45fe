import { passageTexts, putVectors } from '../../../loop/knowledge/text/embedded-passages.ts';
import type { EmbeddedText, TextEmbedder } from '../../../loop/knowledge/text/text-embedder.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { RunbookLibrary } from './runbook-library.ts';

export interface PassageEmbedderOptions {
  readonly embedder: TextEmbedder;
  readonly library: Pick<RunbookLibrary, 'index' | 'changed'>;
  readonly clock: Clock;
  /** Told of what could not be embedded, in words. */
  readonly onProblem: (problem: string) => void;
}

/** After a failure the endpoint is left alone for so long; the client itself has tried several times by then. */
const PAUSE_MS = 60_000;

/** A document that the endpoint refuses so often is found by its words alone, until it changes. */
const MOST_FAILURES = 5;

/** Queries whose vectors are kept; up to 4 KiB each. */
const KEPT_QUERIES = 500;

/** Gets vectors for passages and queries, one request at a time, from an endpoint that may be slow or away. */
export class PassageEmbedder {
  readonly #options: PassageEmbedderOptions;
  readonly #queries = new Set<string>();
  /** Documents to embed, with how often that failed. */
  readonly #documents = new Map<string, number>();
  readonly #vectors = new Map<string, EmbeddedText>();
  #wake = Promise.withResolvers<undefined>();

  constructor(options: PassageEmbedderOptions) {
    this.#options = options;
  }

  /** A document was taken in or changed. */
  add(documentId: string): void {
    this.#documents.set(documentId, 0);
    this.#wake.resolve(undefined);
  }

  /** Undefined until the endpoint has answered. */
  vectorOf(query: string): EmbeddedText | undefined {
    const known = this.#vectors.get(query);
    if (known === undefined && this.#queries.size < KEPT_QUERIES) {
      this.#queries.add(query);
      this.#wake.resolve(undefined);
    }
    return known;
  }

  /** Until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onProblem } = this.#options;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      try {
        if (!(await this.#embedNext(signal))) await Promise.race([this.#nextWork(), aborted]);
      } catch (error) {
        if (isAborted(signal)) return;
        onProblem(`texts could not be embedded: ${String(error)}`);
        await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
      }
    }
  }

  #nextWork(): Promise<undefined> {
    if (this.#queries.size + this.#documents.size > 0) return Promise.resolve(undefined);
    this.#wake = Promise.withResolvers();
    return this.#wake.promise;
  }

  /** Queries first: somebody looks at the anomaly now. Returns whether there was anything to do. */
  async #embedNext(signal: AbortSignal): Promise<boolean> {
    const [query] = this.#queries;
    if (query !== undefined) {
      this.#queries.delete(query);
      await this.#embedQuery(query, signal);
      return true;
    }
    const [next] = this.#documents;
    if (next === undefined) return false;
    const [documentId, failures] = next;
    this.#documents.delete(documentId);
    try {
      await this.#embedDocument(documentId, signal);
    } catch (error) {
      const changed = this.#documents.has(documentId);
      if (!changed && failures + 1 < MOST_FAILURES) this.#documents.set(documentId, failures + 1);
      throw error;
    }
    return true;
  }

  async #embedQuery(query: string, signal: AbortSignal): Promise<void> {
    const { embedder } = this.#options;
    const [vector] = await embedder.embed([query], signal);
    if (vector === undefined) return;
    const [oldest] = this.#vectors.keys();
    if (this.#vectors.size >= KEPT_QUERIES && oldest !== undefined) this.#vectors.delete(oldest);
    this.#vectors.set(query, { space: embedder.space, vector });
  }

  async #embedDocument(documentId: string, signal: AbortSignal): Promise<void> {
    const { embedder, library } = this.#options;
    const texts = passageTexts(library.index, documentId);
    if (texts === undefined) return;
    const vectors = await embedder.embed(texts, signal);
    // Changed meanwhile: it waits to be embedded as it is now.
    if (this.#documents.has(documentId)) return;
    if (passageTexts(library.index, documentId) === undefined) return;
    const problem = putVectors(library.index, documentId, { space: embedder.space, vectors });
    if (problem !== undefined) throw new Error(problem);
    library.changed();
  }
}

/** A call, so that the compiler does not take the first answer for the last. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
