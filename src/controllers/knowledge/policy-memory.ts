import type { Decision } from '../../loop/execute/decision.ts';
import type { ObjectiveTerms } from '../../loop/monitor/objective.ts';
import type { AttributedOutcome } from '../../loop/knowledge/reward/decision-attribution.ts';
import type { EndedAnomaly } from '../../loop/knowledge/ended-anomaly.ts';
import type { Recall } from '../../loop/knowledge/recall/recall.ts';
import type { RecallQuery } from '../../loop/knowledge/recall/nearest.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import type { PassageQuestion } from '../../loop/knowledge/text/anomaly-passage.ts';
import type { PolicyView } from '../../loop/policy-view.ts';

/** A passage of a runbook as people are shown it, within the API's bounds. */
export interface RunbookPassage {
  readonly source: string;
  readonly title: string;
  readonly text: string;
}

/** Undefined when no passage that this namespace may see is about the anomaly. */
export type FindRunbook = (
  namespace: string,
  anomaly: PassageQuestion['anomaly'],
) => RunbookPassage | undefined;

/** What a policy's session wants of the operator's memory. Nothing of it is waited for, and nothing of it can fail. */
export interface PolicyMemory {
  readonly rememberSituation: (situation: Situation) => void;
  readonly rememberAnomaly: (anomaly: EndedAnomaly) => void;
  /** A decision has reached its target, or was found on it; `terms` is what its policy promises. */
  readonly rememberApplied: (decision: Decision, terms: ObjectiveTerms | undefined) => void;
  readonly rememberAttribution: (attributed: AttributedOutcome) => void;
  /** The features of a tick; a minute's first ones are kept. */
  readonly rememberFeatures: (policy: PolicyView, at: number, features: Float32Array) => void;
  /** The policy is not served here any more. */
  readonly release: (policyUid: string) => void;
  /** Undefined while nothing can be told: none is a valid answer. */
  readonly recall: (query: RecallQuery) => Recall | undefined;
  readonly runbookFor: FindRunbook;
}
