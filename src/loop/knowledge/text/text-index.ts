import { HASHED_DIMENSIONS, hashStems } from './hashed-vector.ts';
import { passagesOf, type Passage } from './passages.ts';
import { addPosting, createPostings, removePostings, type Postings } from './postings.ts';
import { stemsOf, termsOf } from './terms.ts';
import { clearVector, createVectorTable, placeVector, type VectorTable } from './vector-table.ts';

/** What people have written: a runbook, a note, an annotation. */
export interface TextDocument {
  readonly id: string;
  /** Who may find it: the policies of this namespace; null: all. */
  readonly namespace: string | null;
  readonly title: string;
  /** Markdown or plain text. */
  readonly text: string;
}

export interface TextBounds {
  readonly maxDocuments: number;
  readonly maxPassages: number;
  /** Of the texts, in UTF-8. */
  readonly maxBytes: number;
}

/**
 * Passages that can be found by their text. A namespace is a tenant with a shelf of its own, so that neither what the
 * others write nor how often they use a word shows in what it finds. Plain data, mutated by the functions below.
 */
export interface TextIndex {
  readonly bounds: TextBounds;
  /** By namespace; that of all is `''`, which is no namespace's name. */
  readonly shelves: Map<string, Shelf>;
  /** The shelf of each document, by id. */
  readonly shelfOf: Map<string, string>;
  passages: number;
  bytes: number;
}

export interface Shelf {
  readonly documents: Map<string, ShelvedDocument>;
  /** By place; undefined where one was taken out. */
  readonly passages: (ShelvedPassage | undefined)[];
  /** Places that are free. */
  readonly free: number[];
  readonly postings: Postings;
  readonly hashed: VectorTable;
  /** Vectors of an embedder, in one space at a time. */
  embedded: { readonly space: string; readonly table: VectorTable } | undefined;
}

interface ShelvedDocument {
  readonly title: string;
  readonly bytes: number;
  readonly places: readonly number[];
}

export interface ShelvedPassage extends Passage {
  readonly documentId: string;
  /** Of the document, from 0. */
  readonly number: number;
}

/** About 30 MiB when all is used: a passage is some 1 KiB of vector, 1 KiB of text and 1 KiB of postings. */
export const TEXT_BOUNDS: TextBounds = { maxDocuments: 2000, maxPassages: 10_000, maxBytes: 8 * 2 ** 20 };

/** The title says what all passages are about. */
const TITLE_COUNTS = 2;

/** Longer ones are no names. */
const LONGEST_NAME = 256;

export type PutResult =
  | { readonly accepted: true; readonly passages: number }
  | { readonly accepted: false; readonly message: string };

export function createTextIndex(bounds: TextBounds = TEXT_BOUNDS): TextIndex {
  return { bounds, shelves: new Map(), shelfOf: new Map(), passages: 0, bytes: 0 };
}

/** Takes a document in, in place of the one with its id. A refused one changes nothing. */
export function putDocument(index: TextIndex, document: TextDocument): PutResult {
  const { id, namespace, title, text } = document;
  const passages = passagesOf(title, text);
  const bytes = utf8Bytes(title) + utf8Bytes(text);
  const message = refusal(index, document, { passages: passages.length, bytes });
  if (message !== undefined) return { accepted: false, message };
  removeDocument(index, id);
  const shelf = shelfFor(index, namespace ?? '');
  const places = passages.map((passage, number) => shelve(shelf, { ...passage, documentId: id, number }));
  shelf.documents.set(id, { title, bytes, places });
  index.shelfOf.set(id, namespace ?? '');
  index.passages += places.length;
  index.bytes += bytes;
  return { accepted: true, passages: places.length };
}

/** Takes a document out; returns whether it was there. */
export function removeDocument(index: TextIndex, id: string): boolean {
  const name = index.shelfOf.get(id);
  const shelf = name === undefined ? undefined : index.shelves.get(name);
  const document = shelf?.documents.get(id);
  if (name === undefined || shelf === undefined || document === undefined) return false;
  unshelve(shelf, document.places);
  shelf.documents.delete(id);
  index.shelfOf.delete(id);
  index.passages -= document.places.length;
  index.bytes -= document.bytes;
  if (shelf.documents.size === 0) index.shelves.delete(name);
  return true;
}

