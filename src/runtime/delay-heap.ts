interface Entry {
  readonly key: string;
  at: number;
}

/** Keys with a due time, soonest first: a binary heap in which each key is at most once. */
export class DelayHeap {
  readonly #entries: Entry[] = [];
  readonly #index = new Map<string, number>();

  get size(): number {
    return this.#entries.length;
  }

  /** The soonest due time, or undefined when empty. */
  get nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  /** Adds a key, or moves it forward; a later time than the one it has changes nothing (as client-go). */
  add(key: string, at: number): void {
    const known = this.#index.get(key);
    if (known === undefined) {
      this.#entries.push({ key, at });
      this.#index.set(key, this.#entries.length - 1);
      this.#rise(this.#entries.length - 1);
      return;
    }
    const entry = this.#entries[known];
    if (entry === undefined || entry.at <= at) return;
    entry.at = at;
    this.#rise(known);
  }

  /** Takes the soonest key if it is due. */
  takeDue(now: number): string | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#entries.pop();
    this.#index.delete(first.key);
    if (last !== undefined && last !== first) {
      this.#entries[0] = last;
      this.#index.set(last.key, 0);
      this.#sink(0);
    }
    return first.key;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#index.clear();
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (this.#before(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    return (this.#entries[a]?.at ?? Infinity) < (this.#entries[b]?.at ?? Infinity);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#entries[a], this.#entries[b]];
    if (first === undefined || second === undefined) return;
    this.#entries[a] = second;
    this.#entries[b] = first;
    this.#index.set(second.key, a).set(first.key, b);
  }
}
