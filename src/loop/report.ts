import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import type { Analysis } from './analyze/analyze.ts';
import type { ForecastTier } from './analyze/peak/tier.ts';
import type { ReplicaCapacity } from './plan/capacity/replica-capacity.ts';
import type { MetricResult } from './plan/metric-result.ts';
import type { NewsvendorDecision } from './plan/newsvendor/paced-newsvendor.ts';
import type { Proposal } from './plan/proposal.ts';
import type { DecisionMemory } from './execute/decision.ts';
import type { ClosedDecision } from './execute/effect.ts';
import type { Execution } from './execute/intent.ts';
import type { ThreatFreeze } from './guard/guard.ts';
import type { GuardTrace } from './guard/chain.ts';
import type { DecreaseHeld } from './guard/decrease-held.ts';
import type { TargetProblem, TargetView } from './monitor/observation.ts';
import type { Monitoring } from './monitor/monitor.ts';
import type { ReplicaChange } from './monitor/replica-watch.ts';
import type { ObjectiveReport } from './objective-report.ts';
import type { SelectionReport } from './selection-report.ts';

/** What one tick saw, thought and did: MAPE-K's five sections. Status, metrics and logs are read from it. */
export interface LoopReport {
  readonly at: number;
  readonly target: TargetView | TargetProblem;
  /** Absent when the target could not be read: nothing was measured then. */
  readonly monitoring?: Monitoring;
  readonly observingForSeconds: number;
  readonly foreignChange: ReplicaChange | undefined;
  readonly analysis?: Analysis;
  /** How much the forecasters remember; the same for all of a policy. */
  readonly forecastTier?: ForecastTier;
  /** Undefined without an objective. */
  readonly objective?: ObjectiveReport | undefined;
  /** The vector of feature schema 1: what is known of the workload at this moment. */
  readonly features?: Float32Array;
  /** What is unusual about the workload; absent when the policy does not want it looked for. */
  readonly anomalies?: AnomalyReport | undefined;
  /** What is suspected in the namespace; absent where nobody looks. */
  readonly threat?: ThreatFreeze | undefined;
  readonly planning?: Planning;
  /** Undefined where the spec says how to scale. */
  readonly selection?: SelectionReport | undefined;
  readonly execution: { readonly phase: Execution['phase']; readonly decisionId: string | undefined };
  readonly knowledge: {
    readonly closed: readonly ClosedDecision[];
    /** What came of situations like the present one; absent while nothing like it is remembered. */
    readonly memory?: DecisionMemory;
  };
}

export interface Planning {
  readonly proposals: readonly Proposal[];
  /** Every source's own answer: the metrics in the order of the spec, the requests of the objective last. */
  readonly results: readonly MetricResult[];
  /** What one replica completes; present when the objective is about requests. */
  readonly capacity: ReplicaCapacity | undefined;
  /** Cost and expected bad requests in balance; present where a forecast of the objective's requests decides. */
  readonly newsvendor: NewsvendorDecision | undefined;
  /** What the metrics as just measured ask for, before any guard. */
  readonly reactive: number | undefined;
  /** What the plan asks for, before any guard; undefined while nothing is known. */
  readonly proposed: number | undefined;
  readonly recommended: number;
  readonly guards: readonly GuardTrace[];
  /** The first guard that objects to writing, if any. */
  readonly objection: GuardTrace | undefined;
  /** Why no decrease would be let through now, whether or not one is wanted; undefined when nothing is in the way. */
  readonly decreaseHeld: DecreaseHeld | undefined;
}
