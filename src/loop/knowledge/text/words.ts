/** Longer ones are digests and keys, and nobody asks for them by their beginning. */
const LONGEST_WORD = 40;

/** Carry no meaning of their own in an operator's text. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be been before but by can could do does for from had has have how i if in into is it its ' +
    'may more most not of on one only or other our over should so some such than that the their them then there these ' +
    'they this to too up was we were what when where which while who why will with would you your us'
  ).split(' '),
);

/**
 * The words of a text in small letters without accents, in order: `CrashLoopBackOff p99=2s` gives crash, loop, back, off,
 * p99, 2s. Words of another script than with spaces between stay whole runs.
 */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    // OOMKilled → OOM Killed, backOff → back Off; `5xx` and `p99` stay.
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length <= LONGEST_WORD);
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/ies$/, 'y'],
  [/(ss|x|ch|sh)es$/, '$1'],
  [/([^su])s$/, '$1'],
];

/** Of two equal consonants one came with the ending: `stopped`, but `killed` and `processed` (as Porter, Program 14, 1980). */
const VERB_ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/([bdfgmnprt])\1(ing|ed)$/, '$1'],
  [/(ing|ed)$/, ''],
];

/** Below it, an ending is the word: `bed`, `ring`. */
const SHORTEST_STEM = 3;

/**
 * A word without the ending of plural, past and participle, and without a last e: pods → pod, throttled and throttling →
 * throttl. After Harman's S-stemmer ("How effective is suffixing?", JASIS 42, 1991), with the two endings of verbs.
 */
export function stemOf(word: string): string {
  if (/\p{N}/u.test(word)) return word;
  const bare = strip(strip(word, ENDINGS), VERB_ENDINGS);
  return bare.length > SHORTEST_STEM && bare.endsWith('e') ? bare.slice(0, -1) : bare;
}

function strip(word: string, endings: readonly (readonly [RegExp, string])[]): string {
  for (const [ending, replacement] of endings) {
    const bare = word.replace(ending, replacement);
    if (bare !== word) return bare.length >= SHORTEST_STEM ? bare : word;
  }
  return word;
}
