import { conceptsOf } from './synonyms.ts';
import { isStopWord } from './words.ts';

export const HASHED_DIMENSIONS = 256;

/** Part of what a vector means: another seed is another space. */
const SEED = 0x811c9dc5;
/** Another: a piece of a word is not the word that reads like it. */
const PIECE_SEED = 0x01234567;

/** A concept says most; pairs of words say what they are about; pieces of words forgive typing and inflection. */
const CONCEPT = 1.5;
const WORD = 1;
const PAIR = 0.5;
/** Of all pieces of a word together, as the length of their vector. */
const PIECES = 0.4;

/**
 * The stems of a text as a unit vector, by feature hashing (Weinberger et al., "Feature hashing for large scale multitask
 * learning", ICML 2009) of its words, pairs of words, concepts and the 3- and 4-grams of its words (Bojanowski et al., TACL 5,
 * 2017). What is said n times counts √n times. Written to `out` from `offset` on; all zero where there are none.
 */
export function hashStems(stems: readonly string[], out: Float32Array, offset = 0): void {
  out.fill(0, offset, offset + HASHED_DIMENSIONS);
  const telling = stems.filter((stem) => !isStopWord(stem));
  for (const [stem, count] of countsOf(telling)) {
    const weight = Math.sqrt(count);
    add(out, offset, hashOf(stem), WORD * weight);
    addPieces(`<${stem}>`, { out, offset, weight: PIECES * weight });
  }
  const pairs = telling.slice(1).map((stem, index) => `${telling[index] ?? ''} ${stem}`);
  for (const [pair, count] of countsOf(pairs)) add(out, offset, hashOf(pair), PAIR * Math.sqrt(count));
  for (const [concept, count] of countsOf(conceptsOf(stems))) {
    add(out, offset, hashOf(concept), CONCEPT * Math.sqrt(count));
  }
  normalize(out, offset);
}

function countsOf(features: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return counts;
}

interface Target {
  readonly out: Float32Array;
  readonly offset: number;
  readonly weight: number;
}

const SHORT_PIECE = 3;
const LONG_PIECE = 4;

/** @param word with a mark at its beginning and its end, so that `pre` is another piece than `<pr` */
function addPieces(word: string, { out, offset, weight }: Target): void {
  const pieces = Math.max(1, word.length - SHORT_PIECE + 1) + Math.max(0, word.length - LONG_PIECE + 1);
  const each = weight / Math.sqrt(pieces);
  for (const length of [SHORT_PIECE, LONG_PIECE]) {
    for (let at = 0; at + length <= word.length; at += 1) {
      add(out, offset, hashOf(word.slice(at, at + length), PIECE_SEED), each);
    }
  }
}

/** The last bits of a hash are the place, the first one is the sign. */
function add(out: Float32Array, offset: number, hash: number, weight: number): void {
  const place = offset + (hash & (HASHED_DIMENSIONS - 1));
  out[place] = (out[place] ?? 0) + (hash >>> 31 === 0 ? weight : -weight);
}

/** FNV-1a over the code units, then murmur3's mixing: FNV's high bits alone are too even. The same on every machine. */
function hashOf(text: string, seed = SEED): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function normalize(out: Float32Array, offset: number): void {
  let sum = 0;
  for (let i = offset; i < offset + HASHED_DIMENSIONS; i += 1) sum += (out[i] ?? 0) ** 2;
  if (sum === 0) return;
  const scale = 1 / Math.sqrt(sum);
  for (let i = offset; i < offset + HASHED_DIMENSIONS; i += 1) out[i] = (out[i] ?? 0) * scale;
}
