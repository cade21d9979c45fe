import { searchedText, shelved, type Shelf, type TextIndex } from './text-index.ts';
import { createVectorTable, placeVector, unitVector, type VectorTable } from './vector-table.ts';

/** 10,000 passages of so many numbers are 40 MiB: embedders that give more can be asked for fewer. */
const MOST_DIMENSIONS = 1024;

/** The texts of a document's passages, as an embedder should read them; undefined when there is no such document. */
export function passageTexts(index: TextIndex, documentId: string): readonly string[] | undefined {
  const found = shelved(index, documentId);
  return found?.places.map((place) => searchedText(found.shelf.passages[place]));
}

/**
 * Notes the vectors of a document's passages, one for each in the order of `passageTexts`. Vectors of another space than
 * those that are there take their place: all are to be embedded again. Returns what is wrong; undefined when they were taken.
 */
export function putVectors(
  index: TextIndex,
  documentId: string,
  { space, vectors }: { readonly space: string; readonly vectors: readonly Float32Array[] },
): string | undefined {
  const found = shelved(index, documentId);
  if (found === undefined) return `there is no document ${documentId}`;
  const { shelf, places } = found;
  if (vectors.length !== places.length) {
    return `document ${documentId} has ${places.length} passages, found ${vectors.length} vectors: embed it again`;
  }
  const dimensions = dimensionsOf(shelf, space) ?? vectors[0]?.length ?? 0;
  if (dimensions === 0 || dimensions > MOST_DIMENSIONS) {
    return `vectors of ${space} must have 1 to ${MOST_DIMENSIONS} dimensions, found ${dimensions}`;
  }
  const units = vectors.flatMap((vector) => unitVector(vector, dimensions) ?? []);
  if (units.length !== vectors.length) {
    return `the vectors of document ${documentId} must each be ${dimensions} finite numbers that are not all zero`;
  }
  const table = tableOf(shelf, space, dimensions);
  units.forEach((unit, number) => {
    const offset = placeVector(table, places[number] ?? 0);
    table.values.set(unit, offset);
  });
  return undefined;
}

function dimensionsOf({ embedded }: Shelf, space: string): number | undefined {
  return embedded?.space === space ? embedded.table.dimensions : undefined;
}

function tableOf(shelf: Shelf, space: string, dimensions: number): VectorTable {
  if (shelf.embedded?.space !== space) shelf.embedded = { space, table: createVectorTable(dimensions) };
  return shelf.embedded.table;
}
