import type { Labels } from './exposition.ts';

/** One thing whose use is measured: a pod, or a node. `cpuSeconds` only grows while `id` stays the same. */
export interface Meter {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** Container that does the work; a node has none. */
  readonly container?: string;
}

/** Mean use over a window that ended at `at` (ms). */
export interface Usage {
  readonly meter: Meter;
  readonly at: number;
  readonly windowMs: number;
  readonly cores: number;
}

/**
 * Rates as metrics-server has them: from the two newest readings, taken every 15 s, so that an answer is up to 15 s
 * old and a pod that has been read only once has none.
 */
export class UsageWindow {
  #older = new Map<string, Meter>();
  #newer = new Map<string, Meter>();
  #olderAt = 0;
  #newerAt = 0;
  readonly #resolutionMs: number;

  constructor(resolutionMs: number) {
    this.#resolutionMs = resolutionMs;
  }

  /** Takes a reading when it is time for one. */
  read(meters: () => readonly Meter[], now: number): void {
    if (this.#newerAt !== 0 && now - this.#newerAt < this.#resolutionMs) return;
    this.#older = this.#newer;
    this.#olderAt = this.#newerAt;
    this.#newer = new Map(meters().map((meter) => [meter.id, meter]));
    this.#newerAt = now;
  }

  usages(): Usage[] {
    const windowMs = this.#newerAt - this.#olderAt;
    return [...this.#newer.values()].flatMap((meter) => {
      const before = this.#older.get(meter.id);
      if (before === undefined) return [];
      const cores = (meter.cpuSeconds - before.cpuSeconds) / (windowMs / 1000);
      return [{ meter, at: this.#newerAt, windowMs, cores }];
    });
  }
}
