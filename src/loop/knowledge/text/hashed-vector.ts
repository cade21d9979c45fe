import { conceptsOf } from './synonyms.ts';
import { isStopWord } from './words.ts';

export const HASHED_DIMENSIONS = 256;

/** Part of what a vector means: another seed is another space. */
const SEED = 0x811c9dc5;

/** A concept says most; pairs of words say what they are about; pieces of words forgive typing and inflection. */
const CONCEPT = 1.5;
const WORD = 1;
const PAIR = 0.5;
/** Of all pieces of a word together, as the length of their vector. */
const PIECES = 0.7;

/**
 * The stems of a text as a unit vector, by feature hashing (Weinberger et al., "Feature hashing for large scale multitask learning", ICML
 * 2009) of its words, pairs of words, concepts and the 3- and 4-grams of its words (Bojanowski et al., TACL 5, 2017).
 * Written to `out` from `offset` on; all zero where there are none.
 */
export function hashStems(stems: readonly string[], out: Float32Array, offset = 0): void {
  const weights = new Map<string, number>();
  const add = (feature: string, weight: number): void => {
    weights.set(feature, (weights.get(feature) ?? 0) + weight);
  };
  let before: string | undefined;
  for (const stem of stems) {
    if (isStopWord(stem)) continue;
    add(stem, WORD);
    if (before !== undefined) add(`${before} ${stem}`, PAIR);
    before = stem;
    addPieces(stem, add);
  }
  for (const concept of conceptsOf(stems)) add(concept, CONCEPT);
  out.fill(0, offset, offset + HASHED_DIMENSIONS);
  for (const [feature, weight] of weights) {
    const hash = hashOf(feature);
    const place = offset + (hash & (HASHED_DIMENSIONS - 1));
    // What is said twice is not twice as much about it.
    const value = weight > 1 ? Math.sqrt(weight) : weight;
    out[place] = (out[place] ?? 0) + (hash >>> 31 === 0 ? value : -value);
  }
  normalize(out, offset);
}

function addPieces(stem: string, add: (feature: string, weight: number) => void): void {
  const word = `<${stem}>`;
  const pieces: string[] = [];
  for (const length of [3, 4]) {
    for (let at = 0; at + length <= word.length; at += 1) pieces.push(word.slice(at, at + length));
  }
  for (const piece of pieces) add(`#${piece}`, PIECES / Math.sqrt(pieces.length));
}

/** FNV-1a over the code units, then murmur3's mixing: FNV's high bits alone are too even. The same on every machine. */
function hashOf(text: string): number {
  let hash = SEED;
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
