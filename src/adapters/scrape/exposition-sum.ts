import { parseSampleLine } from './sample-line.ts';
import { selects, type SeriesSelector } from './series-selector.ts';

/** What a pod exposes cannot be used, in words. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const BRACE = 0x7b;
const QUOTE = 0x22;

/** A series with all its labels; a longer line is no line of metrics. */
const MAX_LINE_BYTES = 64 * 1024;

interface Sought {
  readonly name: Buffer;
  /** Places in the list of selectors. */
  readonly selectors: readonly number[];
}

/**
 * Sums the series that selectors ask for, over an exposition as it arrives. Only lines of the metrics that are asked for
 * are read as text: of two thousand lines usually a dozen is.
 */
export class ExpositionSum {
  readonly #selectors: readonly SeriesSelector[];
  readonly #sought: readonly Sought[];
  readonly #sums: (number | undefined)[];
  #carried: Buffer = Buffer.alloc(0);

  constructor(selectors: readonly SeriesSelector[]) {
    this.#selectors = selectors;
    this.#sums = selectors.map(() => undefined);
    const names = [...new Set(selectors.map(({ name }) => name))];
    this.#sought = names.map((name) => ({
      name: Buffer.from(name),
      selectors: selectors.flatMap((selector, index) => (selector.name === name ? [index] : [])),
    }));
  }

  /** @throws ExpositionError */
  push(chunk: Buffer): void {
    const data = this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk]);
    const whole = data.lastIndexOf(NEWLINE) + 1;
    this.#scan(data.subarray(0, whole));
    this.#carried = data.subarray(whole);
    if (this.#carried.length > MAX_LINE_BYTES) {
      throw new ExpositionError(`a line is longer than ${MAX_LINE_BYTES} bytes: these are no metrics`);
    }
  }

  /**
   * The sums in the order of the selectors; undefined where no series was selected: unknown is not zero.
   * @throws ExpositionError
   */
  end(): readonly (number | undefined)[] {
    this.#scan(this.#carried);
    return this.#sums;
  }

  #scan(data: Buffer): void {
    for (const sought of this.#sought) {
      let at = data.indexOf(sought.name);
      while (at !== -1) {
        const behind = at + sought.name.length;
        const place = placeOf(data, at, behind);
        const newline = place === undefined ? behind : data.indexOf(NEWLINE, behind);
        const end = newline === -1 ? data.length : newline;
        if (place !== undefined) this.#add(sought, data.toString('utf8', place.after, end), place.inBraces);
        at = data.indexOf(sought.name, end);
      }
    }
  }

  #add({ name, selectors }: Sought, rest: string, inBraces: boolean): void {
    const sample = parseSampleLine(rest, 0, inBraces);
    if (sample === undefined || !Number.isFinite(sample.value) || sample.value < 0) {
      const line = JSON.stringify(`${name.toString()}${rest}`.slice(0, 120));
      throw new ExpositionError(`${line} is no sample of a counter`);
    }
    for (const index of selectors) {
      const selector = this.#selectors[index];
      if (selector === undefined || !selects(selector, sample.labels)) continue;
      this.#sums[index] = (this.#sums[index] ?? 0) + sample.value;
    }
  }
}

interface Place {
  /** Behind the name. */
  readonly after: number;
  readonly inBraces: boolean;
}

/** Where a line of the metric goes on behind its name; undefined when the name only occurs there. */
function placeOf(data: Buffer, at: number, after: number): Place | undefined {
  const next = data[after];
  if (startsLine(data, at)) {
    return next === BRACE || next === SPACE || next === TAB ? { after, inBraces: false } : undefined;
  }
  // Names beyond the old alphabet stand in the braces: {"http.requests",code="200"} 1
  const quoted = data[at - 1] === QUOTE && data[at - 2] === BRACE && startsLine(data, at - 2);
  return quoted && next === QUOTE ? { after: after + 1, inBraces: true } : undefined;
}

function startsLine(data: Buffer, at: number): boolean {
  return at === 0 || data[at - 1] === NEWLINE;
}
