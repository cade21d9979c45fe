import { vpaAmount, type VpaAggregate } from './vpa-aggregate.ts';

/** Memory counts by the peak of each interval. */
const INTERVAL_MS = 86_400_000;
/** After an out-of-memory kill the next peak is taken to be this much more. */
const OOM_BUMP_RATIO = 1.2;
const OOM_MIN_BUMP_BYTES = 100 * 1024 * 1024;

/**
 * One container of one pod, from its samples to what is aggregated of them (pkg/recommender/model/container.go,
 * v1.8.1). A pod that takes another's place has a container of its own, whose first interval starts anew.
 */
export class VpaContainer {
  readonly #aggregate: VpaAggregate;
  #lastCpuAt = -Infinity;
  #lastMemoryAt: number | undefined;
  /** Largest use in the current interval, measured and assumed after a kill; 0 is none. */
  #memoryPeak = 0;
  #oomPeak = 0;
  #intervalEnd: number | undefined;

  constructor(aggregate: VpaAggregate) {
    this.#aggregate = aggregate;
  }

  /** @param at ms since the epoch; a sample that is not newer than the last is ignored. */
  addCpu(at: number, millicores: number): void {
    if (at <= this.#lastCpuAt) return;
    this.#lastCpuAt = at;
    this.#aggregate.addCpu(at, millicores);
  }

  /** @param at ms since the epoch; a sample that is older than the last is ignored. */
  addMemory(at: number, bytes: number): void {
    if (this.#lastMemoryAt !== undefined && at < this.#lastMemoryAt) return;
    if (this.#addPeak(at, bytes)) this.#memoryPeak = bytes;
  }

  /** @param requestBytes what the container had asked for when it was killed for want of memory. */
  recordOutOfMemory(at: number, requestBytes: number): void {
    if (this.#lastMemoryAt !== undefined && at < this.#lastMemoryAt - INTERVAL_MS) return;
    const used = Math.max(requestBytes, this.#memoryPeak);
    const needed = Math.max(used + OOM_MIN_BUMP_BYTES, vpaAmount(used * OOM_BUMP_RATIO));
    if (this.#addPeak(at, needed)) this.#oomPeak = needed;
  }

  /** Whether this is the interval's new peak. */
  #addPeak(at: number, bytes: number): boolean {
    this.#lastMemoryAt = at;
    const end = this.#intervalEnd ?? at;
    if (at < end) {
      const peak = Math.max(this.#memoryPeak, this.#oomPeak);
      // A peak of 0 stays until the interval ends: so does the original.
      if (peak === 0 || bytes <= peak) return false;
      this.#aggregate.subtractMemoryPeak(end, peak);
      this.#aggregate.addMemoryPeak(end, bytes);
      return true;
    }
    this.#intervalEnd = end + (Math.floor((at - end) / INTERVAL_MS) + 1) * INTERVAL_MS;
    this.#memoryPeak = 0;
    this.#oomPeak = 0;
    this.#aggregate.addMemoryPeak(this.#intervalEnd, bytes);
    return true;
  }
}
