import { MAX_PASSAGE_LENGTH } from '../../../api/status/anomaly.ts';
import { clip } from '../../../api/schema/text.ts';
import { anomalyQuery } from '../../../loop/knowledge/text/anomaly-query.ts';
import { passageFor, type PassageQuestion } from '../../../loop/knowledge/text/anomaly-passage.ts';
import type { FoundPassage } from '../../../loop/knowledge/text/search.ts';
import type { EmbeddedText } from '../../../loop/knowledge/text/text-embedder.ts';
import type { RunbookPassage } from '../policy-memory.ts';
import { sourceOf, type RunbookLibrary } from './runbook-library.ts';

export interface RunbookFinderOptions {
  readonly library: Pick<RunbookLibrary, 'index' | 'version'>;
  /** The vector of a query, as soon as there is one: nobody waits for it. */
  readonly vectorOf: (query: string) => EmbeddedText | undefined;
}

interface Answer {
  readonly version: number;
  readonly embedded: EmbeddedText | undefined;
  readonly passage: RunbookPassage | undefined;
}

/** Questions whose answers are kept; more than are open at once in all but the worst hour. */
const KEPT = 1000;

/** The API's limits. */
const MAX_SOURCE_LENGTH = 317;
const MAX_TITLE_LENGTH = 253;

/** Finds the passage that fits an anomaly. What was found is found again at once until the runbooks change. */
export class RunbookFinder {
  readonly #options: RunbookFinderOptions;
  readonly #answers = new Map<string, Answer>();

  constructor(options: RunbookFinderOptions) {
    this.#options = options;
  }

  find(namespace: string, anomaly: PassageQuestion['anomaly']): RunbookPassage | undefined {
    const { library, vectorOf } = this.#options;
    if (library.index.passages === 0) return undefined;
    const query = anomalyQuery(anomaly);
    const key = `${namespace}\n${anomaly.signal}\n${query}`;
    const embedded = vectorOf(query);
    const known = this.#answers.get(key);
    if (known?.version === library.version && known.embedded === embedded) return known.passage;
    const found = passageFor(library.index, { namespace, anomaly, embedded });
    const passage = found && shown(found);
    if (this.#answers.size >= KEPT) this.#answers.clear();
    this.#answers.set(key, { version: library.version, embedded, passage });
    return passage;
  }
}

function shown({ documentId, headings, text }: FoundPassage): RunbookPassage {
  return {
    source: clip(sourceOf(documentId).replace('/', ' '), MAX_SOURCE_LENGTH),
    title: clip(headings.join(' / '), MAX_TITLE_LENGTH),
    text: clip(text, MAX_PASSAGE_LENGTH),
  };
}
