import { riskOf, weightIn, type Criticality } from './risk.ts';
import { suggestNetworkPolicy, type SuggestedNetworkPolicy } from './suggested-policy.ts';
import type { ThreatState } from './threat-state.ts';
import type { OpenThreat, ThreatKind } from './threat.ts';

/** Where evidence comes from. */
export type SourceName = 'Bindings' | 'Pods' | 'Audit' | 'Falco' | 'ApiServerMetrics' | 'Traffic';

/** 'Unknown': it is wanted, and there is nothing from it. 'Off': nobody wants it. */
export interface ThreatSource {
  readonly name: SourceName;
  readonly state: 'Active' | 'Learning' | 'Unknown' | 'Off';
  readonly message: string;
}

/** A finding as it concerns one namespace. */
export interface ThreatFinding {
  readonly kind: ThreatKind;
  readonly severity: OpenThreat['severity'];
  /** Chance that it is an attack or a grave mistake, times how far it concerns this namespace: 0…1. */
  readonly probability: number;
  /** How often a count like this comes by chance; absent where nothing was counted. */
  readonly p?: number;
  /** Ms since the epoch. */
  readonly since: number;
  readonly message: string;
  readonly evidence: readonly string[];
}

/** What is suspected in one namespace. */
export interface ThreatView {
  /** 0…1. */
  readonly risk: number;
  /** The operator's own actions rest. */
  readonly freeze: boolean;
  /** The gravest finding in one sentence; empty when there is none. */
  readonly reason: string;
  /** The gravest first; at most ten. */
  readonly findings: readonly ThreatFinding[];
  readonly sources: readonly ThreatSource[];
  /** Present while data seems to leave: for a person to look at, never applied. */
  readonly suggestedNetworkPolicy?: SuggestedNetworkPolicy;
}

const MAX_FINDINGS = 10;

/** How things stand in a namespace by the last survey. */
export function threatView(
  { open, frozen }: ThreatState,
  { name, criticality }: { readonly name: string; readonly criticality: Criticality },
  sources: readonly ThreatSource[],
): ThreatView {
  const findings = [...open.values()]
    .map((threat) => findingIn(threat, name))
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability || b.since - a.since);
  const leaks = findings.some(({ kind }) => kind === 'Exfiltration');
  return {
    risk: riskOf(open.values(), name, criticality),
    freeze: frozen.has(name),
    reason: findings[0]?.message ?? '',
    findings: findings.slice(0, MAX_FINDINGS),
    sources,
    ...(leaks ? { suggestedNetworkPolicy: suggestNetworkPolicy(name) } : {}),
  };
}

function findingIn(threat: OpenThreat, namespace: string): ThreatFinding {
  const { kind, severity, probability, p, since, message, evidence } = threat;
  return {
    kind,
    severity,
    probability: probability * weightIn(threat, namespace),
    ...(p === undefined ? {} : { p }),
    since,
    message,
    evidence,
  };
}
