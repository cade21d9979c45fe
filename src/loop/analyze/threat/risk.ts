import type { OpenThreat, ThreatKind } from './threat.ts';

/** How much there is to lose in a namespace (its label or annotation `autonomic.dev/criticality`). */
export type Criticality = 'low' | 'medium' | 'high';

const WEIGHT: Readonly<Record<Criticality, number>> = { low: 0.5, medium: 0.8, high: 1 };

/** The label's or annotation's text; what is not one of the three words is the usual. */
export function criticalityOf(text: string | undefined): Criticality {
  return text === 'low' || text === 'high' ? text : 'medium';
}

/** How far the finding concerns the namespace: 0…1. */
export function weightIn({ namespaces, elsewhere }: OpenThreat, namespace: string): number {
  return namespaces.get(namespace) ?? elsewhere;
}

/**
 * Noisy-or of the kinds, times what there is to lose. Findings of one kind have common causes (a chart that is installed
 * brings ten bindings), so the strongest speaks for its kind; the kinds are taken for independent.
 */
export function riskOf(threats: Iterable<OpenThreat>, namespace: string, criticality: Criticality): number {
  const strongest = new Map<ThreatKind, number>();
  for (const threat of threats) {
    const evidence = threat.probability * weightIn(threat, namespace);
    strongest.set(threat.kind, Math.max(evidence, strongest.get(threat.kind) ?? 0));
  }
  let spared = 1;
  for (const evidence of strongest.values()) spared *= 1 - evidence;
  return (1 - spared) * WEIGHT[criticality];
}

/** Freezes from here on, and until it is below the second. */
const FREEZE_AT = 0.5;
const THAW_BELOW = 0.4;

export function isFrozen(risk: number, before: boolean): boolean {
  return risk >= (before ? THAW_BELOW : FREEZE_AT);
}
