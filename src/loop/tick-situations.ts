import type { PolicySpec } from '../api/policy-spec.ts';
import { PEAK_LEVELS, type Analysis } from './analyze/analyze.ts';
import type { Anomaly } from './analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import { embed } from './analyze/situation/embed.ts';
import { situationInputs } from './analyze/situation/situation-inputs.ts';
import { summarize } from './analyze/situation/summarize.ts';
import type { Environment } from './event.ts';
import type { EndedAnomaly } from './knowledge/ended-anomaly.ts';
import type { Situation } from './knowledge/situation.ts';
import { observeSituation, type Appearance } from './knowledge/situations/observe-situation.ts';
import { observeNodes } from './knowledge/reward/node-loss.ts';
import type { OutcomeMoment } from './knowledge/reward/outcome-slice.ts';
import { observeRestarts } from './monitor/features/restarts.ts';
import type { Monitoring } from './monitor/monitor.ts';
import { objectiveTerms } from './monitor/objective.ts';
import type { Observation, TargetView } from './monitor/observation.ts';
import { armInputs } from './plan/arms/arm-inputs.ts';
import type { WorkloadClass } from './plan/arms/arm.ts';
import type { Plan } from './plan/plan.ts';
import type { PolicyState } from './state.ts';

/** What a tick has found out by the time that it has decided. */
export interface SituationFacts {
  readonly state: PolicyState;
  readonly env: Environment;
  readonly target: TargetView;
  readonly observation: Observation;
  readonly monitoring: Monitoring;
  readonly analysis: Analysis;
  readonly features: Float32Array;
  readonly anomalies: readonly Anomaly[];
  readonly planned: Plan;
  /** All sources of demand are fresh and cover the pods. */
  readonly covered: boolean;
  /** Somebody else has just changed the replicas. */
  readonly overridden: boolean;
  /** A decrease is undone by this tick. */
  readonly rolledBack: boolean;
}

/** Enters the tick into the window of the workload that is open; the window that it ends, if it ends one. */
export function tickSituations(facts: SituationFacts): Situation | undefined {
  const { state, env, target, monitoring } = facts;
  const { spec, uid, namespace, name } = env.policy;
  const workloadClass = classOf(spec);
  return observeSituation(state.situations, {
    policy: { namespace, name, uid },
    workload: { kind: target.kind, name: target.name, uid: target.uid },
    workloadClass,
    arm: armInForce(spec),
    moment: momentOf(facts),
    startupSeconds: monitoring.startup.medianSeconds,
    inputs: armInputs({ ...facts, spec }),
    appearance: () => appearanceOf(facts),
  });
}

function classOf({ objective }: PolicySpec): WorkloadClass {
  return objective?.requests === undefined ? 'Metrics' : 'Requests';
}

/** What people were told of, now that it is over. */
export function endedAnomalies({ env, target, closed }: EndedFacts): readonly EndedAnomaly[] {
  const { uid, namespace, name } = env.policy;
  return closed
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

interface EndedFacts {
  readonly env: Environment;
  readonly target: TargetView;
  readonly closed: AnomalyReport['closed'];
}

/** The arm that comes nearest to what the policy asks for. */
function armInForce({ objective, horizontal, forecast: { mode, confidencePercent } }: PolicySpec): string {
  if (objective?.requests !== undefined) return horizontal.profile;
  if (mode === 'Disabled') return 'Utilization100';
  const distance = (level: number): number => Math.abs(100 * level - confidencePercent);
  const level = PEAK_LEVELS.reduce((best, next) => (distance(next) < distance(best) ? next : best));
  return `Quantile${Math.round(100 * level)}`;
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
    overridden: facts.overridden,
    nodeLost: observeNodes(state.situations.nodes, target.pods),
    rolledBack: facts.rolledBack,
  };
}

/** What the workload looks like now: as a point, and in words. */
export function appearanceOf(
  facts: Omit<SituationFacts, 'covered' | 'overridden' | 'rolledBack'>,
): Appearance {
  const { state, env, target, features, analysis, anomalies, monitoring } = facts;
  const inputs = situationInputs({
    now: env.now,
    features,
    state: state.features,
    forecasts: analysis.forecasts,
    forecasters: state.demands.map(({ forecaster }) => forecaster),
    anomalies,
    replicas: target.specReplicas,
    startupSeconds: monitoring.startup.medianSeconds,
  });
  return { embedding: embed(inputs), summary: summarize(inputs) };
}
