import type { Resources, Sizer, SizingContender, UsageSample } from './sizing-contender.ts';
import { DecayingHistogram, ExponentialBuckets } from './vpa-histogram.ts';

const HOUR_MS = 3_600_000;
/** Use is summed up in windows of this length. */
const WINDOW_MS = 300_000;
const CPU_HALF_LIFE_MS = 12 * HOUR_MS;
const MEMORY_HALF_LIFE_MS = 48 * HOUR_MS;
/** Of serving jobs that are sensitive to latency. */
const CPU_PERCENTILE = 0.95;
/** Of jobs with low tolerance for out-of-memory kills: the default for large ones. */
const MEMORY_PERCENTILE = 0.98;
/** "10-15 % (less for large limits)": where it gets less is not said, so it stays the larger. */
const SAFETY_MARGIN = 1.15;

/** 412 buckets: the paper has "about 400", and does not say where they end. */
const GROWTH = 1.025;
const CPU_BUCKETS = new ExponentialBuckets(0.001, GROWTH, 1000);
const MEMORY_BUCKETS = new ExponentialBuckets(1e6, GROWTH, 1e12);
/** Smaller weights are of samples that faded tens of half-lives ago. */
const EPSILON = 1e-9;

/**
 * The moving-window recommender of Google's Autopilot for a serving job: 95 % of the CPU load and 98 % of the memory
 * load lie below, each sample weighted by its own size and its age, with 15 % on top; the largest such value of the last
 * hour counts. The paper gives no rule for a kill: here the limit that was exceeded counts as the hour's statistic, so
 * that the margin is added to it.
 */
export const autopilot: SizingContender = {
  name: 'autopilot',
  title: 'Autopilot window',
  source:
    'Rzadca et al., Autopilot: workload autoscaling at Google, EuroSys 2020, section 3.2.2 (S_p95, S_p98)',
  decisionSeconds: 3600,
  limitsCpu: true,
  create: () => new AutopilotSizer(),
};

class AutopilotSizer implements Sizer {
  readonly #cpu = new DecayingHistogram(CPU_BUCKETS, CPU_HALF_LIFE_MS, EPSILON);
  readonly #memory = new DecayingHistogram(MEMORY_BUCKETS, MEMORY_HALF_LIFE_MS, EPSILON);
  /** Recommendations of the last hour, oldest first. */
  #recent: (Resources & { readonly at: number })[] = [];
  #windowEnd = -Infinity;
  #memoryPeak = 0;

  observe({ at, seconds, cpu, memory }: UsageSample): void {
    if (at >= this.#windowEnd) this.#nextWindow(at);
    // The original has a sample each second; a longer one counts as so many.
    this.#cpu.add(cpu, seconds * endOfBucket(CPU_BUCKETS, cpu), at);
    this.#memoryPeak = Math.max(this.#memoryPeak, memory);
  }

  outOfMemory(at: number, request: Resources): void {
    this.#remember(at, { cpu: 0, memory: request.memory });
  }

  recommend(at: number, current: Resources): Resources {
    this.#recent = this.#recent.filter((recommended) => recommended.at > at - HOUR_MS);
    const cpu = this.#recent.reduce((most, recommended) => Math.max(most, recommended.cpu), 0);
    const memory = this.#recent.reduce((most, recommended) => Math.max(most, recommended.memory), 0);
    // After an hour without samples nothing is known, and nothing changes.
    return { cpu: cpu === 0 ? current.cpu : cpu, memory: memory === 0 ? current.memory : memory };
  }

  #nextWindow(at: number): void {
    if (this.#memoryPeak > 0) {
      this.#memory.add(
        this.#memoryPeak,
        endOfBucket(MEMORY_BUCKETS, this.#memoryPeak),
        this.#windowEnd - WINDOW_MS,
      );
      this.#remember(at, {
        cpu: this.#cpu.percentile(CPU_PERCENTILE),
        memory: this.#memory.percentile(MEMORY_PERCENTILE),
      });
    }
    this.#windowEnd = (Math.floor(at / WINDOW_MS) + 1) * WINDOW_MS;
    this.#memoryPeak = 0;
  }

  #remember(at: number, { cpu, memory }: Resources): void {
    this.#recent.push({ at, cpu: cpu * SAFETY_MARGIN, memory: memory * SAFETY_MARGIN });
  }
}

/** Weighting by it makes a percentile of the samples one of the load. */
function endOfBucket(buckets: ExponentialBuckets, value: number): number {
  return buckets.startOf(Math.min(buckets.indexOf(value) + 1, buckets.count - 1));
}
