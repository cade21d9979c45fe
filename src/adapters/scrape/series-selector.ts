import { parseMetricSelector } from '../prometheus/promql.ts';
import type { Matcher } from '../prometheus/promql-selector.ts';
import { fail, ok, type Result } from '../prometheus/result.ts';
import { compilePattern, matchesPattern } from './label-pattern.ts';

/** Labels of one series, name and value in turn: `['code', '200', 'method', 'GET']`. */
export type SeriesLabels = readonly string[];

/** Which series of a metric are meant. */
export interface SeriesSelector {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  readonly tests: readonly LabelTest[];
}

interface LabelTest {
  readonly label: string;
  /** A label that is not there counts as empty, as in Prometheus. */
  readonly accepts: (value: string) => boolean;
}

/** Bounds of buckets and quantiles are numbers: what a library writes as 1 is stored as 1.0 by Prometheus 3. */
const NUMBERS: ReadonlySet<string> = new Set(['le', 'quantile']);

/** @returns the selector, or one sentence on why it cannot be used */
export function compileSelector(text: string): Result<SeriesSelector, string> {
  const parsed = parseMetricSelector(text);
  if (!parsed.ok) return fail(parsed.error.message);
  const tests: LabelTest[] = [];
  for (const matcher of parsed.value.matchers) {
    const test = labelTest(matcher);
    if (!test.ok) return test;
    tests.push(test.value);
  }
  return ok({ text, name: parsed.value.name, tests });
}

export function selects({ tests }: SeriesSelector, labels: SeriesLabels): boolean {
  return tests.every(({ label, accepts }) => accepts(valueOf(labels, label)));
}

function valueOf(labels: SeriesLabels, label: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === label) return labels[i + 1] ?? '';
  return '';
}

function labelTest({ label, operator, value }: Matcher): Result<LabelTest, string> {
  if (operator === '=') return ok({ label, accepts: equalTo(label, value) });
  if (operator === '!=') {
    const equal = equalTo(label, value);
    return ok({ label, accepts: (found) => !equal(found) });
  }
  const pattern = compilePattern(value);
  if ('problem' in pattern)
    return fail(`the pattern ${JSON.stringify(value)} of ${label}: ${pattern.problem}`);
  const wanted = operator === '=~';
  return ok({ label, accepts: (found) => matchesPattern(pattern, found) === wanted });
}

const DECIMAL = /^\d+(\.\d+)?([eE][+-]?\d+)?$/;

function equalTo(label: string, value: string): LabelTest['accepts'] {
  if (!NUMBERS.has(label) || !DECIMAL.test(value)) return (found) => found === value;
  const number = Number.parseFloat(value);
  return (found) => DECIMAL.test(found) && Number.parseFloat(found) === number;
}