/** The shelf that a document stands on, and its places there. */
export function shelved(
  index: TextIndex,
  id: string,
): { readonly shelf: Shelf; readonly places: readonly number[] } | undefined {
  const shelf = index.shelves.get(index.shelfOf.get(id) ?? '');
  const places = shelf?.documents.get(id)?.places;
  return shelf === undefined || places === undefined ? undefined : { shelf, places };
}

interface Size {
  readonly passages: number;
  readonly bytes: number;
}

/** What speaks against a document; undefined when nothing does. */
function refusal(index: TextIndex, document: TextDocument, added: Size): string | undefined {
  return badName(document) ?? tooMuch(index, document.id, added);
}

function badName({ id, title, namespace }: TextDocument): string | undefined {
  if (id === '' || id.length > LONGEST_NAME) {
    return `a document's id must have 1 to ${LONGEST_NAME} characters, found ${id.length}`;
  }
  if (title.trim() === '' || title.length > LONGEST_NAME) {
    return `the title of document ${id} must have 1 to ${LONGEST_NAME} characters, found ${title.trim().length}`;
  }
  return namespace === '' ? `the namespace of document ${id} is empty: name one, or null for all` : undefined;
}

function tooMuch(
  { bounds, shelfOf, shelves, passages, bytes }: TextIndex,
  id: string,
  added: Size,
): string | undefined {
  const old = shelves.get(shelfOf.get(id) ?? '')?.documents.get(id);
  const freed = {
    documents: old === undefined ? 0 : 1,
    passages: old?.places.length ?? 0,
    bytes: old?.bytes ?? 0,
  };
  const after = [
    ['documents', shelfOf.size - freed.documents + 1, bounds.maxDocuments],
    ['passages', passages - freed.passages + added.passages, bounds.maxPassages],
    ['bytes', bytes - freed.bytes + added.bytes, bounds.maxBytes],
  ] as const;
  const beyond = after.find(([, value, most]) => value > most);
  if (beyond === undefined) return undefined;
  const [what, value, most] = beyond;
  return `with document ${id} there would be ${value} ${what}, allowed are ${most}: remove others or make it shorter`;
}

function shelfFor({ shelves }: TextIndex, name: string): Shelf {
  let shelf = shelves.get(name);
  if (shelf === undefined) {
    shelf = {
      documents: new Map(),
      passages: [],
      free: [],
      postings: createPostings(),
      hashed: createVectorTable(HASHED_DIMENSIONS),
      embedded: undefined,
    };
    shelves.set(name, shelf);
  }
  return shelf;
}

function shelve(shelf: Shelf, passage: ShelvedPassage): number {
  const place = shelf.free.pop() ?? shelf.passages.length;
  const stems = stemsOf(searchedText(passage));
  shelf.passages[place] = passage;
  addPosting(shelf.postings, place, termsOf(stems));
  const offset = placeVector(shelf.hashed, place);
  hashStems(stems, shelf.hashed.values, offset);
  return place;
}

function unshelve(shelf: Shelf, places: readonly number[]): void {
  const terms = new Set(
    places.flatMap((place) => [...termsOf(stemsOf(searchedText(shelf.passages[place]))).keys()]),
  );
  removePostings(shelf.postings, new Set(places), terms);
  for (const place of places) {
    shelf.passages[place] = undefined;
    shelf.free.push(place);
    clearVector(shelf.hashed, place);
    if (shelf.embedded !== undefined) clearVector(shelf.embedded.table, place);
  }
}

/** A passage with what it stands under, as it is searched. */
export function searchedText(passage: ShelvedPassage | undefined): string {
  if (passage === undefined) return '';
  const [title = '', ...headings] = passage.headings;
  return [...Array.from({ length: TITLE_COUNTS }, () => title), ...headings, passage.text].join('\n');
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // Half of a character beyond the basic plane is two bytes, as is a letter below U+0800.
    if (unit > 0x7f) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
