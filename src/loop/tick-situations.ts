import { embed } from './analyze/situation/embed.ts';
import { situationInputs, type SituationInputs } from './analyze/situation/situation-inputs.ts';
import { summarize } from './analyze/situation/summarize.ts';
import type { EndedAnomaly } from './knowledge/ended-anomaly.ts';
import type { RecallQuery } from './knowledge/recall/nearest.ts';
import { EMBEDDING_VERSION, type WindowChoice } from './knowledge/situation.ts';
import {
  observeSituation,
  type Appearance,
  type Opening,
  type SituationMoment,
} from './knowledge/situations/observe-situation.ts';
import { observeNodes } from './knowledge/reward/node-loss.ts';
import type { OutcomeMoment } from './knowledge/reward/outcome-slice.ts';
import { observeRestarts } from './monitor/features/restarts.ts';
import type { LoopEffect } from './loop-effect.ts';
import { objectiveTerms } from './monitor/objective.ts';
import { classOf, type SelectionMemory } from './plan/selection/selection-memory.ts';
import { armOfSpec, selectForWindow } from './tick-selection.ts';
import type { SituationFacts } from './situation-facts.ts';

/** Enters the tick into the windows that are open: what is over is to be remembered, where anything is. */
export function tickSituations(facts: SituationFacts): readonly LoopEffect[] {
  const { situationWindowSeconds } = facts.env;
  if (situationWindowSeconds === undefined) return [];
  const windowMs = 1000 * situationWindowSeconds;
  const { situation, attributed } = observeSituation(
    facts.state.situations,
    situationMoment(facts, windowMs),
  );
  const query = askMemory(facts, windowMs);
  return [
    ...(situation === undefined ? [] : [{ type: 'RecordSituation' as const, situation }]),
    ...attributed.map((one) => ({ type: 'RecordAttribution', attributed: one }) as const),
    ...endedAnomalies(facts).map((anomaly) => ({ type: 'RecordAnomaly', anomaly }) as const),
    ...(query === undefined ? [] : [{ type: 'AskMemory' as const, query }]),
  ];
}

function situationMoment(facts: SituationFacts, windowMs: number): SituationMoment {
  const { env, target, monitoring } = facts;
  const { spec, uid, namespace, name } = env.policy;
  const workloadClass = classOf(spec);
  return {
    policy: { namespace, name, uid },
    workload: { kind: target.kind, name: target.name, uid: target.uid },
    workloadClass,
    terms: objectiveTerms(spec.objective),
    moment: momentOf(facts),
    startupSeconds: monitoring.startup.medianSeconds,
    windowMs,
    inputs: facts.arms,
    appearance: (opening) => appearanceOf(facts, opening),
  };
}

/** Questions in a window: after five of thirty minutes, a twelfth of the demand that describes a situation is another. */
const QUESTIONS = 6;

/** While a window is open, now and then: what came of situations like this one? */
function askMemory(facts: SituationFacts, windowMs: number): RecallQuery | undefined {
  const { state, env, target } = facts;
  const { uid, namespace, spec } = env.policy;
  const { now } = env;
  const sinceMs = now - state.situations.askedAt;
  if (!env.acting || (sinceMs >= 0 && sinceMs < windowMs / QUESTIONS)) return undefined;
  state.situations.askedAt = now;
  return {
    id: `${uid}/${now}`,
    embedding: embed(inputsOf(facts)),
    embeddingVersion: EMBEDDING_VERSION,
    policy: { namespace, uid },
    kind: target.kind,
    workloadClass: classOf(spec),
    sharing: spec.knowledge.sharing,
    knownBy: now,
  };
}

/** What people were told of, now that it is over. */
function endedAnomalies({ env, target, anomalies }: SituationFacts): readonly EndedAnomaly[] {
  const { uid, namespace, name } = env.policy;
  return (anomalies?.closed ?? [])
    .filter(({ anomaly }) => anomaly.told && !anomaly.fleetWide)
    .map(({ anomaly, ending }) => ({
      id: `${uid}/${anomaly.kind}/${anomaly.signal}/${anomaly.openedAt}`,
      policy: { namespace, name, uid },
      workload: { kind: target.kind, name: target.name, uid: target.uid },
      kind: anomaly.kind,
      signal: anomaly.signal,
      severity: anomaly.severity,
      openedAt: anomaly.openedAt,
      closedAt: env.now,
      surprise: anomaly.surprise,
      message: anomaly.message,
      ending,
      held: anomaly.holds,
    }));
}

function momentOf(facts: SituationFacts): OutcomeMoment {
  const { state, env, target, observation, monitoring } = facts;
  const { now, policy } = env;
  const throttled = observation.signals?.cpuThrottledShare;
  const restarts = observeRestarts(state.situations.restarts, target.pods, now);
  return {
    now,
    targetUid: target.uid,
    policyGeneration: policy.generation,
    replicas: target.specReplicas,
    violated: monitoring.objectiveViolated,
    counts: monitoring.requests?.counters,
    restarts: Number.isNaN(restarts) ? undefined : restarts,
    throttledShare: throttled?.quality === 'Fresh' ? throttled.value : undefined,
    replicaHourPrice: objectiveTerms(policy.spec.objective)?.replicaHourPrice,
    covered: facts.covered,
    rolloutInProgress: target.rolloutInProgress,
    revisionAt: target.revisionChangedAt,
    overridden: facts.overridden,
    nodeLost: observeNodes(state.situations.nodes, target.pods),
    rolledBack: facts.rolledBack,
  };
}

/** What the workload looks like now: as a point, and in words; and how it is scaled in the window that begins. */
function appearanceOf(facts: SituationFacts, opening: Opening): Appearance {
  const inputs = inputsOf(facts);
  const appearance = { embedding: embed(inputs), summary: summarize(inputs) };
  const { spec } = facts.env.policy;
  const { selection } = facts.state;
  if (selection === undefined) return { ...appearance, arm: armOfSpec(spec) };
  selectForWindow(selection, facts, { ...opening, embedding: appearance.embedding });
  const arm = selection.inForce?.arm ?? armOfSpec(spec);
  return { ...appearance, arm, choice: choiceOf(selection, opening.id) };
}

/** Of this window; what stays in force because nothing could be chosen was no choice. */
function choiceOf({ inForce }: SelectionMemory, id: string): WindowChoice | undefined {
  if (inForce?.id !== id) return undefined;
  const { kind: _kind, id: _id, at: _at, ...choice } = inForce;
  return choice;
}

function inputsOf(facts: SituationFacts): SituationInputs {
  const { state, env, target, features, analysis, anomalies, monitoring } = facts;
  return situationInputs({
    now: env.now,
    features,
    state: state.features,
    forecasts: analysis.forecasts,
    forecasters: state.demands.map(({ forecaster }) => forecaster),
    anomalies: anomalies?.open ?? [],
    replicas: target.specReplicas,
    startupSeconds: monitoring.startup.medianSeconds,
  });
}
