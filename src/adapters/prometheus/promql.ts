import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import {
  checkRanges,
  DEFAULT_PROMQL_LIMITS,
  type CheckedRanges,
  type PromqlLimits,
} from './promql-limits.ts';
import { excerpt, promqlProblem, type PromqlProblem } from './promql-problem.ts';
import { confineSelector, readLiteral, readMetricSelector, type MetricSelector } from './promql-selector.ts';
import { quotePromql } from './promql-strings.ts';
import { ok, type Result } from './result.ts';

/** A query that reads one namespace only. Made by `scopeToNamespace` alone: `text` is safe to send. */
export interface ScopedQuery {
  readonly namespace: string;
  /** One line, without comments; all selectors carry the namespace. */
  readonly text: string;
  /**
   * The distinct selectors that tell how old the inputs are, already confined, without range, `offset` and `@`.
   * Those that look back on purpose are left out as long as another one looks at now.
   */
  readonly inputs: readonly string[];
  /** Seconds over which the answer averages: the longest range of a selector, as in `rate(x[5m])`; 0 for gauges. */
  readonly averagedSeconds: number;
}

/** RFC 1123 label, what the API server demands of a namespace. */
const NAMESPACE_NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Valid PromQL that has no place here, and why. Keys are names of the grammar's nodes. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['Absent', 'absent() has a value only when data is missing, and missing data is never a number here'],
  [
    'AbsentOverTime',
    'absent_over_time() has a value only when data is missing, and missing data is never a number here',
  ],
  [
    'Info',
    'info() reads series that the query does not name, from any namespace: join with group_left instead',
  ],
  ['AnchoredExpr', 'the modifier anchored is experimental'],
  ['SmoothedExpr', 'the modifier smoothed is experimental'],
  ['FillModifier', 'fill() turns missing data into a number'],
  ['TrimUpper', 'operators on histograms are experimental'],
  ['TrimLower', 'operators on histograms are experimental'],
  ['DurationStep', 'arithmetic in durations is experimental: write one literal such as 5m'],
  ['DurationRange', 'arithmetic in durations is experimental: write one literal such as 5m'],
  ['DurationMinOf', 'arithmetic in durations is experimental: write one literal such as 5m'],
  ['DurationMaxOf', 'arithmetic in durations is experimental: write one literal such as 5m'],
]);

interface Findings {
  readonly selectors: SyntaxNode[];
  readonly ranges: SyntaxNode[];
  /** String literals and comments that are not part of a selector. */
  readonly texts: SyntaxNode[];
}

/**
 * Confines a user's PromQL to one namespace, or says why it cannot be used.
 *
 * The query is parsed with Prometheus's own grammar and written anew: every vector selector gets
 * `namespace="<namespace>"` (as prom-label-proxy does), string literals are decoded and quoted again, comments
 * and line ends are dropped. Splicing into the original text would not do: Prometheus ends a comment at a
 * carriage return, this grammar only at a line feed, and what hides in between would run unconfined.
 */
export function scopeToNamespace(
  query: string,
  namespace: string,
  limits: PromqlLimits = DEFAULT_PROMQL_LIMITS,
): Result<ScopedQuery, PromqlProblem> {
  if (!NAMESPACE_NAME.test(namespace)) {
    return promqlProblem('Namespace', `${excerpt(namespace)} is not the name of a namespace`);
  }
  if (query.length > limits.maxLength) {
    const explanation = `the query has ${query.length} characters, at most ${limits.maxLength} are allowed: move parts into a recording rule`;
    return promqlProblem('TooLong', explanation);
  }
  const tree = parser.parse(query);
  const found = survey(query, tree);
  if (!found.ok) return found;
  const checked = checkShape(query, tree, found.value, limits);
  return checked.ok ? rewrite(query, namespace, { ...found.value, ...checked.value }) : checked;
}

/** Reads a query that is one selector and nothing around it, such as `http_requests_total{code="500"}`. */
export function parseMetricSelector(query: string): Result<MetricSelector, PromqlProblem> {
  const tree = parser.parse(query);
  const found = survey(query, tree);
  if (!found.ok) return found;
  const root = tree.topNode.firstChild;
  if (root?.name === 'VectorSelector' && root.nextSibling === null) return readMetricSelector(query, root);
  const explanation = `${excerpt(query.trim())} is more than a selector: write metric{label="value"}, without functions, ranges and operators`;
  return promqlProblem('Unsupported', explanation);
}

function survey(query: string, tree: Tree): Result<Findings, PromqlProblem> {
  const found: Findings = { selectors: [], ranges: [], texts: [] };
  let problem: Result<never, PromqlProblem> | undefined;
  tree.iterate({
    enter: ({ node }) => {
      if (problem !== undefined) return false;
      problem = refuse(query, node);
      if (problem === undefined) collect(node, found);
      return problem === undefined;
    },
  });
  return problem ?? ok(found);
}

function refuse(query: string, node: SyntaxNode): Result<never, PromqlProblem> | undefined {
  if (node.type.isError) return syntaxProblem(query, node);
  const reason = UNSUPPORTED.get(node.name);
  if (reason === undefined) return undefined;
  return promqlProblem('Unsupported', `${reason}; it cannot be used in a policy`, { query, at: node.from });
}

