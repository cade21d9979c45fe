import { applied, intentStored, refused, resumed, type Transition } from './execute/intent.ts';
import { learnHistory } from './analyze/anomaly/learn-history.ts';
import { backfillPeak } from './analyze/peak/forecaster.ts';
import { createPeakForecaster } from './analyze/peak/forecaster-state.ts';
import type { Environment, LoopEvent } from './event.ts';
import type { Decision } from './execute/decision.ts';
import { openAttribution } from './knowledge/reward/decision-attribution.ts';
import { recordScaleEvent } from './guard/history.ts';
import { learnPast } from './guard/safety.ts';
import { acceptReplicas, expectNothing, expectReplicas } from './monitor/replica-watch.ts';
import { startupSummary } from './monitor/startup.ts';
import type { LoopEffect } from './loop-effect.ts';
import type { LoopReport } from './report.ts';
import type { PolicyState } from './state.ts';
import { tick } from './tick.ts';

export interface StepResult {
  readonly state: PolicyState;
  readonly effects: readonly LoopEffect[];
  /** Present for a Tick: what the loop saw, thought and did. */
  readonly report?: LoopReport;
}

/**
 * The one function that decides, live, in shadow and in backtest: (state, event, environment) →
 * (state, effects, report). Synchronous; no I/O, no clock, no randomness. The state's arrays are mutated in
 * place, so the state given in must not be used again.
 */
export function step(state: PolicyState, event: LoopEvent, environment: Environment): StepResult {
  switch (event.type) {
    case 'Tick':
      return tick(state, event.observation, environment);
    case 'Backfill':
      return backfill(state, event, environment);
    case 'SignalHistory':
      learnHistory(state.anomaly, event);
      return { state, effects: [] };
    case 'IntentStored':
      return onIntentStored(state, event.decisionId);
    case 'Applied':
      return onApplied(state, event, environment);
    case 'Refused':
      return onRefused(state, event);
    case 'Resumed':
      return onResumed(state, event, environment);
  }
}

function settle(state: PolicyState, { execution, effects }: Transition): StepResult {
  return { state: { ...state, execution }, effects };
}

/**
 * History replaces what a series knows: it ends now, so it contains the little that was seen live before it came.
 * History without a single value knows less than that.
 */
function backfill(
  state: PolicyState,
  event: Extract<LoopEvent, { type: 'Backfill' }>,
  { now, policy }: Environment,
): StepResult {
  const known = state.demands.find(({ key }) => key === event.demandKey);
  if (known === undefined) return { state, effects: [] };
  const forecaster = event.after ?? createPeakForecaster(known.forecaster.tier);
  const before = forecaster.known;
  const { medianSeconds } = startupSummary(state.startup, policy.spec.forecast.startupSeconds);
  const reaction = { now, startupSeconds: medianSeconds, lagSeconds: event.averagedSeconds / 2 };
  for (const { startMs, stepMs, values } of event.past) {
    // A sample describes the time before it.
    backfillPeak(forecaster, { startMs: startMs - stepMs, stepMs, values }, reaction);
  }
  if (forecaster.known === before) return { state, effects: [] };
  const keys = state.demands.map(({ key }) => key);
  learnPast(state.safety, { key: event.demandKey, stretches: event.past }, keys);
  const demands = state.demands.map((demand) =>
    demand.key === event.demandKey ? { ...demand, forecaster } : demand,
  );
  return { state: { ...state, demands }, effects: [] };
}

function onIntentStored(state: PolicyState, decisionId: string): StepResult {
  const transition = intentStored(state.execution, decisionId);
  // From here the patch may reach the target at any moment: its value is ours and nobody else's.
  if (transition.execution !== state.execution && transition.execution.phase === 'Applying')
    expectReplicas(state.replicas, decisionId, transition.execution.decision.to);
  return settle(state, transition);
}

function onRefused(state: PolicyState, event: Extract<LoopEvent, { type: 'Refused' }>): StepResult {
  expectNothing(state.replicas, event.decisionId);
  const transition = refused(state.execution, event.decisionId, event);
  const counts = transition.execution !== state.execution;
  const refusals = { count: (state.refusals?.count ?? 0) + 1, lastAt: event.at };
  return settle(counts ? { ...state, refusals } : state, transition);
}

function onApplied(
  state: PolicyState,
  event: Extract<LoopEvent, { type: 'Applied' }>,
  env: Environment,
): StepResult {
  const transition = applied(state.execution, event.decisionId, event.at, env.outcomeWindowSeconds * 1000);
  if (transition.execution === state.execution || transition.execution.phase !== 'Observing') {
    return settle(state, transition);
  }
  const { decision } = transition.execution.window;
  acceptReplicas(state.replicas, decision.id, event.at);
  recordScaleEvent(state.history, event.at, decision.from, decision.to);
  const hourAgo = event.at - 3_600_000;
  return {
    state: {
      ...state,
      execution: transition.execution,
      lastActionAt: event.at,
      refusals: undefined,
      actionTimes: [...state.actionTimes.filter((at) => at > hourAgo), event.at],
    },
    effects: [...transition.effects, ...beginAttribution(state, decision, event.at, env)],
  };
}

function onResumed(
  state: PolicyState,
  { decision, appliedAt }: Extract<LoopEvent, { type: 'Resumed' }>,
  env: Environment,
): StepResult {
  const transition = resumed(state.execution, decision, appliedAt, env.outcomeWindowSeconds * 1000);
  const { state: next, effects } = settle(state, transition);
  if (transition.execution === state.execution) return { state: next, effects };
  return { state: next, effects: [...effects, ...beginAttribution(state, decision, appliedAt, env)] };
}

/** From here on what comes is put down to this decision, where anything is remembered; those that it crowds out are over. */
function beginAttribution(
  { situations, startup }: PolicyState,
  { id: decisionId, action, from, to }: Decision,
  appliedAt: number,
  { policy, situationWindowSeconds }: Environment,
): readonly LoopEffect[] {
  if (situationWindowSeconds === undefined) return [];
  const { slowSeconds } = startupSummary(startup, policy.spec.forecast.startupSeconds);
  const applied = { decisionId, action, from, to, appliedAt, slowStartupSeconds: slowSeconds };
  return openAttribution(situations.attribution, applied).map((attributed) => ({
    type: 'RecordAttribution',
    attributed,
  }));
}
