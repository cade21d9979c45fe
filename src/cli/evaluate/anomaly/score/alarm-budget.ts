/**
 * Alarms as people get them: each stretch of them is one, a threshold comes from how many are accepted and never from
 * labels, and an event counts as found only where an alarm is in it. No point adjustment: an alarm at one end of a long
 * event does not make the rest of it found too, nor its other points right.
 */
export interface ScoredSeries {
  /** The larger, the stranger; one for each point. NaN is unknown. */
  readonly scores: Float64Array;
  /** First point that thresholds are set from; what is before taught the detector. */
  readonly from: number;
  /** First point that is judged: thresholds are set from none of these. */
  readonly split: number;
  /** What was labelled, first and last points counted as in `scores`, none before `split`. */
  readonly events: readonly LabelledEvent[];
}

export interface LabelledEvent {
  readonly first: number;
  readonly last: number;
}

export interface AlarmScore {
  readonly events: number;
  readonly found: number;
  /** Alarms that touch no event. */
  readonly falseAlarms: number;
  readonly seriesWeeks: number;
  readonly recall: number;
  /** Found ÷ (found + false alarms). */
  readonly precision: number;
  readonly f1: number;
  readonly falseAlarmsPerWeek: number;
  /** From the beginning of an event to the first alarm in it, seconds; NaN when none was found. */
  readonly medianDelaySeconds: number;
  readonly p90DelaySeconds: number;
}

/** Alarms that are no further apart are one. */
const EPISODE_GAP_SECONDS = 3600;
const WEEK_SECONDS = 7 * 86_400;

/** Stretches of points at or above a threshold, both ends included; `to` is not. */
export function alarmEpisodes(
  { scores }: Pick<ScoredSeries, 'scores'>,
  { from, to, threshold, stepSeconds }: EpisodeOptions,
): LabelledEvent[] {
  const gap = EPISODE_GAP_SECONDS / stepSeconds;
  const episodes: { first: number; last: number }[] = [];
  for (let point = from; point < to; point++) {
    if (!((scores[point] ?? NaN) >= threshold)) continue;
    const current = episodes.at(-1);
    if (current !== undefined && point - current.last <= gap) current.last = point;
    else episodes.push({ first: point, last: point });
  }
  return episodes;
}

export interface EpisodeOptions {
  readonly from: number;
  readonly to: number;
  readonly threshold: number;
  readonly stepSeconds: number;
}

/**
 * The lowest threshold at which, and above which everywhere, the alarms of all series before their splits are at most
 * `alarmsPerWeek` in each week of each; Infinity when there is none. Labels are not read.
 */
export function budgetThreshold(
  series: readonly ScoredSeries[],
  alarmsPerWeek: number,
  stepSeconds: number,
): number {
  const points = series.reduce((sum, { from, split }) => sum + split - from, 0);
  const accepted = (alarmsPerWeek * points * stepSeconds) / WEEK_SECONDS;
  let lowest = Infinity;
  for (const threshold of candidates(series, ({ from, split }) => [from, split])) {
    let alarms = 0;
    for (const one of series) {
      alarms += alarmEpisodes(one, { from: one.from, to: one.split, threshold, stepSeconds }).length;
    }
    if (alarms > accepted) break;
    lowest = threshold;
  }
  return lowest;
}

/** What a detector's alarms after the splits are worth, each series with its own threshold. */
export function scoreAlarms(
  series: readonly ScoredSeries[],
  thresholdOf: (series: ScoredSeries, index: number) => number,
  stepSeconds: number,
): AlarmScore {
  const total = { events: 0, found: 0, falseAlarms: 0, points: 0, delays: [] as number[] };
  for (const [index, one] of series.entries()) {
    const to = one.scores.length;
    const threshold = thresholdOf(one, index);
    const alarms = alarmEpisodes(one, { from: one.split, to, threshold, stepSeconds });
    total.points += to - one.split;
    total.events += one.events.length;
    total.falseAlarms += alarms.filter((alarm) => !one.events.some((event) => touch(alarm, event))).length;
    for (const { first, last } of one.events) {
      const at = one.scores.subarray(first, last + 1).findIndex((score) => score >= threshold);
      if (at < 0) continue;
      total.found += 1;
      total.delays.push(at * stepSeconds);
    }
  }
  return summary(total, stepSeconds);
}

/**
 * Recall at a rate of false alarms that the threshold of all is set to with the labels in sight, between neighbouring
 * thresholds linearly: what the scores are worth when thresholds are no question. Largest recall where the rate is never
 * reached.
 */
export function recallAtFalseRate(
  series: readonly ScoredSeries[],
  falseAlarmsPerWeek: number,
  stepSeconds: number,
): number {
  let before = { recall: 0, falseAlarmsPerWeek: 0 };
  for (const threshold of candidates(series, ({ split, scores }) => [split, scores.length])) {
    const now = scoreAlarms(series, () => threshold, stepSeconds);
    if (now.falseAlarmsPerWeek > falseAlarmsPerWeek) {
      const share =
        (falseAlarmsPerWeek - before.falseAlarmsPerWeek) /
        (now.falseAlarmsPerWeek - before.falseAlarmsPerWeek);
      return before.recall + share * (now.recall - before.recall);
    }
    before = now;
  }
  return before.recall;
}

/** Thresholds from the largest score down, each with some 4 % more points at or above it, to a fifth of all points. */
const MORE_POINTS = 1.04;
const LARGEST_SHARE = 0.2;

function candidates(
  series: readonly ScoredSeries[],
  spanOf: (series: ScoredSeries) => readonly [number, number],
): number[] {
  const pooled: number[] = [];
  for (const one of series) {
    const [from, to] = spanOf(one);
    for (const score of one.scores.subarray(from, to)) if (score > 0) pooled.push(score);
  }
  const sorted = Float64Array.from(pooled).sort().reverse();
  const points = series.reduce((sum, one) => sum + spanOf(one)[1] - spanOf(one)[0], 0);
  const found = new Set<number>();
  for (let rank = 0; rank < Math.min(sorted.length, LARGEST_SHARE * points);) {
    found.add(sorted[rank] ?? NaN);
    rank = Math.max(rank + 1, Math.trunc(rank * MORE_POINTS));
  }
  return [...found];
}

function touch(a: LabelledEvent, b: LabelledEvent): boolean {
  return a.last >= b.first && a.first <= b.last;
}

interface Totals {
  readonly events: number;
  readonly found: number;
  readonly falseAlarms: number;
  readonly points: number;
  readonly delays: readonly number[];
}

function summary({ events, found, falseAlarms, points, delays }: Totals, stepSeconds: number): AlarmScore {
  const seriesWeeks = (points * stepSeconds) / WEEK_SECONDS;
  const sorted = delays.toSorted((a, b) => a - b);
  return {
    events,
    found,
    falseAlarms,
    seriesWeeks,
    recall: found / events,
    precision: found / (found + falseAlarms),
    f1: (2 * found) / (events + found + falseAlarms),
    falseAlarmsPerWeek: falseAlarms / seriesWeeks,
    medianDelaySeconds: rank(sorted, 0.5),
    p90DelaySeconds: rank(sorted, 0.9),
  };
}

function rank(sorted: readonly number[], level: number): number {
  return sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? NaN;
}
