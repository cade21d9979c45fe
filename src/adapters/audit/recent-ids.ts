/** So many requests are remembered; the API server sends a batch again within a minute or so. */
const CAPACITY = 16_384;

/** Tells what was there before, among the last ones. */
export class RecentIds {
  readonly #seen = new Set<string>();

  /** Whether it is new; it is not, from then on. */
  add(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > CAPACITY) {
      // A Set keeps the order in which things came.
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    return true;
  }
}
