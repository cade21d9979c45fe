/**
 * Order of values: how unlikely this level, one of eight, is after the levels before it. Longer contexts are trusted as
 * far as they were seen and fall back to shorter ones (back-off with additive smoothing, as in language models).
 */
export interface SymbolGrams {
  /** How often each context was seen: no symbol, then one, two, three before. */
  readonly contexts: Uint16Array;
  /** How often each symbol followed it. */
  readonly followers: Uint16Array;
  /** The last three symbols as digits, the latest lowest. */
  history: number;
  points: number;
  low: number;
  high: number;
}

const BITS = 3;
const SYMBOLS = 1 << BITS;
const LONGEST = 3;
/** 1 + 8 + 64 + 512. */
const CONTEXTS = (SYMBOLS ** (LONGEST + 1) - 1) / (SYMBOLS - 1);
/** Times a context's own chances are mixed with those of the shorter one. */
const SMOOTHING = 2;
const MOST = 65_535;
/** Just under 1, so that the largest value is in the last level. */
const TOP = 0.9999;

export function createSymbolGrams(): SymbolGrams {
  return {
    contexts: new Uint16Array(CONTEXTS),
    followers: new Uint16Array(CONTEXTS * SYMBOLS),
    history: 0,
    points: 0,
    low: 0,
    high: 0,
  };
}

/** @returns −log₂ of the chance of this level after the ones before it, then learns */
export function observeSymbol(grams: SymbolGrams, value: number): number {
  const { contexts, followers, history } = grams;
  const symbol = symbolOf(grams, value);
  const longest = Math.min(LONGEST, grams.points);
  let chance = 1 / SYMBOLS;
  let first = 0;
  for (let length = 0; length <= longest; length++) {
    const ways = 1 << (BITS * length);
    const context = first + (history & (ways - 1));
    first += ways;
    const place = context * SYMBOLS + symbol;
    chance = ((followers[place] ?? 0) + SMOOTHING * chance) / ((contexts[context] ?? 0) + SMOOTHING);
    if (contexts[context] === MOST) halve(grams, context);
    contexts[context] = (contexts[context] ?? 0) + 1;
    followers[place] = (followers[place] ?? 0) + 1;
  }
  grams.history = ((history << BITS) | symbol) & (SYMBOLS ** LONGEST - 1);
  grams.points++;
  return -Math.log2(chance);
}

function symbolOf(grams: SymbolGrams, value: number): number {
  if (grams.points === 0) grams.low = grams.high = value;
  grams.low = Math.min(grams.low, value);
  grams.high = Math.max(grams.high, value);
  const range = grams.high - grams.low;
  return range > 0 ? Math.trunc(((value - grams.low) / range) * SYMBOLS * TOP) : 0;
}

/** A full context goes on with half of what it knows: the chances stay, and what is new counts more. */
function halve({ contexts, followers }: SymbolGrams, context: number): void {
  const from = context * SYMBOLS;
  let total = 0;
  for (let i = from; i < from + SYMBOLS; i++) {
    followers[i] = (followers[i] ?? 0) >> 1;
    total += followers[i] ?? 0;
  }
  contexts[context] = total;
}
