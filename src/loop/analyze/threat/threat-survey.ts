import type { AuditTally } from './audit-tally.ts';
import { openBursts } from './burst-findings.ts';
import { surveyBursts } from './burst-watch.ts';
import { grantItems, type Rbac } from './grants.ts';
import { bury, type PastThreat } from './past-threat.ts';
import { podItems, type PodFact } from './pod-powers.ts';
import { isFrozen, riskOf, type Criticality } from './risk.ts';
import { surveyAlerts, type RuntimeAlert } from './runtime-alerts.ts';
import { surveyItems, type StructuralItem, type StructuralState } from './structural-watch.ts';
import type { ThreatState } from './threat-state.ts';
import type { OpenThreat } from './threat.ts';
import { surveyTraffic, type TrafficSample } from './traffic-watch.ts';

/** What was counted, and in how many seconds. */
export interface Counted {
  readonly tally: AuditTally;
  readonly seconds: number;
}

/** What one interval brought. A source that is undefined is not known now: nothing is concluded, nothing learnt. */
export interface ThreatInputs {
  readonly now: number;
  readonly audit: Counted | undefined;
  readonly server: Counted | undefined;
  /** Complete lists only. */
  readonly rbac: Rbac | undefined;
  readonly pods: Iterable<PodFact> | undefined;
  readonly traffic: readonly TrafficSample[];
  readonly alerts: readonly RuntimeAlert[];
  /** Namespaces for which it is decided whether they are frozen. */
  readonly namespaces: ReadonlyMap<string, Criticality>;
}

export interface ThreatLimits {
  /** A finding by counts is over when its evidence was over for so long. */
  readonly quietMs: number;
  /** One by a binding or a pod is over after so long at the latest. */
  readonly expireMs: number;
  readonly lookbackMs: number;
}

/** What changed. */
export interface ThreatSurvey {
  readonly opened: readonly OpenThreat[];
  readonly closed: readonly PastThreat[];
  /** Namespaces whose freeze began or ended. */
  readonly frozen: readonly string[];
  readonly thawed: readonly string[];
}

/** One round of looking at everything. Changes `state`. */
export function surveyThreats(state: ThreatState, inputs: ThreatInputs, limits: ThreatLimits): ThreatSurvey {
  const found = findAll(state, inputs, limits);
  const before = state.open;
  state.open = new Map(found.map((threat) => [threat.id, threat]));
  const opened = found.filter(({ id }) => !before.has(id));
  const closed = [...before.values()]
    .filter(({ id }) => !state.open.has(id))
    .map((threat) => bury(state.history, threat, inputs.now));
  return { opened, closed, ...freeze(state, inputs.namespaces) };
}

function findAll(state: ThreatState, inputs: ThreatInputs, limits: ThreatLimits): OpenThreat[] {
  const { now, traffic, alerts, rbac, pods } = inputs;
  const { quietMs } = limits;
  for (const [bursts, counted] of [
    [state.audit, inputs.audit],
    [state.server, inputs.server],
  ] as const) {
    if (counted !== undefined)
      surveyBursts(bursts, counted.tally, { now, seconds: counted.seconds, quietMs });
  }
  const structural = (part: StructuralState, items: Iterable<StructuralItem> | undefined): OpenThreat[] =>
    items === undefined ? [] : surveyItems(part, items, { now, ...limits });
  return [
    ...openBursts(state.audit, 'Audit'),
    ...openBursts(state.server, 'Server'),
    ...kept(state, 'grants', structural(state.grants, rbac && grantItems(rbac)), rbac === undefined),
    ...kept(state, 'pods', structural(state.pods, pods && podItems(pods)), pods === undefined),
    ...surveyTraffic(state.traffic, traffic, { now, quietMs }),
    ...surveyAlerts(state.alerts, alerts, { now, quietMs }),
  ];
}

/** What is open stays so while nobody can say whether it still is. */
function kept(
  state: ThreatState,
  part: 'grants' | 'pods',
  found: OpenThreat[],
  isUnknown: boolean,
): Iterable<OpenThreat> {
  if (!isUnknown) return found;
  return [...state.open.values()].filter(({ id }) => state[part].open.has(id));
}

function freeze(
  state: ThreatState,
  namespaces: ReadonlyMap<string, Criticality>,
): Pick<ThreatSurvey, 'frozen' | 'thawed'> {
  const before = state.frozen;
  state.frozen = new Map();
  for (const [namespace, criticality] of namespaces) {
    const risk = riskOf(state.open.values(), namespace, criticality);
    if (isFrozen(risk, before.has(namespace))) state.frozen.set(namespace, true);
  }
  return {
    frozen: [...state.frozen.keys()].filter((namespace) => !before.has(namespace)),
    thawed: [...before.keys()].filter((namespace) => !state.frozen.has(namespace)),
  };
}
