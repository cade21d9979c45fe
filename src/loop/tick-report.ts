import type { Analysis } from './analyze/analyze.ts';
import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import type { Environment } from './event.ts';
import type { ClosedDecision } from './execute/effect.ts';
import type { Execution } from './execute/intent.ts';
import type { ChainResult } from './guard/chain.ts';
import type { DecreaseHeld } from './guard/decrease-held.ts';
import type { LoopEffect } from './loop-effect.ts';
import type { Monitoring } from './monitor/monitor.ts';
import type { Observation, TargetProblem, TargetView } from './monitor/observation.ts';
import { objectiveReport } from './objective-report.ts';
import type { Plan } from './plan/plan.ts';
import { remembered } from './recollection.ts';
import { selectionReport } from './selection-report.ts';
import type { LoopReport, Planning } from './report.ts';
import type { PolicyState } from './state.ts';

/** What a tick has found out before it acts. */
export interface TickFacts {
  readonly state: PolicyState;
  readonly env: Environment;
  readonly target: TargetView;
  readonly observation: Observation;
  readonly monitoring: Monitoring;
  readonly analysis: Analysis;
  readonly features: Float32Array;
  readonly anomalies: AnomalyReport | undefined;
  readonly planned: Plan;
}

/** What came of it. */
interface TickEnd {
  readonly chain: ChainResult;
  readonly held: DecreaseHeld | undefined;
  readonly effects: readonly LoopEffect[];
  readonly after: PolicyState;
}

/** The five sections of the loop, for status, metrics and logs. */
export function tickReport(facts: TickFacts, { chain, held, effects, after }: TickEnd): LoopReport {
  const { state, env, target, monitoring, analysis, features, anomalies, planned } = facts;
  const [demand] = state.demands;
  const memory = remembered(env.recollection, env.now);
  return {
    at: env.now,
    target,
    monitoring,
    observingForSeconds: observingFor(state, env),
    foreignChange: state.replicas.change,
    analysis,
    ...(demand === undefined ? {} : { forecastTier: demand.forecaster.tier }),
    objective: objectiveReport(facts),
    features,
    anomalies,
    threat: env.threat,
    planning: planningReport(planned, chain, held),
    selection: selectionReport(state.selection, env.policy.spec),
    execution: executionReport(after.execution),
    knowledge: { closed: closedIn(effects), ...(memory === undefined ? {} : { memory }) },
  };
}

interface Blind {
  readonly state: PolicyState;
  readonly env: Environment;
  readonly target: TargetView | TargetProblem;
  readonly effects: readonly LoopEffect[];
}

/** Where there is no target to look at. */
export function blindReport({ state, env, target, effects }: Blind): LoopReport {
  return {
    at: env.now,
    target,
    observingForSeconds: observingFor(state, env),
    foreignChange: state.replicas.change,
    execution: executionReport(state.execution),
    knowledge: { closed: closedIn(effects) },
  };
}

function observingFor(state: PolicyState, env: Environment): number {
  const until = state.observedSince + env.policy.spec.observationSeconds * 1000;
  return Math.max(0, Math.ceil((until - env.now) / 1000));
}

function planningReport(planned: Plan, chain: ChainResult, held: DecreaseHeld | undefined): Planning {
  return {
    proposals: planned.proposals,
    results: planned.results,
    capacity: planned.capacity,
    newsvendor: planned.newsvendor,
    reactive: planned.reactive,
    proposed: planned.proposed,
    recommended: chain.recommended,
    guards: chain.trace,
    objection: chain.objection,
    decreaseHeld: held,
  };
}

function executionReport(execution: Execution): LoopReport['execution'] {
  if (execution.phase === 'Idle') return { phase: 'Idle', decisionId: undefined };
  const decision = execution.phase === 'Observing' ? execution.window.decision : execution.decision;
  return { phase: execution.phase, decisionId: decision.id };
}

function closedIn(effects: readonly LoopEffect[]): readonly ClosedDecision[] {
  return effects.flatMap((effect) =>
    effect.type === 'RecordClosed' || effect.type === 'RecordAborted' ? [effect.closed] : [],
  );
}
