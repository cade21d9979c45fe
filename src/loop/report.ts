import type { ForecastSummary, Proposal } from './execute/decision.ts';
import type { ClosedDecision } from './execute/effect.ts';
import type { Execution } from './execute/intent.ts';
import type { GuardTrace } from './guard/chain.ts';
import type { ForeignChange } from './guard/guard.ts';
import type { TargetProblem, TargetView } from './monitor/observation.ts';
import type { Reading } from './monitor/reading.ts';

/** One metric as measured now, beside what it asks for. */
export interface MetricReport {
  readonly name: string;
  readonly type: 'Resource' | 'Prometheus';
  readonly total: Reading;
  readonly coverage: number;
  readonly capacityPerReplica: number | undefined;
}

/** A metric without a usable forecast, and why. */
export interface ForecastAbsence {
  readonly metric: string;
  readonly reason: string;
  readonly message: string;
}

/** What one tick saw, thought and did: MAPE-K's five sections. Status, metrics and logs are read from it. */
export interface LoopReport {
  readonly at: number;
  readonly monitoring: {
    readonly target: TargetView | TargetProblem;
    readonly metrics: readonly MetricReport[];
    readonly objectiveViolated: boolean | undefined;
    readonly startupSeconds: number;
    readonly observingForSeconds: number;
    readonly foreignChange: ForeignChange | undefined;
    readonly mayLower: boolean;
    readonly doubt: string;
  };
  readonly analysis: {
    readonly forecasts: readonly ForecastSummary[];
    readonly absent: readonly ForecastAbsence[];
  };
  readonly planning: {
    readonly proposals: readonly Proposal[];
    readonly reactive: number | undefined;
    readonly recommended: number | undefined;
    readonly guards: readonly GuardTrace[];
    readonly objection: GuardTrace | undefined;
  };
  readonly execution: { readonly phase: Execution['phase']; readonly decisionId: string | undefined };
  readonly knowledge: { readonly closed: readonly ClosedDecision[] };
}
