import { setImmediate } from 'node:timers/promises';
import { situationAt, type SituationColumns } from '../../adapters/lancedb/situation-columns.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { createHotIndex, removePolicy, type HotIndex } from '../../loop/knowledge/recall/hot-index.ts';
import type { RecallQuery } from '../../loop/knowledge/recall/nearest.ts';
import { recall, type Recall } from '../../loop/knowledge/recall/recall.ts';
import { rememberSituation } from '../../loop/knowledge/recall/remember.ts';
import { recordedSituation } from '../../loop/knowledge/situation-record.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';

export interface SituationIndexOptions {
  /** Situations that are searched, about 750 bytes each with what came of them. */
  readonly capacity: number;
  readonly store: { readonly situations: (limit: number) => Promise<SituationColumns> };
  readonly journal: { readonly records: () => AsyncIterable<{ readonly record: JournalRecord }> };
  /** Uids of the policies that let other namespaces look at their past. */
  readonly consenting: () => ReadonlySet<string>;
  /** Milliseconds of a clock that never steps back. */
  readonly monotonic: () => number;
  readonly onRecall: (seconds: number, found: number) => void;
  /** Told of what could not be taken in, in words. */
  readonly onProblem: (problem: string) => void;
}

/** A tick waits no longer: an answer that took longer is one too many of its kind, and the next question is not asked. */
const DEADLINE_MS = 20;

/** After a search that took too long none is begun for so long: the machine has other worries. */
const PAUSE_MS = 60_000;

/** Taken in at once, between two turns of the event loop. */
const CHUNK = 500;

/**
 * Past situations in memory, searched at once. It is filled from the store and from what the journal has beyond it, and
 * goes on without either: what it has, it has.
 */
export class SituationIndex {
  readonly #options: SituationIndexOptions;
  readonly #index: HotIndex;
  #pausedUntil = -Infinity;

  constructor(options: SituationIndexOptions) {
    this.#options = options;
    this.#index = createHotIndex({ capacity: options.capacity });
  }

  get size(): number {
    return this.#index.size;
  }

  /** Reads what is stored, then what is not stored yet. Never rejects: what cannot be read is told of. */
  async load(): Promise<void> {
    const { store, journal, capacity, onProblem } = this.#options;
    try {
      const columns = await store.situations(capacity);
      // They come newest first; of more than there is room for, the oldest are left out.
      await this.#takeIn(columns.count, (place) => situationAt(columns, columns.count - 1 - place));
    } catch (error) {
      onProblem(`past situations could not be read from the store: ${String(error)}`);
    }
    try {
      const recent: Situation[] = [];
      for await (const { record } of journal.records()) {
        const situation = recordedSituation({ ...record });
        if (situation !== undefined) recent.push(situation);
      }
      await this.#takeIn(recent.length, (place) => recent[place]);
    } catch (error) {
      onProblem(`past situations could not be read from the journal: ${String(error)}`);
    }
  }

  remember(situation: Situation): void {
    try {
      rememberSituation(this.#index, situation);
    } catch (error) {
      this.#options.onProblem(String(error));
    }
  }

  /** What is known of a policy is forgotten. */
  forget(policyUid: string): void {
    removePolicy(this.#index, policyUid);
  }

  /** Undefined when it took too long, or lately did. */
  recall(query: RecallQuery): Recall | undefined {
    const { monotonic, consenting, onRecall, onProblem } = this.#options;
    const startedAt = monotonic();
    if (startedAt < this.#pausedUntil) return undefined;
    const found = recall(this.#index, { ...query, consenting: consenting() });
    const took = monotonic() - startedAt;
    onRecall(took / 1000, found.found);
    if (took <= DEADLINE_MS) return found;
    this.#pausedUntil = startedAt + PAUSE_MS;
    onProblem(`a search of ${this.size} past situations took ${Math.round(took)} ms; none for a minute`);
    return undefined;
  }

  async #takeIn(count: number, at: (place: number) => Situation | undefined): Promise<void> {
    for (let place = 0; place < count; place += 1) {
      const situation = at(place);
      if (situation !== undefined) this.remember(situation);
      if (place % CHUNK === CHUNK - 1) await setImmediate();
    }
  }
}
