import type { SyntaxNode } from '@lezer/common';
import { formatDurationSeconds, parseDurationSeconds } from './promql-durations.ts';
import { excerpt, promqlProblem, type PromqlProblem } from './promql-problem.ts';
import { ok, type Result } from './result.ts';

/** What one query of a policy may cost. */
export interface PromqlLimits {
  /** UTF-16 code units. */
  readonly maxLength: number;
  readonly maxSelectors: number;
  /** Seconds that a selector may look back through all the ranges around it. */
  readonly maxRangeSeconds: number;
  /** Evaluations of inner expressions by all subqueries together. */
  readonly maxSubquerySteps: number;
}

/**
 * 4096 is the API's own limit on the field. Ten selectors are twice what an error ratio with fallbacks needs.
 * One day of range covers a daily rhythm; 1500 steps are that day minute by minute.
 */
export const DEFAULT_PROMQL_LIMITS: PromqlLimits = {
  maxLength: 4096,
  maxSelectors: 10,
  maxRangeSeconds: 86_400,
  maxSubquerySteps: 1500,
};

/** Prometheus's default `evaluation_interval`, which a subquery without a step uses. */
const DEFAULT_STEP_SECONDS = 60;

interface Cost {
  readonly rangeSeconds: number;
  readonly steps: number;
}

/** What the ranges of a query that may be asked say about its answer. */
export interface CheckedRanges {
  /** The longest range of a plain selector, as in `rate(x[5m])`; 0 when there is none. */
  readonly averagedSeconds: number;
}

/** Checks the ranges and subqueries among `nodes`, each with those around it. */
export function checkRanges(
  query: string,
  nodes: readonly SyntaxNode[],
  limits: PromqlLimits,
): Result<CheckedRanges, PromqlProblem> {
  const costs = new Map<number, Cost>();
  for (const node of nodes) {
    const cost = ownCost(query, node);
    if (!cost.ok) return cost;
    costs.set(nodeKey(node), cost.value);
  }
  let steps = 0;
  let averagedSeconds = 0;
  for (const node of nodes) {
    const own = costs.get(nodeKey(node))?.rangeSeconds ?? 0;
    if (node.name === 'MatrixSelector') averagedSeconds = Math.max(averagedSeconds, own);
    const chain = chainCost(node, costs);
    if (chain.rangeSeconds > limits.maxRangeSeconds) {
      const found = formatDurationSeconds(chain.rangeSeconds);
      const allowed = formatDurationSeconds(limits.maxRangeSeconds);
      const explanation = `looks back ${found} in all, at most ${allowed} is allowed: shorten the range or use a recording rule`;
      return promqlProblem('RangeTooLong', explanation, { query, at: node.from });
    }
    if (node.name === 'SubqueryExpr') steps += chain.steps;
    if (steps > limits.maxSubquerySteps) {
      const explanation = `the subqueries need ${Math.ceil(steps)} evaluations or more, at most ${limits.maxSubquerySteps} are allowed: lengthen the step or use a recording rule`;
      return promqlProblem('TooManySubquerySteps', explanation, { query, at: node.from });
    }
  }
  return ok({ averagedSeconds });
}

/** Nodes are made anew at each visit; where one ends tells apart all ranges, for each ends with its own `]`. */
function nodeKey(node: SyntaxNode): number {
  return node.to;
}

function ownCost(query: string, node: SyntaxNode): Result<Cost, PromqlProblem> {
  const [rangeNode, stepNode] = node.getChildren('DurationExpr');
  if (rangeNode === undefined)
    return promqlProblem('Syntax', 'a range without a duration', { query, at: node.from });
  const range = literalSeconds(query, rangeNode);
  if (!range.ok) return range;
  if (node.name === 'MatrixSelector') return ok({ rangeSeconds: range.value, steps: 1 });
  const step = stepNode === undefined ? ok(DEFAULT_STEP_SECONDS) : literalSeconds(query, stepNode);
  return step.ok ? ok({ rangeSeconds: range.value, steps: range.value / step.value }) : step;
}

function literalSeconds(query: string, node: SyntaxNode): Result<number, PromqlProblem> {
  const text = query.slice(node.from, node.to);
  const seconds = parseDurationSeconds(text);
  if (seconds !== undefined && seconds > 0) return ok(seconds);
  const explanation = `${excerpt(text)} is not a duration that can be checked: write one positive literal such as 5m or 1h30m`;
  return promqlProblem('Unsupported', explanation, { query, at: node.from });
}

/** Ranges add up on the way out, evaluations multiply: an inner subquery runs once for each step of the outer. */
function chainCost(node: SyntaxNode, costs: ReadonlyMap<number, Cost>): Cost {
  let rangeSeconds = 0;
  let steps = 1;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name !== 'SubqueryExpr' && at.name !== 'MatrixSelector') continue;
    const cost = costs.get(nodeKey(at));
    rangeSeconds += cost?.rangeSeconds ?? 0;
    steps *= cost?.steps ?? 1;
  }
  return { rangeSeconds, steps };
}
