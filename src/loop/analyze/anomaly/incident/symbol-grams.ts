/**
 * Order of values: how unlikely this level, one of eight, is after the levels before it. Longer contexts are trusted as
 * far as they were seen and fall back to shorter ones (back-off with additive smoothing, as in language models).
 */
export interface SymbolGrams {
  /** Hashed counts, one row for each length of context. */
  readonly counts: Uint16Array;
  readonly contexts: Uint16Array;
  /** Symbols before this one, the latest first. */
  readonly before: Int32Array;
  readonly places: Int32Array;
  points: number;
  low: number;
  high: number;
}

const SYMBOLS = 8;
const LONGEST = 3;
/** 8³ contexts of 8 symbols do occur, few of them often: collisions cost less than memory. */
const CELLS = 1024;
const SMOOTHING = 2;
const MOST = 65_535;
const LEAST_CHANCE = 1e-12;
/** Just under 1, so that the largest value is in the last level. */
const TOP = 0.9999;

export function createSymbolGrams(): SymbolGrams {
  return {
    counts: new Uint16Array((LONGEST + 1) * CELLS),
    contexts: new Uint16Array((LONGEST + 1) * CELLS),
    before: new Int32Array(LONGEST),
    places: new Int32Array(2 * (LONGEST + 1)),
    points: 0,
    low: 0,
    high: 0,
  };
}

/** @returns −log₂ of the chance of this level after the ones before it, then learns */
export function observeSymbol(grams: SymbolGrams, value: number): number {
  const symbol = symbolOf(grams, value);
  const longest = Math.min(LONGEST, grams.points);
  const chance = chanceOf(grams, symbol, longest);
  learn(grams, longest);
  grams.before.copyWithin(1, 0, LONGEST - 1);
  grams.before[0] = symbol;
  grams.points++;
  return -Math.log2(Math.max(chance, LEAST_CHANCE));
}

function symbolOf(grams: SymbolGrams, value: number): number {
  if (grams.points === 0) grams.low = grams.high = value;
  grams.low = Math.min(grams.low, value);
  grams.high = Math.max(grams.high, value);
  const range = grams.high - grams.low;
  return range > 0 ? Math.trunc(((value - grams.low) / range) * SYMBOLS * TOP) : 0;
}

function chanceOf(grams: SymbolGrams, symbol: number, longest: number): number {
  const { counts, contexts, before, places } = grams;
  let chance = 1 / SYMBOLS;
  let hash = 0;
  for (let k = 0; k <= longest; k++) {
    if (k > 0) hash = mixed(Math.imul(hash, 31) + (before[k - 1] ?? 0) + 1, 0x9e3779b1);
    const context = k * CELLS + cellOf(hash);
    const gram = k * CELLS + cellOf(mixed(Math.imul(hash, 33) + symbol + 7, 0x85ebca77));
    places[2 * k] = context;
    places[2 * k + 1] = gram;
    chance = ((counts[gram] ?? 0) + SMOOTHING * chance) / ((contexts[context] ?? 0) + SMOOTHING);
  }
  return chance;
}

/** Multiplicative hash (Knuth, The Art of Computer Programming 6.4). */
function mixed(value: number, multiplier: number): number {
  return Math.imul(value, multiplier) >>> 0;
}

function cellOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (CELLS - 1);
}

function learn({ counts, contexts, places }: SymbolGrams, longest: number): void {
  for (let k = 0; k <= longest; k++) {
    const context = places[2 * k] ?? 0;
    const gram = places[2 * k + 1] ?? 0;
    const seen = contexts[context] ?? 0;
    if (seen === MOST) continue;
    contexts[context] = seen + 1;
    counts[gram] = (counts[gram] ?? 0) + 1;
  }
}
