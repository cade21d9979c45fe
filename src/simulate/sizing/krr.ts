import type { Resources, Sizer, SizingContender, UsageSample } from './sizing-contender.ts';

/** Defaults of the `simple` strategy and of the floors. */
const CPU_QUANTILE = 0.95;
const MEMORY_BUFFER = 1.15;
const HISTORY_MS = 14 * 86_400_000;
const STEP_MS = 75_000;
const MIN_POINTS = 100;
const MIN_HISTORY_MS = 3 * 3_600_000;
const MIN_CORES = 0.01;
const MIN_BYTES = 100e6;
/** A Prometheus query takes a sample for current so long. */
const LOOKBACK_MS = 300_000;

/**
 * Robusta's Kubernetes resource recommender: the 95th percentile of a fortnight's CPU, its largest memory and 15 %.
 * Kills count only with `--use-oomkill-data`, which is not the default. It is a command without a rhythm of its own: here
 * it runs once a day, and what it says is applied.
 */
export const krr: SizingContender = {
  name: 'krr',
  title: 'KRR simple',
  source:
    'robusta-dev/krr d6baa74 (2026-07): strategies/simple.py, core/runner.py, defaults of the command line',
  decisionSeconds: 86_400,
  // It recommends to have none.
  limitsCpu: false,
  create: () => new KrrSizer(),
};

class KrrSizer implements Sizer {
  #samples: UsageSample[] = [];
  #firstAt: number | undefined;

  observe(sample: UsageSample): void {
    this.#firstAt ??= sample.at;
    this.#samples.push(sample);
  }

  outOfMemory(): void {
    // The memory that was measured then, the limit, is all it hears of.
  }

  recommend(at: number, current: Resources): Resources {
    this.#samples = this.#samples.filter((sample) => sample.at > at - HISTORY_MS - LOOKBACK_MS);
    const points = stepped(this.#samples, at);
    const historyMs = at - (this.#firstAt ?? at);
    if (points.length < MIN_POINTS || historyMs < MIN_HISTORY_MS) return current;
    const cores = quantile(
      points.map(({ cpu }) => cpu),
      CPU_QUANTILE,
    );
    const bytes = MEMORY_BUFFER * points.reduce((most, { memory }) => Math.max(most, memory), 0);
    return {
      cpu: Math.max(MIN_CORES, Math.ceil(cores * 1000) / 1000),
      memory: Math.max(MIN_BYTES, Math.ceil(bytes / 1e6) * 1e6),
    };
  }
}

/** The current sample at each step of the fortnight before `until`, as a Prometheus subquery has them. */
function stepped(samples: readonly UsageSample[], until: number): UsageSample[] {
  const points: UsageSample[] = [];
  let next = 0;
  // The steps of a subquery are multiples of the step.
  const from = (Math.floor((until - HISTORY_MS) / STEP_MS) + 1) * STEP_MS;
  for (let at = from; at <= until; at += STEP_MS) {
    while ((samples[next]?.at ?? Infinity) <= at) next++;
    const current = samples[next - 1];
    if (current !== undefined && at - current.at <= LOOKBACK_MS) points.push(current);
  }
  return points;
}

/** As Prometheus' quantile_over_time: straight lines between order statistics. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}
