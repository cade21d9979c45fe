/** A label set. A Map, for a label may be called `__proto__` or `constructor`. */
export type Labels = ReadonlyMap<string, string>;

/** One number of an instant answer. `value` may be NaN or infinite: what that means is the reader's to decide. */
export interface Sample {
  readonly labels: Labels;
  /** ms since the epoch. For an instant query this is when it was evaluated, not when anything was measured. */
  readonly at: number;
  readonly value: number;
}

/** One series of a range answer: times in ms, ascending, and the value at each. */
export interface Series {
  readonly labels: Labels;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export interface Answer<T> {
  readonly data: T;
  /** Something is missing or doubtful: the answer is partial. */
  readonly warnings: readonly string[];
  /** Hints on the query itself; the answer is whole. */
  readonly infos: readonly string[];
}

/** An answer with the clocks around it. All times in ms since the epoch. */
export interface TimedAnswer<T> extends Answer<T> {
  /** Local clock before the request left and after the answer was complete. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The `Date` header, exact to one second; undefined when there is none. */
  readonly serverDate?: number;
}

/** `{namespace="a", pod="b"}`: for messages, and as the identity of a label set. */
export function formatLabels(labels: Labels): string {
  const sorted = [...labels].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
