import { formatLabels, type Answer, type Labels, type Sample, type Series } from './answer.ts';
import { prometheusError, type PrometheusError } from './error.ts';
import { parseSampleValue } from './number.ts';
import { ok, type Result } from './result.ts';

type Parsed<T> = Result<T, PrometheusError>;
type Data = Readonly<Record<string, unknown>>;

/** Longest text of a server that goes into a message; an HTML page would drown it. */
const MAX_QUOTED = 300;

/**
 * Reads the body of an answer of `/api/v1/query` strictly: a vector, or a scalar as one sample without labels.
 * One bad sample spoils the answer, for a sum over the others would be too small without anybody knowing.
 */
export function parseInstant(body: string): Parsed<Answer<readonly Sample[]>> {
  return parseAnswer(body, (type, result) => {
    if (type === 'scalar') {
      const point = parsePoint(result);
      return point.ok ? ok([{ labels: new Map<string, string>(), ...point.value }]) : point;
    }
    if (type !== 'vector') return wrongType(type, 'vector or scalar');
    return parseSeriesList(result, (item, labels) => {
      const point = parsePoint(item['value']);
      return point.ok ? ok({ labels, ...point.value }) : point;
    });
  });
}

/** Reads the body of an answer of `/api/v1/query_range` strictly. */
export function parseRange(body: string): Parsed<Answer<readonly Series[]>> {
  return parseAnswer(body, (type, result) => {
    if (type !== 'matrix') return wrongType(type, 'matrix');
    return parseSeriesList(result, (item, labels) => {
      const points = item['values'];
      return Array.isArray(points)
        ? parsePoints(points, labels)
        : bad(`series ${formatLabels(labels)} has no values`);
    });
  });
}

/**
 * The error that a body with `status: "error"` carries; undefined when the body is something else.
 * Error types as in web/api/v1/api.go.
 */
export function parseErrorBody(body: string, status: number): PrometheusError | undefined {
  const root = parseJson(body);
  if (root?.['status'] !== 'error') return undefined;
  const type = typeof root['errorType'] === 'string' ? root['errorType'] : 'unknown';
  const text = typeof root['error'] === 'string' ? root['error'] : 'no explanation';
  return { code: errorCode(type), message: `Prometheus answered ${type}: ${clip(text)}`, status };
}

function errorCode(type: string): PrometheusError['code'] {
  if (type === 'bad_data' || type === 'execution') return 'QueryRejected';
  if (type === 'timeout' || type === 'canceled') return 'Timeout';
  return 'ServerError';
}

function parseAnswer<T>(
  body: string,
  parseResult: (type: unknown, result: unknown) => Parsed<T>,
): Parsed<Answer<T>> {
  const root = parseJson(body);
  if (root === undefined)
    return bad(`the body is not a JSON object, it begins with ${clip(JSON.stringify(body.slice(0, 80)))}`);
  if (root['status'] !== 'success') {
    const error = parseErrorBody(body, 200);
    return error === undefined
      ? bad(`status is ${clip(JSON.stringify(root['status']))}`)
      : { ok: false, error };
  }
  const data = asObject(root['data']);
  if (data === undefined) return bad('data is not an object');
  const warnings = parseTexts(root['warnings']);
  const infos = parseTexts(root['infos']);
  if (warnings === undefined || infos === undefined) return bad('warnings or infos are not lists of texts');
  const result = parseResult(data['resultType'], data['result']);
  return result.ok ? ok({ data: result.value, warnings, infos }) : result;
}

function parseSeriesList<T>(
  result: unknown,
  parseItem: (item: Data, labels: Labels) => Parsed<T>,
): Parsed<readonly T[]> {
  if (!Array.isArray(result)) return bad('result is not a list');
  const items: T[] = [];
  const seen = new Set<string>();
  for (const raw of result) {
    const item = asObject(raw);
    const labels = parseLabels(item?.['metric']);
    if (item === undefined || labels === undefined) return bad('a series has no set of labels');
    const identity = formatLabels(labels);
    if (seen.has(identity)) return bad(`series ${clip(identity)} comes twice`);
    seen.add(identity);
    if ('histogram' in item || 'histograms' in item) return histogram(identity);
    const parsed = parseItem(item, labels);
    if (!parsed.ok) return parsed;
    items.push(parsed.value);
  }
  return ok(items);
}

function parsePoints(points: readonly unknown[], labels: Labels): Parsed<Series> {
  const at: number[] = [];
  const values: number[] = [];
  for (const raw of points) {
    const point = parsePoint(raw);
    if (!point.ok) return point;
    if (point.value.at <= (at.at(-1) ?? -Infinity))
      return bad(`times of ${clip(formatLabels(labels))} do not ascend`);
    at.push(point.value.at);
    values.push(point.value.value);
  }
  return ok({ labels, at, values });
}

function parsePoint(raw: unknown): Parsed<{ at: number; value: number }> {
  if (!Array.isArray(raw) || raw.length !== 2) return bad('a sample is not a pair of time and value');
  const [time, text] = raw as readonly unknown[];
  const at = typeof time === 'number' ? Math.round(time * 1000) : Number.NaN;
  if (!Number.isSafeInteger(at)) return bad(`a sample's time is ${clip(JSON.stringify(time))}`);
  const value = parseSampleValue(text);
  return value === undefined ? bad(`a sample's value is ${clip(JSON.stringify(text))}`) : ok({ at, value });
}

function parseLabels(raw: unknown): Labels | undefined {
  const object = asObject(raw);
  if (object === undefined) return undefined;
  const labels = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    if (typeof value !== 'string') return undefined;
    labels.set(name, value);
  }
  return labels;
}

function parseTexts(raw: unknown): readonly string[] | undefined {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) return undefined;
  const texts: string[] = [];
  for (const text of raw) {
    if (typeof text !== 'string') return undefined;
    texts.push(clip(text));
  }
  return texts;
}

function parseJson(body: string): Data | undefined {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function asObject(raw: unknown): Data | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Data) : undefined;
}

function wrongType(type: unknown, wanted: string): Parsed<never> {
  if (type === 'string' || type === 'matrix' || type === 'vector') {
    return prometheusError('UnusableResult', `the query answers a ${type}, wanted is a ${wanted}`);
  }
  return bad(`resultType is ${clip(JSON.stringify(type))}, wanted is ${wanted}`);
}

function histogram(identity: string): Parsed<never> {
  const remedy = 'take a number from it with histogram_quantile(), histogram_sum() or histogram_count()';
  return prometheusError('UnusableResult', `series ${clip(identity)} is a native histogram: ${remedy}`);
}

function bad(explanation: string): Parsed<never> {
  return prometheusError('BadAnswer', `not an answer of Prometheus: ${explanation}`);
}

function clip(text: string | undefined): string {
  const known = text ?? 'absent';
  return known.length > MAX_QUOTED ? `${known.slice(0, MAX_QUOTED)}…` : known;
}
