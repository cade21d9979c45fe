import { analyze } from './analyze/analyze.ts';
import type { Anomaly } from './analyze/anomaly/anomaly.ts';
import { anomalyNews } from './anomaly-news.ts';
import { tickAnomalies } from './tick-anomalies.ts';
import type { PeakForecaster } from './analyze/peak/forecaster-state.ts';
import type { Environment } from './event.ts';
import type { Effect } from './execute/effect.ts';
import { close, inFlight, type Execution, type Transition } from './execute/intent.ts';
import { decreaseUnderWatch, observeWindow, type RequestCounts } from './execute/outcome-window.ts';
import { act } from './act.ts';
import type { LoopEffect } from './loop-effect.ts';
import { tickSituations } from './tick-situations.ts';
import { selectedArm } from './tick-selection.ts';
import { runChain } from './guard/chain.ts';
import type { GuardContext } from './guard/guard.ts';
import { announceHeld, decreaseHeld, type DecreaseHeld } from './guard/decrease-held.ts';
import { GUARDS } from './guard/guards.ts';
import { recordInitialRecommendation, recordRecommendation } from './guard/history.ts';
import { observeSafety, type SafetyFacts } from './guard/safety.ts';
import { tickFeatures } from './monitor/features/features.ts';
import { monitor, type Monitoring } from './monitor/monitor.ts';
import { objectiveTerms } from './monitor/objective.ts';
import type { Observation, TargetView } from './monitor/observation.ts';
import { plausibleReadings } from './monitor/plausible-readings.ts';
import { observeReplicas, ownWriteUnseen } from './monitor/replica-watch.ts';
import type { Arm } from './plan/arms/arm.ts';
import { armInputs, type ArmFacts, type ArmInputs } from './plan/arms/arm-inputs.ts';
import { plan, type Plan } from './plan/plan.ts';
import { followArm } from './plan/selection/follow-arm.ts';
import type { LoopReport } from './report.ts';
import { blindReport, tickReport, type TickFacts } from './tick-report.ts';
import {
  adoptRevision,
  adoptSpec,
  adoptTarget,
  createRequestMemory,
  turnBack,
  type PolicyState,
  type RequestMemory,
} from './state.ts';

export interface TickResult {
  readonly state: PolicyState;
  readonly effects: readonly LoopEffect[];
  readonly report: LoopReport;
}

/** One turn of the loop for one policy: monitor → analyze → plan → guard → execute. */
export function tick(given: PolicyState, raw: Observation, env: Environment): TickResult {
  const observation = plausibleReadings(raw);
  const { target } = observation;
  const sane = turnBack(given, env.now);
  if ('problem' in target) return blind(sane, observation, env);
  const ours = adoptTarget(adoptSpec(sane, env.policy), env.policy, target.uid, env.now);
  const state = adoptRevision(ours, target);
  const { spec } = env.policy;

  const foreign = observeReplicas(state.replicas, {
    now: env.now,
    replicas: target.specReplicas,
    decisionId: target.decisionAnnotation,
    manager: target.ownership.replicasManager,
  });
  const memory = state.requests ?? createRequestMemory();
  const monitoring = monitor(spec, observation, target, { ...state, ...memory });
  const { analysis, features, anomalies } = analyzed({ state, target, observation, monitoring, env });
  const { planned, arms } = planWith(selectedArm(state.selection, spec), {
    spec,
    observation,
    target,
    monitoring,
    analysis,
    memory,
    now: env.now,
  });
  recordInitialRecommendation(state.history, env.now, target.specReplicas);
  recordRecommendation(state.history, env.now, planned.proposed ?? target.specReplicas);

  const observed = observeOutcome(state.execution, {
    env,
    target,
    violated: monitoring.objectiveViolated,
    counts: monitoring.requests?.counters,
    foreign,
  });
  const seen: TickFacts = {
    state,
    env,
    target,
    observation,
    monitoring,
    analysis,
    features,
    anomalies,
    planned,
  };
  const safety = safetyFacts({ ...seen, execution: observed.execution });
  const context = guardContext({ ...seen, safety, anomalies: anomalies?.open ?? [] });
  const chain = runChain(GUARDS, planned.proposed ?? target.specReplicas, context);
  const held = decreaseHeld(context);
  const acted = act({ state, execution: observed.execution, env, target, planned, chain });
  const { mayLower: covered } = context;
  const effects = [
    ...observed.effects,
    ...acted.effects,
    ...tickSituations({ ...seen, arms, safety, covered, overridden: foreign, rolledBack: acted.rolledBack }),
    ...announcements(state, held, env),
    ...(env.acting && anomalies !== undefined ? anomalyNews(anomalies) : []),
  ];
  return {
    state: acted.state,
    effects,
    report: tickReport(seen, { chain, held, effects, after: acted.state }),
  };
}

interface PlanWithInputs extends Omit<ArmFacts, 'planned'> {
  readonly observation: Observation;
  readonly memory: RequestMemory;
  readonly now: number;
}

/** What is to be done by the selected way to scale, or by the spec's own; and what every way to scale decides by. */
function planWith(
  arm: Arm | undefined,
  { observation, memory, now, ...facts }: PlanWithInputs,
): { readonly planned: Plan; readonly arms: ArmInputs | undefined } {
  const { spec, target, monitoring, analysis } = facts;
  const { requests } = monitoring;
  const profile = arm?.kind === 'Newsvendor' ? arm.profile.name : undefined;
  const planned = plan({ spec, observation, target, requests, analysis, ...memory, profile, now });
  const arms = armInputs({ ...facts, planned });
  if (arm === undefined) return { planned, arms };
  return { planned: followArm(planned, { arm, inputs: arms, current: target.specReplicas }), arms };
}

