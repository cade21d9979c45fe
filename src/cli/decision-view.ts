import type { RecordedDecision } from '../adapters/lancedb/decision-query.ts';
import { ellipsis, formatTable } from './table.ts';

/** Of the sentence that says why; `-o wide` has it whole. */
const WHY_LENGTH = 72;

/** The columns that answer: when, who, what, why, and was it right. */
export function decisionTable(decisions: readonly RecordedDecision[]): string {
  return formatTable(
    ['TIME', 'POLICY', 'ACTION', 'WHY', 'OUTCOME'],
    decisions.map((recorded) => [
      timeOf(recorded.decision.at),
      policyOf(recorded),
      actionOf(recorded),
      ellipsis(recorded.decision.message ?? '', WHY_LENGTH),
      verdictOf(recorded),
    ]),
  );
}

/** Everything that fits on a long line, nothing cut. */
export function wideDecisionTable(decisions: readonly RecordedDecision[]): string {
  return formatTable(
    [
      'TIME',
      'POLICY',
      'WORKLOAD',
      'MODE',
      'ACTION',
      'FORECAST',
      'EXPECTED BAD',
      'PRICE',
      'OUTCOME',
      'VIOLATED',
      'COST',
      'ID',
      'WHY',
      'MEASURED',
    ],
    decisions.map((recorded) => {
      const { decision, outcome } = recorded;
      return [
        timeOf(decision.at),
        policyOf(recorded),
        decision.workload,
        decision.mode ?? '',
        actionOf(recorded),
        forecastOf(recorded),
        ...stockCells(recorded),
        verdictOf(recorded),
        violatedOf(recorded),
        outcome?.cost?.toFixed(2) ?? '',
        decision.decision_id,
        decision.message ?? '',
        outcome?.message ?? '',
      ];
    }),
  );
}

/** For programs: the same names as in the policy's status, absent where unknown. */
export function decisionDocument({ decision, outcome }: RecordedDecision): Record<string, unknown> {
  const { forecast, stock, ...trace } = JSON.parse(decision.trace) as Record<string, unknown>;
  return {
    id: decision.decision_id,
    at: new Date(decision.at).toISOString(),
    policy: {
      namespace: decision.namespace,
      name: decision.policy,
      uid: decision.policy_uid,
      generation: decision.policy_generation,
    },
    workload: decision.workload,
    mode: decision.mode ?? undefined,
    action: decision.action ?? undefined,
    from: decision.from_replicas,
    to: decision.to_replicas,
    carriedOut: decision.kind === 'Intent' && outcome?.ending !== 'Aborted',
    message: decision.message ?? undefined,
    forecast,
    stock,
    proposals: parsed(decision.proposals),
    guards: parsed(decision.guards),
    trace,
    outcome: outcome === null ? undefined : outcomeDocument(outcome),
  };
}

function outcomeDocument(outcome: NonNullable<RecordedDecision['outcome']>): unknown {
  const at = new Date(outcome.at).toISOString();
  const measured = parsed(outcome.outcome);
  if (typeof measured === 'object') return { ending: outcome.ending, ...measured, at };
  return {
    ending: outcome.ending,
    result: outcome.result,
    reason: outcome.reason,
    message: outcome.message,
    at,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ') + 'Z';
}

function policyOf({ decision }: RecordedDecision): string {
  return `${decision.namespace}/${decision.policy}`;
}

function actionOf({ decision }: RecordedDecision): string {
  return `${decision.action ?? 'Scale'} ${decision.from_replicas}→${decision.to_replicas}`;
}

/** One word where it says enough: it stands in the last column of a list. */
function verdictOf({ decision, outcome }: RecordedDecision): string {
  if (outcome?.ending === 'Aborted') return `Aborted: ${outcome.reason ?? 'unknown'}`;
  if (outcome !== null) return outcome.result ?? 'Unknown';
  return decision.kind === 'Proposal' ? 'NotCarriedOut' : 'Pending';
}

function forecastOf({ decision }: RecordedDecision): string {
  const {
    forecast_metric: metric,
    forecast_upper: upper,
    forecast_confidence_percent: confidence,
  } = decision;
  if (metric === null || upper === null) return '';
  const sure = confidence === null ? '' : ` (${confidence}%)`;
  return `${metric} ≤ ${Number(upper.toPrecision(4))}${sure}`;
}

/** JSON has no NaN: what was not known is null. */
interface StoredStock {
  readonly price: { readonly penalty: number | null };
  readonly outcomes: readonly { readonly replicas: number; readonly slowShare: number | null }[];
}

/** What fewer and more replicas were expected to serve badly, and what a bad request was worth. */
function stockCells({ decision }: RecordedDecision): readonly [expected: string, price: string] {
  const { stock } = JSON.parse(decision.trace) as { readonly stock?: StoredStock };
  if (stock === undefined) return ['', ''];
  const expected = stock.outcomes.map(({ replicas, slowShare }) =>
    slowShare === null ? `${replicas}: ?` : `${replicas}: ${digits(100 * slowShare, 2)}%`,
  );
  return [expected.join(', '), stock.price.penalty === null ? '?' : digits(stock.price.penalty, 3)];
}

/** Significant ones, and never an exponent that a share of requests would be hidden in. */
function digits(value: number, count: number): string {
  return value > 0 && value < 0.001 ? '<0.001' : String(Number(value.toPrecision(count)));
}

function violatedOf({ outcome }: RecordedDecision): string {
  const violated = outcome?.violated_seconds ?? undefined;
  const measured = outcome?.measured_seconds ?? undefined;
  return violated === undefined || measured === undefined ? '' : `${violated}s of ${measured}s`;
}

function parsed(json: string | null): object | undefined {
  return json === null ? undefined : (JSON.parse(json) as object);
}
