import type { Effect } from './execute/effect.ts';
import type { EndedAnomaly } from './knowledge/ended-anomaly.ts';
import type { RecallQuery } from './knowledge/recall/nearest.ts';
import type { AttributedOutcome } from './knowledge/reward/decision-attribution.ts';
import type { Situation } from './knowledge/situation.ts';

/** What is to be remembered, and what is asked of memory. Nothing waits for it. */
export type MemoryEffect =
  | { readonly type: 'RecordSituation'; readonly situation: Situation }
  | { readonly type: 'RecordAttribution'; readonly attributed: AttributedOutcome }
  | { readonly type: 'RecordAnomaly'; readonly anomaly: EndedAnomaly }
  /** What came of situations like this one? The answer is a part of later environments, if there is one. */
  | { readonly type: 'AskMemory'; readonly query: RecallQuery };

/** Everything that leaves the loop. */
export type LoopEffect = Effect | MemoryEffect;
