import { missing, type Reading } from '../../loop/monitor/reading.ts';
import { formatLabels, type Labels, type Sample, type TimedAnswer } from './answer.ts';
import type { PrometheusError } from './error.ts';
import type { Result } from './result.ts';

/*
How old is a number? An instant query does not say: each sample of its answer carries the time of the evaluation,
and a selector goes on answering with its last sample for five minutes after the target is gone (look-back).
So the age is asked for: `timestamp(<selector>)` is the one function that yields the samples' own times.

- Within one selector the newest series counts. Series of pods that left linger for the look-back where no
  staleness marker was written (cAdvisor's series have explicit timestamps and get none); by the oldest series
  every scale-down would make the metric stale for five minutes. Too few reporting pods is a question of coverage.
- Across the selectors of one query the oldest counts: a ratio is as old as its older half.
- A selector without any sample is passed over as long as another has some: `errors / requests` with no error yet.
  When no selector has a sample, the number is made of constants (`… or vector(0)`): there is no data.
- Ages are differences on Prometheus's own clock: evaluation time minus sample time. Its distance to our clock is
  checked apart.
*/

type InstantResult = Result<TimedAnswer<readonly Sample[]>, PrometheusError>;

export interface ReadingLimits {
  /** ms; an older sample is Stale. */
  readonly staleAfterMs: number;
  /** ms between Prometheus's clock and ours; beyond it nothing is known about age. */
  readonly maxClockSkewMs: number;
}

/** PromQL for when the inputs of a query were last sampled: one sample for each selector that has any, in seconds. */
export function sampledQuery(inputs: readonly string[]): string {
  return inputs
    .map((selector, index) => `label_replace(max(timestamp(${selector})), "input", "${index}", "", "")`)
    .join(' or ');
}

/**
 * The reading of a query that must answer one number.
 * @param answer of the query itself
 * @param sampled answer of `sampledQuery` for its inputs
 */
export function scalarReading(answer: InstantResult, sampled: InstantResult, limits: ReadingLimits): Reading {
  const problem = answerProblem(answer, limits) ?? answerProblem(sampled, limits);
  if (problem !== undefined) return problem;
  if (!answer.ok || !sampled.ok) return missing('QueryFailed', 'no answer');
  const [sample, second] = answer.value.data;
  if (sample === undefined) return missing('NoData', 'the query answers no series');
  if (second !== undefined) return severalSeries(answer.value.data);
  const [oldest] = sampled.value.data.toSorted((a, b) => a.value - b.value);
  if (oldest === undefined) {
    return missing('NoData', 'no series of the query has a sample: the value is made of constants');
  }
  return judge(sample.value, oldest, limits);
}

/** What both parts of a query by group are called in its answer. */
const PART = 'autonomic_part';

/** One query for the values by group and for when each group was last sampled, evaluated at one moment. */
export function groupedQuery(parts: { readonly value: string; readonly sampled: string }): string {
  const labelled = (part: string, query: string): string =>
    `label_replace(${query}, "${PART}", "${part}", "", "")`;
  return `${labelled('value', parts.value)} or ${labelled('sampled', parts.sampled)}`;
}

export interface GroupReading {
  readonly labels: Labels;
  readonly reading: Reading;
}

/**
 * The readings of a `groupedQuery`, one for each group; or one Missing reading when the whole answer cannot be used.
 * A group that was sampled but has no value yet (a new pod: a rate needs time) is Missing.
 */
export function groupedReadings(
  answer: InstantResult,
  limits: ReadingLimits,
): Result<readonly GroupReading[], Reading> {
  const problem = answerProblem(answer, limits);
  if (problem !== undefined) return { ok: false, error: problem };
  if (!answer.ok) return { ok: false, error: missing('QueryFailed', answer.error.message) };
  const groups = new Map<string, { labels: Labels; value?: Sample; sampled?: Sample }>();
  for (const sample of answer.value.data) {
    const labels = new Map(sample.labels);
    labels.delete(PART);
    const key = formatLabels(labels);
    const group = groups.get(key) ?? { labels };
    groups.set(
      key,
      sample.labels.get(PART) === 'value' ? { ...group, value: sample } : { ...group, sampled: sample },
    );
  }
  const readings = [...groups.values()].map(({ labels, value, sampled }) => {
    if (value === undefined)
      return { labels, reading: missing('NoData', 'sampled, but not long enough for a rate') };
    if (sampled === undefined)
      return { labels, reading: missing('NoData', 'a value without a sample behind it') };
    return { labels, reading: judge(value.value, sampled, limits) };
  });
  return { ok: true, value: readings };
}

/** @param sampled its value is the sample's time in seconds, its time that of the evaluation in ms */
function judge(value: number, sampled: Sample, limits: ReadingLimits): Reading {
  if (!Number.isFinite(value)) return missing('NotANumber', `the value is ${value}`);
  if (value < 0) return missing('NotANumber', `the value ${value} is negative: demand cannot be`);
  const at = Math.round(sampled.value * 1000);
  if (!Number.isSafeInteger(at)) return missing('NoData', 'the time of the sample is unknown');
  const quality = sampled.at - at > limits.staleAfterMs ? 'Stale' : 'Fresh';
  return { quality, value, at };
}

/** What makes a whole answer unusable, whatever its numbers. */
function answerProblem(answer: InstantResult, limits: ReadingLimits): Reading | undefined {
  if (!answer.ok) return missing('QueryFailed', answer.error.message);
  const skewMs = clockSkewMs(answer.value);
  if (skewMs > limits.maxClockSkewMs) {
    const allowed = limits.maxClockSkewMs / 1000;
    const found = Math.round(skewMs / 1000);
    return missing(
      'ClockSkew',
      `Prometheus's clock and ours differ by ${found} s, at most ${allowed} s are allowed`,
    );
  }
  const [warning] = answer.value.warnings;
  return warning === undefined ? undefined : missing('PartialAnswer', `Prometheus warns: ${warning}`);
}

/**
 * ms by which the server's clock certainly differs from ours: the distance of its times, by `Date` header and by
 * evaluation, from the interval between sending and receiving. 0 while they fit in, or when the server tells none.
 */
export function clockSkewMs(answer: TimedAnswer<readonly Sample[]>): number {
  const evaluatedAt = answer.data[0]?.at;
  let skew = 0;
  if (evaluatedAt !== undefined) skew = distance(evaluatedAt, answer.sentAt, answer.receivedAt);
  // The header counts whole seconds, so the server's clock was up to 999 ms further.
  const { serverDate } = answer;
  if (serverDate !== undefined)
    skew = Math.max(skew, distance(serverDate, answer.sentAt - 999, answer.receivedAt));
  return skew;
}

function distance(at: number, from: number, to: number): number {
  return Math.max(from - at, at - to, 0);
}

function severalSeries(samples: readonly Sample[]): Reading {
  const shown = samples.slice(0, 3).map((sample) => formatLabels(sample.labels));
  const more = samples.length > shown.length ? ', …' : '';
  const remedy = 'aggregate them in the query, for example with sum()';
  return missing(
    'QueryFailed',
    `the query answers ${samples.length} series, wanted is one: ${shown.join(', ')}${more}; ${remedy}`,
  );
}