interface AnalyzedInputs {
  readonly state: PolicyState;
  readonly target: TargetView;
  readonly observation: Observation;
  readonly monitoring: Monitoring;
  readonly env: Environment;
}

/** What the measurement means: forecasts, the features of this moment, and what is unusual about it. */
function analyzed({ state, target, observation, monitoring, env }: AnalyzedInputs) {
  const analysis = analyze(env.policy.spec, monitoring, forecastersOf(state), env);
  const inputs = {
    now: env.now,
    policy: env.policy,
    target,
    monitoring,
    indicators: observation.indicators,
    signals: observation.signals,
    forecasts: analysis.forecasts,
  };
  const features = tickFeatures(state.features, inputs);
  return { analysis, features, anomalies: tickAnomalies(state.anomaly, { ...inputs, features }, env) };
}

function forecastersOf({ demands }: PolicyState): readonly PeakForecaster[] {
  return demands.map(({ forecaster }) => forecaster);
}

/** Without a target nothing is measured and nothing decided; an open outcome window waits for its end. */
function blind(given: PolicyState, { target }: Observation, env: Environment): TickResult {
  const { execution, effects } = closeInTime(given.execution, env);
  const state = { ...given, execution };
  return { state, effects, report: blindReport({ state, env, target, effects }) };
}

interface PlannedInputs {
  readonly state: PolicyState;
  readonly target: TargetView;
  readonly monitoring: Monitoring;
  readonly planned: Plan;
  readonly env: Environment;
}

interface SafetyInputs extends PlannedInputs {
  readonly execution: Execution;
}

/** What the guards remember of this policy takes in what was measured. */
export function safetyFacts({
  state,
  target,
  monitoring,
  planned,
  env,
  execution,
}: SafetyInputs): SafetyFacts {
  return observeSafety(state.safety, {
    now: env.now,
    policy: env.policy,
    target,
    good: provesDemand(monitoring, planned),
    demands: monitoring.metrics.map(({ name, type, total }, index) => ({
      key: state.demands[index]?.key ?? name,
      name,
      // Queries, whatever they count, come by the same way; what a pod uses is measured by its node.
      source: type === 'Resource' ? 'nodes' : 'queries',
      total,
    })),
    violated: monitoring.objectiveViolated,
    requests: monitoring.requests,
    watched: decreaseUnderWatch(execution, objectiveTerms(env.policy.spec.objective)),
    outcomeWindowSeconds: env.outcomeWindowSeconds,
  });
}

/** Every source of demand is fresh, covers the pods and can be computed with: the proof that a decrease needs. */
function provesDemand(monitoring: Monitoring, planned: Plan): boolean {
  return monitoring.mayLower && planned.results.every((result) => result.usable);
}

interface ContextInputs extends PlannedInputs {
  readonly safety: SafetyFacts;
  readonly anomalies: readonly Anomaly[];
}

export function guardContext({
  state,
  target,
  monitoring,
  planned,
  env,
  safety,
  anomalies,
}: ContextInputs): GuardContext {
  const { policy } = env;
  return {
    now: env.now,
    policy,
    target,
    current: target.specReplicas,
    reactive: planned.reactive,
    wanted: planned.proposed ?? target.specReplicas,
    mayLower: provesDemand(monitoring, planned),
    doubt: monitoring.doubt === '' ? planned.doubt : monitoring.doubt,
    history: state.history,
    scaleDownWindowSeconds:
      policy.spec.horizontal.behavior.scaleDown.stabilizationWindowSeconds ?? planned.scaleDownWindowSeconds,
    observedSince: state.observedSince,
    foreignChange: state.replicas.change,
    lastActionAt: state.lastActionAt,
    refusals: state.refusals,
    actionsInLastHour: state.actionTimes.filter((at) => at > env.now - 3_600_000).length,
    actionInFlight: inFlight(state.execution) || ownWriteUnseen(state.replicas, env.now),
    acting: env.acting,
    safety,
    fleet: env.fleet,
    anomalies,
    threat: env.threat,
  };
}

/** What people should hear of at once; a standby leaves it to the leader to say so. */
function announcements(
  state: PolicyState,
  held: DecreaseHeld | undefined,
  env: Environment,
): readonly Effect[] {
  const news = env.acting ? announceHeld(state.safety, held) : undefined;
  return news === undefined
    ? []
    : [{ type: 'Announce', level: 'Warning', reason: news.reason, note: news.message }];
}

interface OutcomeInputs {
  readonly env: Environment;
  readonly target: TargetView;
  readonly violated: boolean | undefined;
  readonly counts: RequestCounts | undefined;
  readonly foreign: boolean;
}

function observeOutcome(
  execution: Execution,
  { env, target, violated, counts, foreign }: OutcomeInputs,
): Transition {
  if (execution.phase !== 'Observing') return { execution, effects: [] };
  const { window } = execution;
  const terms = objectiveTerms(env.policy.spec.objective);
  if (window.decision.target.uid !== target.uid) return close(execution, env.now, terms, 'TargetReplaced');
  observeWindow(window, { now: env.now, violated, replicas: target.readyReplicas, counts });
  return foreign ? close(execution, env.now, terms, 'UndoneByPerson') : closeInTime(execution, env);
}

/** The verdict, once the window has run to its end. */
function closeInTime(execution: Execution, { now, policy }: Environment): Transition {
  if (execution.phase !== 'Observing' || now < execution.window.until) return { execution, effects: [] };
  return close(execution, now, objectiveTerms(policy.spec.objective));
}
