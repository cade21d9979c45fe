import type { FeatureName } from '../../loop/monitor/features/schema.ts';
import type { RawSeries, RawWorkload } from '../../loop/knowledge/dataset/raw-series.ts';
import type { PrometheusClient } from './client.ts';
import type { PrometheusError, PrometheusErrorCode } from './error.ts';
import { featureQuestions, type FeatureQuestion, type PastPolicy } from './feature-questions.ts';
import { rangeTotal, type History } from './history.ts';
import { rateWindowSeconds, type PrometheusOptions } from './options.ts';
import { ok, type Result } from './result.ts';

export interface FeatureHistoryRequest {
  readonly policy: PastPolicy;
  /** ms since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal;
}

export type FeatureHistory = Required<Pick<RawWorkload, 'series' | 'absent'>> &
  Pick<RawWorkload, 'demand'> & {
    /** What Prometheus says of its answers. */
    readonly warnings: readonly string[];
  };

const STEP_SECONDS = 60;
const RESET_STEP_SECONDS = 3600;

/** Of one query, and no sign that the others cannot be answered. */
const OWN_FAULT: ReadonlySet<PrometheusErrorCode> = new Set(['QueryRejected', 'UnusableResult']);

/**
 * The past of a policy's features by the minute, as far as Prometheus has it: one query after the other, so that it is no
 * burst. A query that is wrong by itself makes its feature absent; a server that does not answer ends it.
 */
export async function featureHistory(
  client: PrometheusClient,
  options: PrometheusOptions,
  { policy, start, end, signal }: FeatureHistoryRequest,
): Promise<Result<FeatureHistory, PrometheusError>> {
  const windowSeconds = Math.max(STEP_SECONDS, rateWindowSeconds(options));
  const { questions, demand, absent } = featureQuestions(policy, windowSeconds);
  const found: { series: RawSeries[]; absent: Partial<Record<FeatureName, string>> } = {
    series: [],
    absent: { ...absent },
  };
  const warnings = new Set<string>();
  const read = async (text: string, stepSeconds: number): Promise<Result<History, PrometheusError>> => {
    const request = { query: { text }, start, end, stepSeconds, ...(signal === undefined ? {} : { signal }) };
    const answer = await rangeTotal(client, options, request);
    if (answer.ok) for (const warning of answer.value.warnings) warnings.add(warning);
    return answer;
  };
  for (const question of questions) {
    const answer = await ask(question, read);
    if (answer.ok && answer.value !== undefined) found.series.push(answer.value);
    else if (answer.ok) found.absent[question.feature] = noData(question);
    else if (OWN_FAULT.has(answer.error.code)) found.absent[question.feature] = answer.error.message;
    else return answer;
  }
  if (demand === undefined) return ok({ ...found, warnings: [...warnings] });
  // Of which feature it is said to be does not matter: nothing but volatility is taken from it.
  const answer = await ask({ feature: 'requestRate', ...demand }, read);
  if (!answer.ok && !OWN_FAULT.has(answer.error.code)) return answer;
  const series = answer.ok ? answer.value : undefined;
  return ok({ ...found, ...(series === undefined ? {} : { demand: series }), warnings: [...warnings] });
}

type Read = (text: string, stepSeconds: number) => Promise<Result<History, PrometheusError>>;

/** Undefined when there is no value at all. */
async function ask(
  question: FeatureQuestion,
  read: Read,
): Promise<Result<RawSeries | undefined, PrometheusError>> {
  const { feature, text, dividedBy, bounds } = question;
  const part = await read(text, STEP_SECONDS);
  if (!part.ok) return part;
  const whole = await orNothing(dividedBy, STEP_SECONDS, read);
  if (!whole.ok) return whole;
  const values = valuesOf(question, part.value, whole.value);
  if (values.every(Number.isNaN)) return ok(undefined);
  const resets = await orNothing(question.resets, RESET_STEP_SECONDS, read);
  if (!resets.ok) return resets;
  const { startMs, stepMs } = part.value;
  return ok({
    feature,
    source: dividedBy === undefined ? text : `${text} ÷ ${dividedBy}`,
    kind: 'Gauge',
    times: Float64Array.from(values, (_, index) => startMs + index * stepMs),
    values,
    resets: sumKnown(resets.value?.values ?? new Float64Array()),
    ...(bounds === undefined ? {} : { bounds }),
  });
}

async function orNothing(
  text: string | undefined,
  stepSeconds: number,
  read: Read,
): Promise<Result<History | undefined, PrometheusError>> {
  return text === undefined ? ok(undefined) : read(text, stepSeconds);
}

function valuesOf(
  { factor = 1, ofNone = NaN }: FeatureQuestion,
  part: History,
  whole: History | undefined,
): Float64Array {
  return part.values.map((value, index) => {
    if (whole === undefined) return factor * value;
    const divisor = whole.values[index] ?? NaN;
    if (divisor === 0) return ofNone;
    return value / divisor;
  });
}

function sumKnown(values: Float64Array): number {
  return values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0);
}

function noData({ series }: FeatureQuestion): string {
  return series === undefined ? 'its query has no data in the range' : `no data; it is read from ${series}`;
}
