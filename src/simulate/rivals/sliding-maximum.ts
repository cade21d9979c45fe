/**
 * The largest of the values of the last `spanMs`, by the queue of those that can still become it (each is larger than
 * all after it): constant time for each value on average.
 */
export class SlidingMaximum {
  readonly #spanMs: number;
  readonly #at: number[] = [];
  readonly #value: number[] = [];
  /** Entries before it are out of the window; removed in bulk, because shifting an array moves all of it. */
  #first = 0;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** `at` in ms since the epoch, rising from call to call. */
  push(at: number, value: number): void {
    while (this.#value.length > this.#first && (this.#value.at(-1) ?? Infinity) <= value) {
      this.#at.pop();
      this.#value.pop();
    }
    this.#at.push(at);
    this.#value.push(value);
  }

  /** Over (now − span, now]; undefined when there is no value in it. */
  at(now: number): number | undefined {
    while (this.#first < this.#at.length && (this.#at[this.#first] ?? 0) <= now - this.#spanMs)
      this.#first += 1;
    this.#compact();
    return this.#value[this.#first];
  }

  #compact(): void {
    if (this.#first * 2 <= this.#at.length) return;
    this.#at.splice(0, this.#first);
    this.#value.splice(0, this.#first);
    this.#first = 0;
  }
}
