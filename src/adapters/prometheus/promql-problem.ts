import type { Result } from './result.ts';

/** Why a query of a policy cannot be used. Conditions may carry `code`; people read `message`. */
export interface PromqlProblem {
  readonly code:
    | 'Syntax' // not PromQL
    | 'TooLong'
    | 'Namespace' // the namespace to confine to is not a namespace's name
    | 'NamespaceMatcher' // a selector asks for another namespace
    | 'MetricName' // a selector that does not name its metric
    | 'NoSelector' // nothing is measured: only constants
    | 'TooManySelectors'
    | 'RangeTooLong'
    | 'TooManySubquerySteps'
    | 'RangeResult' // answers a series of values, not one
    | 'Unsupported'; // valid, but not usable here
  /** One sentence or two: where, what was found, what is allowed. */
  readonly message: string;
  /** Where in the query; 1-based, columns count UTF-16 code units. */
  readonly position?: { readonly line: number; readonly column: number };
}

interface Place {
  readonly query: string;
  /** Offset in `query`. */
  readonly at: number;
}

export function promqlProblem(
  code: PromqlProblem['code'],
  explanation: string,
  place?: Place,
): Result<never, PromqlProblem> {
  if (place === undefined) return { ok: false, error: { code, message: explanation } };
  const before = place.query.slice(0, place.at).split('\n');
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  const where = `line ${position.line}, column ${position.column}`;
  return { ok: false, error: { code, message: `${where}: ${explanation}`, position } };
}

/** A piece of a query for a message: JSON-quoted, so that a control character cannot forge a log line. */
export function excerpt(text: string): string {
  const longest = 40;
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
