/**
 * The regular expressions that label matchers are usually made of: text, `.`, `\d`, `[a-z]`, each with `*`, `+` or `?`,
 * and alternatives between them. JavaScript's own engine takes exponential time for some expressions, and these come
 * from whoever may write a policy; this one takes time in proportion to text × pattern.
 */
export type LabelPattern = readonly (readonly Unit[])[];

interface Unit {
  readonly accepts: (character: string) => boolean;
  /** How often: once, at most once, any number of times. */
  readonly times: 'once' | 'optional' | 'any';
}

/** Longer ones belong into a label of their own. */
const MAX_LENGTH = 256;

/** A pattern, or in words why it is none that is understood here. */
export function compilePattern(source: string): LabelPattern | { readonly problem: string } {
  if (source.length > MAX_LENGTH) {
    return { problem: `has ${source.length} characters, at most ${MAX_LENGTH} are allowed` };
  }
  const reader = new PatternReader(source);
  const alternatives: Unit[][] = [[]];
  while (!reader.atEnd) {
    if (reader.take('|')) {
      alternatives.push([]);
      continue;
    }
    const accepts = reader.unit();
    if (typeof accepts === 'string') return { problem: accepts };
    alternatives.at(-1)?.push(...repeated(accepts, reader));
  }
  return alternatives;
}

/** Whether the whole text is one of the alternatives, as Prometheus anchors its matchers. */
export function matchesPattern(pattern: LabelPattern, text: string): boolean {
  return pattern.some((units) => matchesUnits(units, text));
}

/** Follows all ways through the units at the same time: `at[i]` tells whether one of them stands before unit i. */
function matchesUnits(units: readonly Unit[], text: string): boolean {
  let at = new Uint8Array(units.length + 1);
  let next = new Uint8Array(units.length + 1);
  at[0] = 1;
  skip(units, at);
  for (const character of text) {
    next.fill(0);
    units.forEach(({ accepts, times }, i) => {
      if (at[i] === 1 && accepts(character)) next[times === 'any' ? i : i + 1] = 1;
    });
    skip(units, next);
    [at, next] = [next, at];
  }
  return at[units.length] === 1;
}

/** What need not be there may be passed over. */
function skip(units: readonly Unit[], at: Uint8Array): void {
  units.forEach(({ times }, i) => {
    if (at[i] === 1 && times !== 'once') at[i + 1] = 1;
  });
}

function repeated(accepts: Unit['accepts'], reader: PatternReader): readonly Unit[] {
  if (reader.take('*')) return [{ accepts, times: 'any' }];
  if (reader.take('?')) return [{ accepts, times: 'optional' }];
  if (reader.take('+')) {
    return [
      { accepts, times: 'once' },
      { accepts, times: 'any' },
    ];
  }
  return [{ accepts, times: 'once' }];
}

class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  get atEnd(): boolean {
    return this.#at === this.#characters.length;
  }

  take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** One character of the text, or in words why there is none. */
  unit(): Unit['accepts'] | string {
    const character = this.#next();
    if (character === '.') return () => true;
    if (character === '[') return this.#set();
    if ('(){}^$*+?'.includes(character)) {
      return `'${character}' is not understood there: write alternatives without groups, such as 4..|5..`;
    }
    if (character !== '\\') return (found) => found === character;
    return this.#escape();
  }

  #next(): string {
    const character = this.#characters[this.#at] ?? '';
    this.#at += 1;
    return character;
  }

  #escape(): Unit['accepts'] | string {
    const escaped = this.#next();
    if (escaped === 'd') return isDigit;
    if (/^[^A-Za-z0-9]$/u.test(escaped)) return (found) => found === escaped;
    return `'\\${escaped}' is not understood: of escapes there are \\d and those of punctuation`;
  }

  #set(): Unit['accepts'] | string {
    const negated = this.take('^');
    const members: Unit['accepts'][] = [];
    while (!this.take(']')) {
      if (this.atEnd) return "'[' is not closed";
      const member = this.#member();
      if (typeof member === 'string') return member;
      members.push(member);
    }
    if (members.length === 0) return "'[]' is empty";
    return (found) => members.some((accepts) => accepts(found)) !== negated;
  }

  /** A character, `\d`, or a range such as a-z. */
  #member(): Unit['accepts'] | string {
    const first = this.#next();
    if (first === '\\') return this.#escape();
    const last = this.#characters[this.#at + 1];
    if (this.#characters[this.#at] !== '-' || last === undefined || last === ']') {
      return (found) => found === first;
    }
    this.#at += 2;
    return (found) => found >= first && found <= last;
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
