import type { JournalRecord } from '../execute/journal-record.ts';
import { EMBEDDING_DIMENSIONS, type Situation } from './situation.ts';

/** Nine significant digits give every float32 back as it was. */
const FLOAT32_DIGITS = 9;

/** Why an embedding is none, naming its situation; undefined when it is one. */
export function embeddingProblem(id: string, embedding: ArrayLike<number>): string | undefined {
  if (embedding.length !== EMBEDDING_DIMENSIONS) {
    return `situation ${id}: the embedding has ${embedding.length} numbers; it must have ${EMBEDDING_DIMENSIONS}`;
  }
  for (let i = 0; i < embedding.length; i += 1) {
    const value = embedding[i];
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
      return `situation ${id}: number ${i} of the embedding is ${String(value)}; all must be finite`;
    }
  }
  return undefined;
}

/**
 * What the journal keeps of a situation.
 * @throws RangeError naming the situation when its embedding is none.
 */
export function situationRecord(situation: Situation): JournalRecord {
  const problem = embeddingProblem(situation.id, situation.embedding);
  if (problem !== undefined) throw new RangeError(problem);
  const embedding = Array.from(situation.embedding, (value) => Number(value.toPrecision(FLOAT32_DIGITS)));
  return { kind: 'Situation', situation: { ...situation, embedding } };
}

/** The situation in a record of the journal, which has embeddings as numbers; undefined where it is another record. */
export function recordedSituation(record: Readonly<Record<string, unknown>>): Situation | undefined {
  if (record['kind'] !== 'Situation') return undefined;
  const situation = record['situation'] as Situation & { readonly embedding: ArrayLike<number> };
  return { ...situation, embedding: Float32Array.from(situation.embedding) };
}