function collect(node: SyntaxNode, found: Findings): void {
  if (node.name === 'VectorSelector') found.selectors.push(node);
  else if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') found.ranges.push(node);
  else if (node.name === 'StringLiteral' || node.name === 'LineComment') {
    if (!isInside(node, 'VectorSelector')) found.texts.push(node);
  }
}

function isInside(node: SyntaxNode, name: string): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (at.name === name) return true;
  return false;
}

function syntaxProblem(query: string, node: SyntaxNode): Result<never, PromqlProblem> {
  const place = { query, at: node.from };
  if (query.trim() === '') return promqlProblem('Syntax', 'the query is empty', place);
  const rest = query.slice(node.from).trimStart();
  if (rest === '') return promqlProblem('Syntax', 'the query ends too early: something is not closed', place);
  const offending = node.to > node.from ? query.slice(node.from, node.to) : rest;
  return promqlProblem('Syntax', `not valid PromQL at ${excerpt(offending)}`, place);
}

function checkShape(
  query: string,
  tree: Tree,
  found: Findings,
  limits: PromqlLimits,
): Result<CheckedRanges, PromqlProblem> {
  const count = found.selectors.length;
  if (count === 0) {
    const explanation = 'the query selects no series: a constant, time() or a text measures nothing';
    return promqlProblem('NoSelector', explanation);
  }
  if (count > limits.maxSelectors) {
    const explanation = `the query has ${count} selectors, at most ${limits.maxSelectors} are allowed: move parts into a recording rule`;
    return promqlProblem('TooManySelectors', explanation);
  }
  const root = tree.topNode.firstChild;
  if (root !== null && answersRange(root)) {
    const explanation =
      'the query answers a range of samples, not one value: wrap it, as in rate(metric[5m])';
    return promqlProblem('RangeResult', explanation, { query, at: root.from });
  }
  return checkRanges(query, found.ranges, limits);
}

const TRANSPARENT: ReadonlySet<string> = new Set([
  'ParenExpr',
  'OffsetExpr',
  'StepInvariantExpr',
  'LineComment',
]);

function answersRange(root: SyntaxNode): boolean {
  let node: SyntaxNode | null = root;
  while (node !== null && TRANSPARENT.has(node.name)) {
    node = node.name === 'LineComment' ? node.nextSibling : node.firstChild;
  }
  return node !== null && (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr');
}

/** Whether an `offset` or `@` applies to the selector `node`. */
function looksBack(node: SyntaxNode): boolean {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at.name !== 'OffsetExpr' && at.name !== 'StepInvariantExpr') continue;
    const { from, to } = modifiedPart(at);
    if (from <= node.from && node.to <= to) return true;
  }
  return false;
}

/**
 * What a modifier applies to. This grammar reads `y / x offset 1w` as `(y / x) offset 1w`; in Prometheus the
 * modifier belongs to the last operand alone.
 */
function modifiedPart(modifier: SyntaxNode): SyntaxNode {
  let part = modifier;
  for (;;) {
    const inner = MODIFIERS.has(part.name)
      ? part.firstChild
      : LEFT_OPEN.has(part.name)
        ? lastPart(part)
        : null;
    if (inner === null) return part;
    part = inner;
  }
}

const MODIFIERS: ReadonlySet<string> = new Set(['OffsetExpr', 'StepInvariantExpr']);
const LEFT_OPEN: ReadonlySet<string> = new Set(['BinaryExpr', 'UnaryExpr']);

function lastPart(node: SyntaxNode): SyntaxNode | null {
  let part = node.lastChild;
  while (part?.name === 'LineComment') part = part.prevSibling;
  return part;
}

interface Replacement {
  readonly from: number;
  readonly to: number;
  /** undefined for a comment, which becomes white space. */
  readonly text: string | undefined;
}

function rewrite(
  query: string,
  namespace: string,
  found: Findings & CheckedRanges,
): Result<ScopedQuery, PromqlProblem> {
  const replacements: Replacement[] = [];
  const current = new Set<string>();
  const lookingBack = new Set<string>();
  for (const node of found.selectors) {
    const text = confineSelector(query, node, namespace);
    if (!text.ok) return text;
    replacements.push({ from: node.from, to: node.to, text: text.value });
    (looksBack(node) ? lookingBack : current).add(text.value);
  }
  for (const node of found.texts) {
    const isComment = node.name === 'LineComment';
    const text = isComment ? ok('') : readLiteral(query, node);
    if (!text.ok) return text;
    replacements.push({
      from: node.from,
      to: node.to,
      text: isComment ? undefined : quotePromql(text.value),
    });
  }
  const inputs = [...(current.size > 0 ? current : lookingBack)];
  return ok({
    namespace,
    text: replaceAll(query, replacements),
    inputs,
    averagedSeconds: found.averagedSeconds,
  });
}

/** Between the replaced parts stand only keywords, numbers and punctuation, so white space there means nothing. */
function replaceAll(query: string, replacements: readonly Replacement[]): string {
  let text = '';
  let between = '';
  let at = 0;
  for (const replacement of replacements.toSorted((a, b) => a.from - b.from)) {
    between += query.slice(at, replacement.from) + (replacement.text === undefined ? ' ' : '');
    at = replacement.to;
    if (replacement.text === undefined) continue;
    text += between.replace(/\s+/gu, ' ') + replacement.text;
    between = '';
  }
  return (text + (between + query.slice(at)).replace(/\s+/gu, ' ')).trim();
}
