import type { SyntaxNode } from '@lezer/common';
import { excerpt, promqlProblem, type PromqlProblem } from './promql-problem.ts';
import { quotePromql, unquotePromql } from './promql-strings.ts';
import { ok, type Result } from './result.ts';

const PLAIN_LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NAMESPACE_LABEL = 'namespace';
const NAME_LABEL = '__name__';

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
  readonly at: number;
}

/** `name` is the metric's when the selector writes it outside a matcher: `up`, `{"http.requests"}`. */
interface Parts {
  readonly name?: string;
  readonly matchers: readonly Matcher[];
}

/** A selector of one metric, read and not confined. */
export interface MetricSelector {
  readonly name: string;
  /** Those of labels; the name is no label here. */
  readonly matchers: readonly Matcher[];
}

/** What a VectorSelector asks for; it must name one metric. */
export function readMetricSelector(query: string, node: SyntaxNode): Result<MetricSelector, PromqlProblem> {
  const parts = readSelector(query, node);
  if (!parts.ok) return parts;
  const named = checkMetricName(query, node, parts.value);
  if (!named.ok) return named;
  const { name, matchers } = parts.value;
  const byLabel = matchers.find(({ label }) => label === NAME_LABEL)?.value;
  return ok({
    name: name ?? byLabel ?? '',
    matchers: matchers.filter(({ label }) => label !== NAME_LABEL),
  });
}

/**
 * Writes a VectorSelector anew, confined to `namespace`: one `namespace="…"` matcher, the others in their order,
 * all text in double quotes. Nothing of the original characters survives unread, so that a difference between
 * this grammar and the server's lexer has nothing to work on.
 */
export function confineSelector(
  query: string,
  node: SyntaxNode,
  namespace: string,
): Result<string, PromqlProblem> {
  const parts = readSelector(query, node);
  if (!parts.ok) return parts;
  const named = checkMetricName(query, node, parts.value);
  if (!named.ok) return named;
  const others: Matcher[] = [];
  for (const matcher of parts.value.matchers) {
    if (matcher.label !== NAMESPACE_LABEL) {
      others.push(matcher);
    } else if (matcher.operator !== '=' || matcher.value !== namespace) {
      const found = `namespace${matcher.operator}${quotePromql(matcher.value)}`;
      const explanation = `${found} is not allowed: a policy reads only its own namespace; leave the matcher out, or write namespace=${quotePromql(namespace)}`;
      return promqlProblem('NamespaceMatcher', explanation, { query, at: matcher.at });
    }
  }
  return ok(writeSelector(parts.value.name, namespace, others));
}

function writeSelector(name: string | undefined, namespace: string, others: readonly Matcher[]): string {
  const plain = name !== undefined && /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(name);
  const inside = [`${NAMESPACE_LABEL}=${quotePromql(namespace)}`];
  if (name !== undefined && !plain) inside.unshift(quotePromql(name));
  for (const { label, operator, value } of others) {
    inside.push(`${PLAIN_LABEL.test(label) ? label : quotePromql(label)}${operator}${quotePromql(value)}`);
  }
  return `${plain ? name : ''}{${inside.join(',')}}`;
}

function readSelector(query: string, node: SyntaxNode): Result<Parts, PromqlProblem> {
  const names: string[] = [];
  const matchers: Matcher[] = [];
  const identifier = node.getChild('Identifier');
  if (identifier !== null) names.push(query.slice(identifier.from, identifier.to));
  for (
    let item = node.getChild('LabelMatchers')?.firstChild ?? null;
    item !== null;
    item = item.nextSibling
  ) {
    if (item.name === 'QuotedLabelName') {
      const name = readString(query, item);
      if (!name.ok) return name;
      names.push(name.value);
    } else if (item.name === 'UnquotedLabelMatcher' || item.name === 'QuotedLabelMatcher') {
      const matcher = readMatcher(query, item);
      if (!matcher.ok) return matcher;
      matchers.push(matcher.value);
    }
  }
  const [name] = names;
  if (names.length > 1) return twoNames(query, node);
  return ok(name === undefined ? { matchers } : { name, matchers });
}

function readMatcher(query: string, node: SyntaxNode): Result<Matcher, PromqlProblem> {
  const plain = node.getChild('LabelName');
  const quoted = node.getChild('QuotedLabelName');
  const operator = node.getChild('MatchOp');
  if (operator === null)
    return promqlProblem('Syntax', 'a matcher without an operator', { query, at: node.from });
  const label = quoted === null ? ok(textOf(query, plain ?? node)) : readString(query, quoted);
  if (!label.ok) return label;
  const value = readString(query, node);
  if (!value.ok) return value;
  return ok({ label: label.value, operator: textOf(query, operator), value: value.value, at: node.from });
}

/** The text of the last StringLiteral directly under `node`. */
function readString(query: string, node: SyntaxNode): Result<string, PromqlProblem> {
  const literal = node.getChildren('StringLiteral').at(-1) ?? node;
  return readLiteral(query, literal);
}

/** The text that a StringLiteral node stands for. */
export function readLiteral(query: string, literal: SyntaxNode): Result<string, PromqlProblem> {
  const source = textOf(query, literal);
  const text = unquotePromql(source);
  if (text !== undefined) return ok(text);
  const explanation = `${excerpt(source)} is not a complete string: check the closing quote and the escapes`;
  return promqlProblem('Syntax', explanation, { query, at: literal.from });
}

function checkMetricName(query: string, node: SyntaxNode, parts: Parts): Result<undefined, PromqlProblem> {
  const byLabel = parts.matchers.filter((matcher) => matcher.label === NAME_LABEL);
  const place = { query, at: node.from };
  if (parts.name !== undefined && byLabel.length > 0) return twoNames(query, node);
  const [only, second] = byLabel;
  if (second !== undefined) return twoNames(query, node);
  if (parts.name === undefined && only === undefined) {
    const explanation = `${excerpt(textOf(query, node))} names no metric and would read every series: write metric{…}`;
    return promqlProblem('MetricName', explanation, place);
  }
  if (only !== undefined && (only.operator !== '=' || only.value === '')) {
    const found = `${NAME_LABEL}${only.operator}${quotePromql(only.value)}`;
    const explanation = `${found} may select any number of metrics: name one metric in each selector`;
    return promqlProblem('MetricName', explanation, { query, at: only.at });
  }
  return ok(undefined);
}

function twoNames(query: string, node: SyntaxNode): Result<never, PromqlProblem> {
  const explanation = `${excerpt(textOf(query, node))} names its metric twice: keep one name`;
  return promqlProblem('MetricName', explanation, { query, at: node.from });
}

function textOf(query: string, node: SyntaxNode): string {
  return query.slice(node.from, node.to);
}
